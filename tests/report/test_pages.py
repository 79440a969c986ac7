"""Rule pages on terminals and as Markdown."""

import pytest

from hcfmt.report import PLAIN, TextStyle
from hcfmt.report.pages import escaped, page_markdown, page_text

PAGE = """A first paragraph that says what is wrong, on one line of the source and
on a second one.

Why it matters: Somebody's importer stops; somebody else's goes on.

Bad::

    rooms/1/history.json#/0/UserMessage/message = "* a long line of an example that is left as it stands *"
    rename a b

What to do: Nothing, but read on."""


def test_a_terminal_gets_paragraphs_wrapped_to_its_width_and_examples_as_they_stand() -> None:
    lines = list(page_text(PAGE, TextStyle(50)))
    example = PAGE.split("\n\n")[3].split("\n")
    assert [line for line in lines if line.startswith(" ")] == example
    assert all(len(line) <= 50 for line in lines if line not in example)
    assert " ".join(" ".join(lines).split()) == " ".join(PAGE.replace("::", ":").split())


def test_a_wide_terminal_gets_lines_that_can_still_be_read() -> None:
    assert list(page_text(PAGE, TextStyle(500))) == list(page_text(PAGE, PLAIN))


def test_titles_stand_out_in_colour_alone() -> None:
    coloured = "\n".join(page_text(PAGE, TextStyle(100, colour=True)))
    for title in ("Why it matters:", "Bad:", "What to do:"):
        assert f"\x1b[1m{title}\x1b[0m" in coloured
        coloured = coloured.replace(f"\x1b[1m{title}\x1b[0m", title)
    assert coloured == "\n".join(page_text(PAGE, PLAIN))


def test_markdown_has_bold_titles_and_fenced_examples() -> None:
    assert list(page_markdown(PAGE)) == [
        "A first paragraph that says what is wrong, on one line of the source and",
        "on a second one.",
        "",
        "**Why it matters:** Somebody's importer stops; somebody else's goes on.",
        "",
        "**Bad**",
        "",
        "```text",
        'rooms/1/history.json#/0/UserMessage/message = "* a long line of an example that is left as it stands *"',
        "rename a b",
        "```",
        "",
        "**What to do:** Nothing, but read on.",
    ]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("users/<id>/history.json", "users/\\<id\\>/history.json"),
        ("a * b * c | d", "a \\* b \\* c \\| d"),
        ("mention_name and _thumb", "mention_name and \\_thumb"),
        ("[1, 2]", "\\[1, 2\\]"),
        ("in code ``a * <b>`` and * out", "in code ``a * <b>`` and \\* out"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_prose_shows_as_it_is_written(text: str, markdown: str) -> None:
    assert escaped(text) == markdown
