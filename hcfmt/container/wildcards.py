"""Expands wildcards among the inputs: ``exports/*.aes`` in quotes, ``s3://bucket/exports/*.aes``."""

import re
from collections.abc import Iterable
from pathlib import Path

from hcfmt.container.source import STDIN, reason
from hcfmt.errors import UsageError

_WILDCARD = re.compile(r"[*?[]")


def expand_inputs(inputs: Iterable[str]) -> list[str]:
    """Return paths and URLs with each wildcard replaced by what it matches, sorted.

    A path that exists is no wildcard. HTTP has no list of files, so its URLs are taken as they are. Raises UsageError
    for a path that does not exist, a wildcard that nothing matches, and standard input (``-``) given twice.
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
    if url.scheme != "s3" or not _WILDCARD.search(url.text):
        return [text]
    from hcfmt.container.remote import matching_urls  # noqa: PLC0415 - as above

    return _not_empty(matching_urls(url), url.name)


def _paths(path: str) -> list[str]:
    try:
        Path(path).stat()
    except OSError as error:
        if not _WILDCARD.search(path):
            raise UsageError(f"{path}: cannot be read: {reason(error)}.") from None
    else:
        return [path]
    from glob import glob  # noqa: PLC0415 - most runs have no wildcard of their own

    found = glob(path, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
    return _not_empty(sorted(found), path)


def _not_empty(names: list[str], wildcard: str) -> list[str]:
    if not names:
        raise UsageError(f"{wildcard}: no file matches this wildcard.")
    return names
