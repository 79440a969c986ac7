"""ASGI middlewares, one per file; ``routes`` and ``app`` put them in order."""
