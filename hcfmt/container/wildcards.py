"""Expands wildcards among the inputs: ``exports/*.aes`` in quotes, ``s3://bucket/exports/*.aes``."""

import os
from collections.abc import Iterable

from hcfmt.container.source import STDIN, WILDCARD
from hcfmt.errors import UnreadableError, UsageError


def expand_inputs(inputs: Iterable[str]) -> list[str]:
    """Return paths and URLs with each wildcard replaced by what it matches, sorted.

    A path that exists is no wildcard, and one that nothing matches stays. HTTP has no list of files, so its URLs are
    taken as they are. Raises UsageError for standard input (``-``) given twice.
    """
    inputs = list(inputs)
    if inputs.count(STDIN) > 1:
        raise UsageError("Standard input can be read once: give - only once.")
    return [name for text in inputs for name in ([text] if text == STDIN else _matches(text))]


def _matches(text: str) -> list[str]:
    if "://" not in text:
        return _paths(text)
    from hcfmt.container.urls import Url, parse_input  # noqa: PLC0415 - most runs name no URL

    url = parse_input(text)
    if not isinstance(url, Url):
        return _paths(url)
    if url.scheme != "s3" or not WILDCARD.search(url.text):
        return [text]
    from hcfmt.container.remote import matching_urls  # noqa: PLC0415 - as above

    try:
        return matching_urls(url) or [text]
    except UnreadableError:
        return [text]  # the error comes again when it is opened


def _paths(path: str) -> list[str]:
    if not WILDCARD.search(path) or os.path.lexists(path):
        return [path]
    from glob import glob  # noqa: PLC0415 - most runs have no wildcard of their own

    return sorted(glob(path, recursive=True)) or [path]  # noqa: PTH207 - Path.glob takes no absolute pattern
