"""Lists of members: their lines fit a terminal, show no control character, and are the same members as JSON."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.report.member_lists import MemberRow, document, documents, fields, paths, table
from hcfmt.report.tables import columns
from hcfmt.report.text_style import TextStyle

PATHS = st.text() | st.text("ab日\u0301\x1b\n\udcff", max_size=60)
ROWS = st.lists(st.builds(MemberRow, PATHS, st.sampled_from(["file", "directory"]), st.integers(0, 1 << 40)))


@example(rows=[MemberRow("a" * 60, "directory", 1 << 40)], width=40)
@given(rows=ROWS, width=st.integers(1, 120))
def test_a_table_fits_the_width_and_counts_the_members(rows: list[MemberRow], width: int) -> None:
    head, *lines, end = table(rows, TextStyle(width))
    assert head.split() == ["Kind", "Bytes", "Path"]
    assert len(lines) == len(rows)
    assert all(columns(line) <= max(width, 43) and line.isprintable() for line in lines)
    assert end.split()[0] == f"{len(rows):,}"


@given(ROWS)
def test_plain_lines_are_as_many_as_the_members(rows: list[MemberRow]) -> None:
    lines = list(fields(rows))
    assert [line.split("\t")[:2] for line in lines] == [[row.kind, str(row.size)] for row in rows]
    assert [line.split("\t")[2] for line in lines] == list(paths(rows))
    assert all(line.isprintable() for line in paths(rows))


@given(ROWS, st.integers(0, 3))
def test_json_holds_paths_as_they_are(rows: list[MemberRow], status: int) -> None:
    one = json.loads("\n".join(document(rows, lambda: status)))
    *lines, end = map(json.loads, documents(rows, lambda: status))
    assert one["members"] == [{key: value for key, value in line.items() if key != "type"} for line in lines]
    assert one["exit_status"] == end["exit_status"] == status
    assert all(line["path"] == row.path for line, row in zip(lines, rows, strict=True) if row.path.isprintable())


def test_a_long_path_loses_its_middle() -> None:
    row = MemberRow(f"rooms/1/files/{'x' * 60}/history.json", "file", 12)
    assert list(table([row], TextStyle(60)))[1].endswith("  rooms/1/files.../history.json")
