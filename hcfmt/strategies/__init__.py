"""Hypothesis strategies for single records that match the schemas, and for whole archives, sound and broken.

>>> from hypothesis import given
>>> from hcfmt.strategies import messages
>>> @given(messages("UserMessage"))  # doctest: +SKIP
... def test_my_importer_accepts_every_message(message): ...

They need the extra ``hcfmt[testing]``; without it, the import raises ModuleNotFoundError.
"""

from hcfmt.errors import UsageError
from hcfmt.extras import require_extra

try:
    require_extra("testing")
except UsageError as error:
    raise ModuleNotFoundError(str(error), name="hypothesis") from None

from hcfmt.strategies.archives import Sample, archives, broken_archives, worlds
from hcfmt.strategies.records import MESSAGES, documents, messages, rooms, users
from hcfmt.strategies.text import texts

__all__ = [
    "MESSAGES",
    "Sample",
    "archives",
    "broken_archives",
    "documents",
    "messages",
    "rooms",
    "texts",
    "users",
    "worlds",
]
