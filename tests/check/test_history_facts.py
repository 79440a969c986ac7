"""Facts of histories: differences between the two copies of private messages, and ids that occur twice."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import Options, Report, Status, validate
from hcfmt.check import history_facts
from hcfmt.check.history_facts import HistoryFacts
from tests.support.records import private
from tests.support.synthetic import room, user

FIRST, SECOND, THIRD = private(1, 2, 1), private(2, 1, 2), private(1, 2, 3)


def check(directory: Path, *histories: list[str] | None, deleted: tuple[int, ...] = ()) -> Report:
    """Check an export of so many users, each with the private messages given, or without a history."""
    people = range(1, len(histories) + 1)
    files = {
        "users.json": json.dumps([{"User": user(number) | {"is_deleted": number in deleted}} for number in people]),
        "rooms.json": json.dumps([{"Room": room(1)}]),
        "rooms/1/history.json": "[]",
        **{
            f"users/{number}/history.json": f"[{','.join(history)}]"
            for number, history in enumerate(histories, 1)
            if history is not None
        },
    }
    for path, text in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text)
    return validate(str(directory), Options())


def differences(report: Report) -> list[str]:
    return [finding.message for finding in report.findings if finding.code == "HC430"]


SAME = "Private messages between the users 1 and 2: "
DIFFERENT: list[tuple[str, list[str], list[str], list[str]]] = [
    ("the same", [FIRST, SECOND], [FIRST, SECOND], []),
    ("the same in another order", [FIRST, SECOND], [SECOND, FIRST], []),
    ("no message at all", [], [], []),
    ("only in the first history", [FIRST], [], [SAME + "1 in the history of 1, 0 in that of 2."]),
    ("only in the second history", [], [FIRST, SECOND], [SAME + "0 in the history of 1, 2 in that of 2."]),
    ("one more", [FIRST, SECOND, THIRD], [FIRST], [SAME + "3 in the history of 1, 1 in that of 2."]),
    (
        "others",
        [FIRST, SECOND],
        [THIRD, SECOND],
        [SAME + "2 in the history of 1, 2 in that of 2, and not all of them are the same."],
    ),
    (
        "another text",
        [FIRST],
        [FIRST.replace("message 1", "another")],
        [SAME + "1 in the history of 1, 1 in that of 2, and not all of them are the same."],
    ),
    (
        "another time",
        [FIRST],
        [FIRST.replace("15:40:01", "15:40:02")],
        [SAME + "1 in the history of 1, 1 in that of 2, and not all of them are the same."],
    ),
    ("the person's own notes", [private(1, 1, 1)], [], []),
]


UNSENT = (
    "Messages of user {} to user {}: {} here, {} in the history of {}. Those that the sender lacks are not imported."
)
LOST: list[tuple[str, list[str], list[str], list[str], int]] = [
    ("the same", [FIRST, SECOND], [SECOND, FIRST], [], 0),
    ("only its sender has it", [FIRST], [], [], 1),
    ("only its receiver has it", [], [FIRST], [UNSENT.format(1, 2, 0, 1, 2)], 0),
    ("one of three", [FIRST, SECOND], [FIRST, SECOND, THIRD], [UNSENT.format(1, 2, 1, 2, 2)], 0),
    ("both ways", [SECOND], [FIRST], [UNSENT.format(1, 2, 0, 1, 2), UNSENT.format(2, 1, 0, 1, 1)], 0),
    ("one lost, and one that only its sender has", [], [FIRST, SECOND], [UNSENT.format(1, 2, 0, 1, 2)], 1),
    ("the person's own notes", [private(1, 1, 1)], [], [], 0),
]


@pytest.mark.parametrize(("case", "first_history", "second_history", "sentences", "others"), LOST)
def test_messages_that_only_their_receiver_has_are_lost(
    case: str, first_history: list[str], second_history: list[str], sentences: list[str], others: int, tmp_path: Path
) -> None:
    report = check(tmp_path, first_history, second_history)
    lost = [finding.message for finding in report.findings if finding.code == "HC435"]
    assert (lost, len(differences(report))) == (sentences, others), case


@pytest.mark.parametrize(
    ("case", "first_history", "second_history", "sentences"), DIFFERENT, ids=[case for case, *_ in DIFFERENT]
)
def test_a_pair_whose_two_histories_differ_is_reported_once(
    case: str, first_history: list[str], second_history: list[str], sentences: list[str], tmp_path: Path
) -> None:
    assert differences(check(tmp_path, first_history, second_history)) == sentences, case


def test_pairs_are_ordered_by_numbers_and_not_by_digits(tmp_path: Path) -> None:
    histories = [
        [private(10, 9, 1)] if number == 10 else [private(1, 2, 2)] if number == 1 else [] for number in range(1, 11)
    ]
    assert differences(check(tmp_path, *histories)) == [
        SAME + "1 in the history of 1, 0 in that of 2.",
        "Private messages between the users 9 and 10: 0 in the history of 9, 1 in that of 10.",
    ]


def test_somebody_who_was_deleted_and_has_no_history_is_not_compared(tmp_path: Path) -> None:
    report = check(tmp_path, [FIRST], None, deleted=(2,))
    assert differences(report) == []
    entry = next(entry for entry in report.ledger if entry.code == "HC430")
    assert (entry.status, entry.reason) == (
        Status.SKIPPED,
        "not examined: users that are ambiguous or were not fully read: 1",
    )


def test_somebody_who_was_deleted_and_has_a_history_is_compared(tmp_path: Path) -> None:
    assert len(differences(check(tmp_path, [FIRST], [], deleted=(2,)))) == 1


def test_somebody_who_is_there_and_has_no_history_is_compared(tmp_path: Path) -> None:
    assert differences(check(tmp_path, [FIRST], None)) == [SAME + "1 in the history of 1, 0 in that of 2."]


def test_foreign_messages_below_an_unknown_id_make_the_rule_partial(tmp_path: Path) -> None:
    stranger = tmp_path / "users" / "7" / "history.json"
    stranger.parent.mkdir(parents=True)
    stranger.write_text(f"[{FIRST}]")
    report = check(tmp_path, [FIRST], [FIRST])
    entry = next(entry for entry in report.ledger if entry.code == "HC431")
    assert (entry.status, entry.reason) == (
        Status.SKIPPED,
        "not examined: histories that are ambiguous or were not fully read: 1",
    )


@given(
    st.lists(st.lists(st.binary(min_size=1, max_size=1), max_size=8), max_size=6),
    st.sampled_from(["first half", "second half", "both"]),
    st.integers(1, 10),
)
def test_repeated_ids_are_found_in_any_slices_whichever_half_is_the_same(
    drawn: list[list[bytes]], varying: str, at_once: int
) -> None:
    """Draw the ids of each slice as one byte, which fills a half or both: of equal halves the ids may differ."""
    fill = {"first half": (8, 0), "second half": (0, 8), "both": (8, 8)}[varying]
    slices = [[b * fill[0] + b"=" * (8 - fill[0]) + b * fill[1] + b"=" * (8 - fill[1]) for b in ids] for ids in drawn]
    places: dict[bytes, list[int]] = {}
    for index, value in enumerate(value for ids in slices for value in ids):
        places.setdefault(value, []).append(index)
    history, shift = HistoryFacts(), 0
    for ids in slices:
        history.merge(HistoryFacts(len(ids), ids=[(0, range(len(ids)), b"".join(ids))]), shift)
        shift += len(ids)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_facts, "_AT_ONCE", at_once)
        found = sorted(history.close())
    assert found == sorted((key.hex(), len(at), at[1]) for key, at in places.items() if len(at) > 1)
    assert history.ids == []
