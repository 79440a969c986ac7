"""The operations, called as functions, with a real store of a generated archive."""
