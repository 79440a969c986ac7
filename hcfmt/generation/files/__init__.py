"""Stored files: pictures, documents, archives and text, each of an exact size in bytes."""
