"""Published clients, run against the server; package.json names those of npm."""
