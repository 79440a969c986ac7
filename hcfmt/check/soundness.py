"""Is a decoded document so sound that no rule of shape has anything to say? Compiled code answers."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from hcfmt.export import schemas
from hcfmt.export.layout import TREE

# Documents that hold a list of things worth counting: the kind, and where the things stand.
_COUNTED: dict[str, tuple[str, tuple[schemas.Step, ...]]] = {
    "export/emoticons": ("Emoticon", ("Emoticons", None)),
    "export/autojoins": ("AutoJoin", ("AutoJoins", None)),
}


_LISTS = {place.schema: place.wrappers for place in TREE if place.wrappers}


def is_sound(name: str, document: object) -> bool:
    """Whether a document matches the schema of that name, and the JSON inside its strings the schemas of theirs.

    Stricter than the schemas, see ``schemas.screen``: a document that is turned down may have nothing wrong with it.
    """
    return schemas.screen(name)(document) and all(
        _are_sound(schema, texts) for schema, texts in _embedded_texts(name, document)
    )


def _are_sound(name: str, texts: list[str]) -> bool:
    matches = schemas.screen(name)
    try:
        return all(matches(orjson.loads(text)) for text in texts)
    except orjson.JSONDecodeError:
        return False


def _embedded_texts(name: str, document: object) -> Iterator[tuple[str, list[str]]]:
    for path, inside in schemas.embedded(name):
        texts = [str(text) for text in schemas.column(document, path) if text or not inside.get("blank")]
        yield inside["schema"].removesuffix(schemas.SUFFIX), texts


def counted(name: str, document: object) -> tuple[Counter[str], Counter[str]]:
    """Count, in a document that matches its schema, the things by the key of their wrapper, and what rules look at."""
    kinds = _kinds(name, document)
    texts = sum(len(texts) for _, texts in _embedded_texts(name, document))
    return kinds, Counter({"record": kinds.total(), "embedded text": texts})


def _kinds(name: str, document: object) -> Counter[str]:
    if name in _COUNTED:
        kind, path = _COUNTED[name]
        return Counter({kind: len(schemas.column(document, path))})
    # A list in metadata.json or preferences.json may hold anything.
    return Counter([kind for wrapper in _listed(document) for kind in wrapper]) if name in _LISTS else Counter()


def wrapped(name: str, document: object) -> Counter[str]:
    """Count the records of a list that contradict their schema and yet are in one documented wrapper each."""
    wrappers = [record for record in _listed(document) if isinstance(record, dict) and len(record) == 1]
    return Counter([kind for wrapper in wrappers for kind in wrapper if kind in _LISTS.get(name, ())])


def _listed(document: object) -> list[Any]:
    return document if isinstance(document, list) else []
