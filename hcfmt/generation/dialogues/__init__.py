"""Conversations in each language, as data, and how they are read."""
