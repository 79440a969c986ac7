"""The queries of docs/sqlite.md, which give rows, and the tables that it names."""

import sqlite3
from collections.abc import Iterator

import pytest

from hcfmt.reader.sqlite_export import export_sqlite
from tests.support.command import ROOT
from tests.support.console import code_blocks
from tests.support.recipes import cook

PAGE = (ROOT / "docs" / "sqlite.md").read_text("utf-8")
# A sender and a file that are missing, so that each query finds something.
RECIPE = """
rooms/1/history.json#/0/UserMessage/sender/id = 99
rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/BcudLU14VxUEeUK/other.JPG
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    directory = tmp_path_factory.mktemp("sqlite")
    cooked = cook(RECIPE)
    (directory / cooked.name).write_bytes(cooked.data)
    export_sqlite(directory / cooked.name, directory / "export.sqlite", password="hipchat")
    db = sqlite3.connect(directory / "export.sqlite")
    yield db
    db.close()


@pytest.mark.parametrize("query", [*code_blocks(PAGE, "sql")])
def test_a_query_gives_rows(query: str, database: sqlite3.Connection) -> None:
    assert database.execute(query).fetchall()


def test_every_table_is_described(database: sqlite3.Connection) -> None:
    tables = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'message_search_%'"
    )
    assert [name for (name,) in tables if f"| `{name}` |" not in PAGE] == []
