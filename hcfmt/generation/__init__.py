"""Generates synthetic exports: people, rooms, messages and files that follow from one seed and pass every rule."""
