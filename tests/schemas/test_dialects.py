"""The differences of the dialects: merge patches that make proper schemas of hc-migrate's."""

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hcfmt.export.column_checks import check_of
from hcfmt.export.jsontext import Rejected
from hcfmt.export.schemas import DIALECTS, in_dialect, merge_patch, read
from tests.support.schema_library import NAMES, ROOT, SCHEMAS, is_plain, parts
from tests.support.vocabulary import META

# RFC 7396, appendix A: the document, the patch, the result. The last three replace documents that are no objects.
CASES: list[tuple[str, str, str]] = [
    ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
    ('{"a":"b"}', '{"a":null}', "{}"),
    ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
    ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
    ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
    ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
    ('["a","b"]', '["c","d"]', '["c","d"]'),
    ('{"a":"b"}', '["c"]', '["c"]'),
    ('{"a":"foo"}', "null", "null"),
    ('{"a":"foo"}', '"bar"', '"bar"'),
    ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
    ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
    ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
]
PATCHES = [
    (dialect, name, patch)
    for dialect in DIALECTS
    for name, patch in json.loads((ROOT / "dialects" / f"{dialect}.json").read_bytes())["schemas"].items()
]
DERIVED = [in_dialect(name, dialect) for dialect in DIALECTS for name in NAMES]

each_patch = pytest.mark.parametrize(("dialect", "name", "patch"), PATCHES, ids=lambda value: str(value)[:40])
each_schema = pytest.mark.parametrize("name", DERIVED)


@pytest.mark.parametrize(("document", "patch", "result"), CASES)
def test_patches_are_applied_as_the_rfc_says(document: str, patch: str, result: str) -> None:
    assert merge_patch(json.loads(document), json.loads(patch)) == json.loads(result)


@each_schema
def test_a_schema_of_a_dialect_is_one_with_known_keywords(name: str) -> None:
    schema = dict(read(name))
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in META.iter_errors(schema)] == []


@each_schema
def test_every_property_of_a_dialect_is_described_and_every_required_one_is_documented(name: str) -> None:
    for part in parts(dict(read(name))):
        described = part.schema.get("description", "").endswith(".") and part.schema.get("x-source")
        assert described or not part.is_property, part.pointer
        assert set(part.schema.get("required", ())) <= set(part.schema.get("properties", ())), part.pointer
        assert is_plain(part.schema.get("pattern", "")), part.pointer


@each_patch
def test_every_patch_changes_a_schema(dialect: str, name: str, patch: Any) -> None:  # noqa: ANN401 - any JSON value
    assert name in SCHEMAS
    older = json.loads((ROOT / "dialects" / f"{dialect}.json").read_bytes()).get("based_on")
    before = dict(read(in_dialect(name, older) if older else name))
    assert list(_without_effect(before, patch)) == []


def _without_effect(target: Any, patch: Any, path: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Yield the place of everything in a patch that changes nothing."""
    for key, value in patch.items():
        known = isinstance(target, dict) and key in target
        if isinstance(value, dict) and known:
            yield from _without_effect(target[key], value, f"{path}/{key}")
        elif (value is None and not known) or (known and target[key] == value and key != "x-source"):
            yield f"{path}/{key}"


def test_every_source_of_a_patch_is_an_anchor_of_the_evidence() -> None:
    anchors = set(re.findall(r'<a id="([^"]+)">', (ROOT.parent / "docs" / "format.md").read_text("utf-8")))
    sources = [
        source for name in DERIVED for part in parts(dict(read(name))) for source in part.schema.get("x-source", ())
    ]
    assert {source.partition("#")[2] for source in sources if "format.md" in source} - anchors == set()


AVATAR = re.compile(
    read("dialects/server/export/users")["$defs"]["user"]["properties"]["avatar"]["pattern"].replace("$", r"\Z")
)

TEXTS = st.text(alphabet="aA0+/=\n\r -é:", max_size=12)


@given(st.binary(max_size=200))
def test_the_pattern_of_pictures_takes_all_base64_with_and_without_line_breaks(data: bytes) -> None:
    assert AVATAR.search(base64.encodebytes(data).decode())
    assert AVATAR.search(base64.b64encode(data).decode())


@given(TEXTS)
@example("a===")
@example("aa=a")
@example("====")
@example("aaaa=")
@example("aaaa====")
def test_the_pattern_of_pictures_takes_nothing_but_base64(text: str) -> None:
    packed = re.sub(r"[\r\n]", "", text)
    try:
        data = base64.b64decode(packed, validate=True)
    except ValueError:
        assert not AVATAR.search(text)
    else:  # the decoder passes over "=" after a whole group
        assert bool(AVATAR.search(text)) == (len(base64.b64encode(data)) == len(packed))


@given(st.lists(TEXTS, min_size=1, max_size=3))
@example(["aaaa="])
@example(["aaaa===="])
def test_the_faster_test_of_pictures_takes_what_the_pattern_takes(texts: list[str]) -> None:
    try:
        colons = check_of({"type": ["string", "null"], "x-form": "base64"})([*texts, None])  # type: ignore[misc]  # it is a check
    except Rejected:
        assert not all(map(AVATAR.search, texts))
    else:
        assert (colons, all(map(AVATAR.search, texts))) == (0, True)
