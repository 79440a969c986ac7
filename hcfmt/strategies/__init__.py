"""Hypothesis strategies: single records as the schemas have them, and whole archives, sound and broken.

>>> from hypothesis import given
>>> from hcfmt.strategies import messages
>>> @given(messages("UserMessage"))  # doctest: +SKIP
... def test_my_importer_takes_every_message(message): ...

They need the extra ``hcfmt[testing]``.
"""

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
