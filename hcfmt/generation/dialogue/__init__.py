"""Conversations: threads of lines that belong together, cast with people of a company."""
