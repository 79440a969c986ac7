"""Digests of the rule set and of the configuration of a check."""

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from hcfmt.check.catalogue import RULES
from hcfmt.export import schemas
from hcfmt.json_values import plain
from hcfmt.receipts import Configuration, RuleSet
from hcfmt.version import __version__

_DESCRIBING = (*schemas.FORMAT, *(f"dialects/{dialect}" for dialect in schemas.DIALECTS))


def rule_set() -> RuleSet:
    """Return the identity of the rules: another version of hcfmt, another catalogue or another schema changes it."""
    texts = {
        name: schemas.text(name)
        for name in schemas.names()
        if name.startswith(_DESCRIBING) and schemas.dialect_of(name)[0] is None
    }
    return RuleSet(len(RULES), canonical_digest([__version__, list(RULES.values()), texts]))


def configuration(settings: Mapping[str, object]) -> Configuration:
    """Return the identity of settings, in which the order of names in a list makes no difference."""
    return Configuration(str(settings["fail_on"]), canonical_digest(_sorted(plain(settings))))


def canonical_digest(value: object) -> str:
    """Return the SHA-256 of a value as JSON with sorted keys."""
    return sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def _sorted(value: object) -> object:
    """Return a JSON value with every list sorted."""
    if isinstance(value, Mapping):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=msgspec.json.encode)
    return value
