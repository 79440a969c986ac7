"""Markdown pages on terminals, and plain text as Markdown."""

import textwrap

import pytest

from hcfmt.report.pages import escaped, page_text
from hcfmt.report.text_style import PLAIN, TextStyle

EXAMPLE = """rooms/1/history.json#/0/UserMessage/message = "* a long line of an example that is left as it stands *"
rename a b"""

PAGE = f"""# HC000 a-title

A first paragraph of `users.json`, on one line of the source and
on a second one.

## Why it matters

Somebody's importer stops; somebody else's goes on.

## Bad

```text
{EXAMPLE}
```

## What to do

- Before: nothing, but read on, for this is an item that is longer than a line.
- Afterwards: nothing.

Evidence: [the page on users](../../../docs/format.md#users), and no more.
"""

WRAPPED = f"""A first paragraph of `users.json`, on one line of
the source and on a second one.

Why it matters:
Somebody's importer stops; somebody else's goes
on.

Bad:
{textwrap.indent(EXAMPLE, "    ")}

What to do:
- Before: nothing, but read on, for this is an
  item that is longer than a line.
- Afterwards: nothing.

Evidence: the page on users
(docs/format.md#users), and no more."""


def test_a_terminal_gets_plain_text_wrapped_to_its_width_and_examples_as_they_are() -> None:
    assert "\n".join(page_text(PAGE, TextStyle(50))) == WRAPPED


def test_a_wide_terminal_gets_lines_that_can_still_be_read() -> None:
    assert list(page_text(PAGE, TextStyle(500))) == list(page_text(PAGE, PLAIN))


def test_titles_are_bold_in_colour_only() -> None:
    coloured = "\n".join(page_text(PAGE, TextStyle(100, colour=True)))
    for title in ("Why it matters:", "Bad:", "What to do:"):
        assert f"\x1b[1m{title}\x1b[0m" in coloured
        coloured = coloured.replace(f"\x1b[1m{title}\x1b[0m", title)
    assert coloured == "\n".join(page_text(PAGE, PLAIN))


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
