"""Clients that others wrote, run against a server of ours; package.json names those of npm."""
