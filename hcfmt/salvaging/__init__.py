"""Saves what is whole of a damaged archive, as a sound one."""
