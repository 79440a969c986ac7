"""Stored files of an exact size: pictures, documents, archives and text."""
