"""Fingerprints: the same for the same flaw, wherever its record is and whatever a report shows."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt import RULES, Budget, Options, Report, validate
from hcfmt.check.catalogue import Rule, rules_of
from hcfmt.check.fingerprints import fingerprint, record_key
from hcfmt.container import open_archive
from hcfmt.damage import EXCUSED
from hcfmt.findings import Flaw
from tests.support.dialects import packed
from tests.support.recipes import PASSWORD, cook
from tests.support.records import changed
from tests.support.rule_pages import NO_RECIPE, example, sections
from tests.support.slice_records import RECORDS
from tests.support.small_export import check

SECRET = PASSWORD.encode()
NEW = changed(id="00000000-0000-4000-8000-000000000001", timestamp="2019-04-02T15:40:44Z 000001")
OF_HC_MIGRATE = [record for record in RECORDS if '"type": "user"' not in record]  # the first records tell the dialect
WITH_RECORDS = [
    rule for rule in RULES.values() if not {"archive", "member"} & {*rule.subjects} and rule.code not in EXCUSED
]


def prints(report: Report, code: str) -> Counter[str]:
    return Counter(found.fingerprint for found in report.findings if found.code == code)


def exported_again(path: str, content: bytes) -> bytes:
    """Return a data file with its records in the other order, and a room's history with one more message at its top.

    Histories of other dialects than hc-migrate's get none.
    """
    try:
        document = json.loads(content.decode())
        if json.dumps(document, separators=(",", ":")).count(":") != content.count(b":"):
            return content  # a key that is there twice
    except ValueError:
        return content  # what is not JSON is exported as it is
    records = document if isinstance(document, list) else None
    if records:
        records.reverse()
        if re.search(r"rooms/\d+/history\.json$", path) and b'"mentions"' not in content:
            records.insert(0, NEW)
    return json.dumps(document, indent=1).encode()


@pytest.mark.parametrize(
    "rule",
    [rule for rule in WITH_RECORDS if rule.code != "HC806"],  # which a later message cures
    ids=lambda rule: rule.code,
)
def test_a_finding_keeps_its_fingerprint_when_records_move_and_messages_are_added(rule: Rule) -> None:
    cooked = example(dict(sections(rule))["Bad"])
    options = Options(password=SECRET, budget=replace(Budget(), **cooked.limits), keep=10_000)
    with open_archive(io.BytesIO(cooked.data), password=SECRET) as archive:
        files = [(member.path, b"".join(member.chunks)) for member in archive.members()]
    before = validate(io.BytesIO(cooked.data), options)
    after = validate(io.BytesIO(packed((path, exported_again(path, data)) for path, data in files)), options)
    assert prints(before, rule.code) == prints(after, rule.code) != Counter()


@pytest.mark.parametrize(
    "rule",
    [rule for rule in (*rules_of("reference"), *rules_of("export")) if rule.code not in EXCUSED],
    ids=lambda rule: rule.code,
)
def test_a_finding_on_the_whole_export_keeps_its_fingerprint_when_members_move(rule: Rule) -> None:
    cooked = example(dict(sections(rule))["Bad"])
    options = Options(password=SECRET, keep=10_000)
    with open_archive(io.BytesIO(cooked.data), password=SECRET) as archive:
        files = [(member.path, b"".join(member.chunks)) for member in archive.members()]
    before, after = (validate(io.BytesIO(packed(order)), options) for order in (files, files[::-1]))
    assert prints(before, rule.code) == prints(after, rule.code) != Counter()


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if dict(sections(rule))["Bad"] != NO_RECIPE], ids=lambda rule: rule.code
)
def test_a_fingerprint_does_not_depend_on_what_is_shown(rule: Rule) -> None:
    cooked = example(dict(sections(rule))["Bad"])
    hidden, shown = (
        validate(
            io.BytesIO(cooked.data),
            Options(password=SECRET, budget=replace(Budget(), **cooked.limits), show_values=show_values),
        )
        for show_values in (False, True)
    )
    assert [found.fingerprint for found in hidden.findings] == [found.fingerprint for found in shown.findings]
    assert all(re.fullmatch("[0-9a-f]{32}", found.fingerprint) for found in shown.findings)


# Of these the directory is a part: of a name without a place in the tree, and where "./" is before it.
NAMED_AS_THEY_ARE = {"HC106", "HC116", "HC119"}
WITHOUT_RECIPE = {"HC805", "HC806"}
AROUND = [rule for rule in WITH_RECORDS if rule.code not in NAMED_AS_THEY_ARE | WITHOUT_RECIPE]


@pytest.mark.parametrize("rule", AROUND, ids=lambda rule: rule.code)
def test_a_fingerprint_does_not_depend_on_a_directory_around_the_export(rule: Rule) -> None:
    recipe = dict(sections(rule))["Bad"]
    below, above = (cook(text) for text in (f"{recipe}\nprefix data/", recipe))
    options = Options(password=SECRET, budget=replace(Budget(), **above.limits), keep=10_000)
    found = [prints(validate(io.BytesIO(cooked.data), options), rule.code) for cooked in (below, above)]
    assert found[0] == found[1] != Counter()


@settings(max_examples=60)
@given(records=st.lists(st.sampled_from(OF_HC_MIGRATE), max_size=12), data=st.data())
def test_a_fingerprint_does_not_depend_on_the_order_of_records(
    records: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def of_order(texts: list[str]) -> Counter[str]:
        directory = tmp_path_factory.mktemp("export")
        check(directory, **{"rooms/1/history": f"[{','.join(texts)}]"})
        report = validate(str(directory), Options(keep=10_000))
        return Counter(found.fingerprint for found in report.findings)

    assert of_order(records) == of_order(data.draw(st.permutations(records)))


def in_record(**changes: Any) -> str:  # noqa: ANN401 - fields of Flaw
    flaw = Flaw("A sentence.", path=("UserMessage", "sender", "id"), subcode="type")
    return fingerprint("HC301", replace(flaw, **changes), "rooms/1/history.json", "7")


@pytest.mark.parametrize(
    "changes",
    [
        {"message": "Another sentence."},
        {"line": 7, "byte": 9},
        {"index": 4},
        {"path": ("UserMessage", 3, "sender", 5, "id")},
        {"values": {"count": 9}},
    ],
    ids="-".join,
)
def test_sentence_position_and_indices_take_no_part(changes: dict[str, Any]) -> None:
    assert in_record(**changes) == in_record()


@pytest.mark.parametrize(
    "other",
    [
        lambda: in_record(path=("UserMessage", "sender")),
        lambda: in_record(subcode="enum"),
        lambda: in_record(member="rooms/2/history.json"),
        lambda: in_record(names=("name",)),
        lambda: in_record(subject=("rooms/1/history.json",)),
        lambda: fingerprint("HC302", Flaw("", path=("UserMessage",)), "rooms/1/history.json", "7"),
        lambda: fingerprint("HC302", Flaw("", path=("UserMessage",)), "rooms/1/history.json", "8"),
    ],
)
def test_what_is_flawed_takes_part(other: Callable[[], str]) -> None:
    assert other() != in_record()


@pytest.mark.parametrize(
    ("record", "same"),
    [
        ({"UserMessage": {"id": "a", "message": "x"}}, {"UserMessage": {"id": "a"}}),
        ({"User": {"id": 7}}, {"id": 7.0, "name": "x"}),
        ({"ID": 9}, {"ID": 9, "path": "x"}),
        ({"id": 2**60}, {"id": str(2**60)}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_a_record_is_known_by_its_id_or_else_by_all_of_it(record: object, same: object) -> None:
    assert record_key(record) == record_key(same)


@pytest.mark.parametrize("record", [None, 7, [], {}, {"User": None}, {"User": {"id": None}}, {"id": [1]}, "\ud800"])
def test_a_record_without_an_id_differs_from_others(record: object) -> None:
    assert record_key(record) != record_key({"User": {"id": 7}})
    assert record_key(record) == record_key(json.loads(json.dumps(record)))
