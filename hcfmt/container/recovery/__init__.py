"""Reads on in a damaged archive: what its layers still hold, and what of each member is lost.

``open_archive`` takes a ``Recovery``. The layers then do not raise at damage: they note it there, and go on behind it.
"""

from hcfmt.container.recovery.gzip import RecoveringGzip
from hcfmt.container.recovery.recovery import Recovery
from hcfmt.container.recovery.tar import RecoveringTar

__all__ = ["RecoveringGzip", "RecoveringTar", "Recovery"]
