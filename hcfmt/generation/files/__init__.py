"""Stored files of an exact size: pictures, documents, archives and text.

Importing it without Pillow raises UsageError, which names the extra to install.
"""

from hcfmt.extras import require_extra

require_extra("generate")
