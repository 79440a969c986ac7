"""Exports that nobody wrote: people, rooms, traffic and files from one seed, sound to the last reference."""
