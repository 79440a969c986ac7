"""Error sentences for unknown names, which suggest the known name that is nearest."""

from collections.abc import Iterable

_LONGEST = 80  # characters of a name that are compared and shown
_ALIKE = str.maketrans("oil", "011")  # letters that look like digits, as in HC4O1
_SIMILARITY = 0.7  # from 0 to 1, by difflib; one wrong letter in a rule's code gives 0.8


def unknown_name(kind: str, name: str, names: Iterable[str], *, listed_by: str = "") -> str:
    """Return the sentence for a name that none of ``names`` equals.

    ``kind`` is the noun ("rule"). ``listed_by`` is the command that lists the names ("hcfmt rules"); without one the
    sentence lists them itself. The nearest name is suggested, whatever its letter case, if it is near enough.

    >>> unknown_name("rule", "HC4O1", ["HC401", "HC501"], listed_by="hcfmt rules")
    "There is no rule 'HC4O1'; did you mean 'HC401'? 'hcfmt rules' lists them."
    >>> unknown_name("format", "xml", ["json", "text"])
    "There is no format 'xml'; there are json, text."
    """
    names = list(names)
    rest = f"{listed_by!r} lists them." if listed_by else f"there are {', '.join(names)}."
    quoted = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..."
    suggestion = nearest(name, names)
    if suggestion is None:
        return f"There is no {kind} {quoted!r}; {rest}"
    return f"There is no {kind} {quoted!r}; did you mean {suggestion!r}? {rest[0].upper()}{rest[1:]}"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is most similar to a misspelt one, whatever its letter case; None if none is similar."""
    from difflib import get_close_matches  # noqa: PLC0415 - only errors need it

    spellings = {candidate.casefold(): candidate for candidate in names}
    alike = {spelling.translate(_ALIKE): candidate for spelling, candidate in spellings.items()}
    if same := alike.get(name[:_LONGEST].casefold().translate(_ALIKE)):
        return same
    matches = get_close_matches(name[:_LONGEST].casefold(), spellings, n=1, cutoff=_SIMILARITY)
    return spellings[matches[0]] if matches else None
