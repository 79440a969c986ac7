"""HTML of notifications becomes parts of text, of which a browser gets no HTML."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.server.page.notification_text import parts_of_html

BREAK = {"break": True}
LINK = "https://a.example/x?y=1&z=2"


def in_archive(source: str) -> str | None:
    return "files/in.png" if source.endswith("in.png") else None


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("a &lt;b&gt; &amp; c &#228;", ["a <b> & c ä"]),
        ("<b>x</b> y", [{"text": "x", "bold": True}, " y"]),
        ("<b>x<i>y</i></b>", [{"text": "x", "bold": True}, {"text": "y", "bold": True, "italic": True}]),
        ("<b><b>x</b>y</b>z", [{"text": "x", "bold": True}, {"text": "y", "bold": True}, "z"]),
        ("</b></a>x", ["x"]),
        ("a<br>b<BR/>c", ["a", BREAK, "b", BREAK, "c"]),
        ("<p>a</p><p>b</p>", ["a", BREAK, "b"]),
        ("<ul><li>a</li><li>b</li></ul>c", ["• a", BREAK, "• b", BREAK, "c"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a b", BREAK, "c"]),
        (f'<a href="{LINK.replace("&", "&amp;")}">t</a>', [{"text": "t", "link": LINK}]),
        (f"<a class=x href='{LINK}'><b>t</b></a>", [{"text": "t", "bold": True, "link": LINK}]),
        ("<a href=mailto:a@b.example>t</a>u", [{"text": "t", "link": "mailto:a@b.example"}, "u"]),
        ("<a href='javascript:alert(1)'>t</a>", ["t"]),
        ("<a href='&#106;avascript:alert(1)'>t</a>", ["t"]),
        ("<a href=' JavaScript:x'>t</a>", ["t"]),
        ("<a href='/local'>t</a>", ["t"]),
        ("<a href='data:text/html,x'>t</a>", ["t"]),
        ("<img src='https://h.example/files/in.png' alt='pic'>", [{"image": "files/in.png", "text": "pic"}]),
        ("<img src='https://h.example/a/out.png'>", [{"text": "out.png", "link": "https://h.example/a/out.png"}]),
        ("<img src='https://h.example/'>", [{"text": "https://h.example/", "link": "https://h.example/"}]),
        ("<img src=x onerror=alert(1)>", []),
        ("<img src=x alt=pic onerror=alert(1)>", ["pic"]),
        ("<script>alert(1)</script>", ["alert(1)"]),
        ("<!-- note --><!DOCTYPE html>x", ["x"]),
        ("a\n  b <i> c</i>", ["a b ", {"text": "c", "italic": True}]),
        ("<pre>a\n  b</pre>", [{"text": "a\n  b", "pre": True}]),
        ("1 < 2 > 0", ["1 < 2 > 0"]),
        ("<b", ["<b"]),
        ("<b <i>x", ["<b ", {"text": "x", "italic": True}]),
        ("&#" + "9" * 5_000 + ";", ["&#" + "9" * 5_000 + ";"]),
    ],
)
def test_html_becomes_parts(html: str, parts: list[Any]) -> None:
    assert parts_of_html(html, in_archive) == parts


TAGS = st.sampled_from(
    ["<b>", "</b>", "<a href='https://a.example'>", "</a>", "<br>", "<li>", "<pre>", "</pre>", "<img alt=x src=in.png>"]
)


@given(st.lists(st.one_of(TAGS, st.text()), max_size=20).map("".join))
@example("<a href='java\nscript:x'>")
def test_any_text_becomes_parts_of_the_known_forms(html: str) -> None:
    for part in parts_of_html(html, in_archive):
        if isinstance(part, str):
            assert part
        elif part != BREAK:
            assert isinstance(part["text"], str)
            assert part.get("image") in {None, "files/in.png"}
            assert re.fullmatch(r"(?i)(https?://|mailto:).+", part.get("link", "mailto:x"))


@given(st.text(st.characters(exclude_characters="<>&", exclude_categories=("Cc", "Cs", "Zs")), min_size=1))
def test_a_text_without_markup_is_one_part(text: str) -> None:
    assert parts_of_html(text, in_archive) == [text]


@pytest.mark.parametrize("piece", ["<", "<a ", "<a '", "<!--", "<b>", "&", "<a x='", "<img alt=", "</a>", "<li>"])
def test_repeated_pieces_of_markup_take_time_in_proportion(piece: str) -> None:
    """A quadratic reader would take minutes, and the test's time limit end it."""
    assert len(parts_of_html(piece * 50_000, in_archive)) <= 100_000
