"""Anonymises archives: a copy with the same structure, sizes, ids and findings, and other names, texts and files.

Whatever is not on a list of what stays is replaced: see ``properties`` for values of data files, ``paths`` for names
of members and ``stand_ins`` for stored files. A copy becomes the output only if its findings are those of the archive.
"""
