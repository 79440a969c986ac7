"""Receipts: proof of what an archive held when it was checked, and comparison of an archive with its receipt."""
