"""Every change of a member is named, and packing an archive anew changes none.

``python -m tests.check.receipts.test_verification 100000`` tries that many changes of random archives.
"""

import io
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hcfmt import Exit
from hcfmt.check.receipts.verification import verify_receipt
from hcfmt.container import Budget
from hcfmt.errors import NoPasswordError, UsageError
from hcfmt.receipts import Receipt, Sameness, Verification
from tests.support.builders import END, PASSWORD, entry, zipped
from tests.support.receipts import FORMS, MEMBERS, PATHS, Members, packed, receipt_of, tar_of

NEW = "rooms/1/files/BcudLU14VxUEeUK/new.pdf"
ONE: Members = (("users.json", b"[]"), ("rooms.json", b"[1]"))


def verified(receipt: Receipt, data: bytes) -> Verification:
    return verify_receipt(receipt, io.BytesIO(data), password=PASSWORD, show_values=True)


@st.composite
def changed(draw: st.DrawFn) -> tuple[Members, Members, list[tuple[str, str | None, str | None]]]:
    """Return members, the members after one change, and the change: its kind, the path before, the path after."""
    before = draw(MEMBERS.filter(bool))
    at = draw(st.integers(0, len(before) - 1))
    path, content = before[at]
    match draw(st.sampled_from(["changed", "renamed", "removed", "added"])):
        case "changed":
            new = draw(st.binary(max_size=40).filter(lambda other: other != content))
            return before, (*before[:at], (path, new), *before[at + 1 :]), [("changed", path, path)]
        case "renamed":
            return before, (*before[:at], (NEW, content), *before[at + 1 :]), [("renamed", path, NEW)]
        case "removed":
            return before, before[:at] + before[at + 1 :], [("removed", path, None)]
        case _:
            new = draw(st.binary(max_size=40))
            return before, (*before[:at], (NEW, new), *before[at:]), [("added", None, NEW)]


def check_one_change(
    case: tuple[Members, Members, list[tuple[str, str | None, str | None]]], first: str, second: str
) -> None:
    """Fail unless the comparison of both archives names the change and no other."""
    before, after, expected = case
    assume(after)  # a tar without members is an incomplete archive
    found = verified(receipt_of(packed(before, first)), packed(after, second))
    shown = [(row.change, row.after and row.after.path) for row in found.changes]
    assert shown == [(kind, path) for kind, _, path in expected]
    assert (found.same, found.exit) == (Sameness.CHANGED, Exit.INVALID)
    assert found.unchanged == len(before) - (expected[0][0] != "added")


def check_repacked(members: Members, first: str, second: str) -> None:
    """Fail unless an archive that was packed anew is the same."""
    found = verified(receipt_of(packed(members, first)), packed(members, second))
    if packed(members, first) == packed(members, second):
        assert found.same is Sameness.FILE
    elif tar_of(members, first) == tar_of(members, second):
        assert found.same is Sameness.TAR
    else:
        assert found.same is Sameness.MEMBERS
    assert (found.changes, found.unchanged, found.exit) == ((), len(members), Exit.VALID)


@given(changed(), st.sampled_from(FORMS), st.sampled_from(FORMS))
@settings(max_examples=60)
def test_one_change_is_named_and_no_other(
    case: tuple[Members, Members, list[tuple[str, str | None, str | None]]], first: str, second: str
) -> None:
    check_one_change(case, first, second)


@given(MEMBERS.filter(bool), st.sampled_from(FORMS), st.sampled_from(FORMS))
@settings(max_examples=60)
def test_an_archive_that_is_packed_anew_is_unchanged(members: Members, first: str, second: str) -> None:
    check_repacked(members, first, second)


@pytest.mark.parametrize(
    ("form", "same"),
    [
        ("tar.gz.aes", Sameness.FILE),
        ("tar.gz", Sameness.TAR),
        ("tar.aes", Sameness.TAR),
        ("tar with dots", Sameness.MEMBERS),
        ("tar with directories", Sameness.MEMBERS),
    ],
)
def test_it_is_said_how_much_is_the_same(form: str, same: Sameness) -> None:
    members = tuple((path, path.encode()) for path in PATHS)
    assert verified(receipt_of(packed(members, "tar.gz.aes")), packed(members, form)).same is same


def test_an_unpacked_archive_is_unchanged_but_for_an_empty_directory(tmp_path: Path) -> None:
    members = tuple((path, path.encode()) for path in PATHS)
    receipt = receipt_of(packed(members, "tar.gz.aes"))
    for path, content in members:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    found = verify_receipt(receipt, tmp_path)
    assert (found.same, found.unchanged) == (Sameness.MEMBERS, len(PATHS))
    (tmp_path / "users" / "5").mkdir()
    (change,) = verify_receipt(receipt, tmp_path).changes
    assert (change.change, change.after and change.after.kind) == ("added", "directory")


def test_members_of_one_path_are_compared_in_their_order() -> None:
    twice = (("users.json", b"1"), ("users.json", b"2"), ("rooms.json", b"3"))
    swapped = verified(receipt_of(packed(twice, "tar")), packed((twice[1], twice[0], twice[2]), "tar"))
    assert [change.change for change in swapped.changes] == ["changed", "changed"]
    once = verified(receipt_of(packed(twice, "tar")), packed(twice[1:], "tar"))
    assert [change.change for change in once.changes] == ["changed", "removed"]


def test_a_link_in_place_of_a_file_is_a_change_and_a_link_is_said_to_be_bare() -> None:
    file = entry(b"users.json", b"") + END
    link = entry(b"users.json", flag=b"2") + END
    assert [change.change for change in verified(receipt_of(file), link).changes] == ["changed"]
    found = verified(receipt_of(link), zipped(link + b"more"))
    assert (found.same, found.bare) == (Sameness.MEMBERS, 1)


def test_paths_are_hidden_unless_they_are_asked_for() -> None:
    receipt = receipt_of(packed(ONE, "tar"))
    data = packed((*ONE, ("notes/Zaphod.txt", b"")), "tar")
    (hidden,) = verify_receipt(receipt, io.BytesIO(data)).changes
    (shown,) = verified(receipt, data).changes
    assert hidden.after
    assert shown.after
    assert (hidden.after.path, shown.after.path) == ("[5 characters]/[6 characters].txt", "notes/Zaphod.txt")


def test_the_file_of_the_receipt_needs_no_password_and_another_one_does(tmp_path: Path) -> None:
    path = tmp_path / "export.tar.gz.aes"
    path.write_bytes(packed(ONE, "tar.gz.aes"))
    receipt = receipt_of(path.read_bytes())
    assert verify_receipt(receipt, path).same is Sameness.FILE
    assert verify_receipt(receipt, str(path)).same is Sameness.FILE
    path.write_bytes(packed((*ONE, (NEW, b"")), "tar.gz.aes"))
    with pytest.raises(NoPasswordError):
        verify_receipt(receipt, path)


def test_a_file_that_is_missing_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        verify_receipt(receipt_of(packed(ONE, "tar")), tmp_path / "missing")


def test_of_an_archive_that_is_cut_short_nothing_counts_as_removed() -> None:
    members = tuple((path, path.encode() * 100) for path in PATHS)
    whole = packed(members, "tar")
    found = verified(receipt_of(whole), whole[:3000])
    assert (found.same, found.exit, found.changes) == (Sameness.UNKNOWN, Exit.INCOMPLETE, ())
    assert "was cut short" in found.reason
    assert 0 < found.unchanged < len(PATHS)


@pytest.mark.parametrize("data", [b"", END])
def test_of_an_empty_archive_nothing_counts_as_removed(data: bytes) -> None:
    found = verified(receipt_of(packed(ONE, "tar")), data)
    assert (found.same, found.changes) == (Sameness.UNKNOWN, ())
    assert "The input is empty" in found.reason
    assert verified(receipt_of(END), data).exit is Exit.VALID


def test_a_receipt_of_an_archive_that_was_cut_short_proves_that_file_alone() -> None:
    members = tuple((path, path.encode() * 100) for path in PATHS)
    whole = packed(members, "tar")
    receipt = receipt_of(whole[:3000])
    assert (receipt.complete, receipt.tar, receipt.verdict) == (False, None, "incomplete")
    assert verified(receipt, whole[:3000]).same is Sameness.FILE
    found = verified(receipt, whole)
    assert (found.same, found.exit) == (Sameness.UNKNOWN, Exit.INCOMPLETE)
    assert {change.change for change in found.changes} == {"added"}
    assert found.reason.startswith("The archive of the receipt could not be read to its end")


def test_the_limits_and_the_time_of_reading_hold_here_too(tmp_path: Path) -> None:
    members = tuple((path, path.encode()) for path in PATHS)
    data = packed(members, "tar")
    receipt = receipt_of(packed(ONE, "tar"))
    for budget in (Budget(members=2), Budget(names=20), Budget(expired=lambda: True)):
        found = verify_receipt(receipt, io.BytesIO(data), budget=budget)
        assert (found.same, found.exit) == (Sameness.UNKNOWN, Exit.INCOMPLETE)
    path = tmp_path / "export.tar"
    path.write_bytes(packed(ONE, "tar"))
    assert verify_receipt(receipt, path, budget=Budget(expired=lambda: True)).same is Sameness.UNKNOWN


def test_changes_are_in_the_order_of_their_kind() -> None:
    before = tuple((path, b"1") for path in PATHS[:5])
    after = (*((path, b"2") for path in PATHS[:3]), ("moved.txt", b"1"), (NEW, b"new"))
    found = verified(receipt_of(packed(before, "tar")), packed(after, "tar"))
    assert [change.change for change in found.changes] == ["changed"] * 3 + ["renamed", "removed", "added"]


def main(examples: int) -> None:
    """Try so many changes and packings of random archives, and print how many were tried."""
    tried = Counter[str]()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changed(), MEMBERS.filter(bool), st.sampled_from(FORMS), st.sampled_from(FORMS))
    def try_one(
        case: tuple[Members, Members, list[tuple[str, str | None, str | None]]],
        members: Members,
        first: str,
        second: str,
    ) -> None:
        tried[case[2][0][0]] += 1
        check_one_change(case, first, second)
        check_repacked(members, first, second)

    try_one()
    sys.stdout.write(f"{tried.total():,} changes and as many packings: {dict(tried)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
