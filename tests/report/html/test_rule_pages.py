"""Pages of rules as HTML, and what is taken from them to be done."""

import re

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.report.html.rule_pages import advice, page_html

EVERY_RULE = pytest.mark.parametrize("code", RULES)


@EVERY_RULE
def test_what_a_page_says_is_to_be_done_is_found_unless_it_is_nothing(code: str) -> None:
    found = advice(RULES[code].page)
    for text, begin in ((found.before, "While the old server is running"), (found.after, "Afterwards")):
        assert bool(text) != bool(re.search(rf"- {begin}: nothing(?:[.;]| has to)", RULES[code].page))
        assert begin not in text
        assert text[:1] == text[:1].upper()


@EVERY_RULE
def test_the_headings_of_a_page_are_below_those_of_a_report_and_its_links_lead_to_the_documentation(code: str) -> None:
    html = page_html(RULES[code].page)
    assert set(re.findall(r"<h(\d)", html)) == {"4"}
    assert all(
        link.startswith("https://github.com/hcfmt/hcfmt/blob/main/") for link in re.findall(r'href="([^"]*)"', html)
    )


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("nothing.", False),
        ("nothing; the server stored it.", False),
        ("nothing has to be changed there.", False),
        ("nothing, if the text is None.", True),
        ("look for the user there.", True),
    ],
)
def test_nothing_to_do_is_no_advice(text: str, *, needed: bool) -> None:
    page = f"# HC1 a\n\nIt.\n\n## What to do\n\n- While the old server is running: {text}\n- Afterwards: mend it.\n"
    assert bool(advice(page).before) == needed
    assert advice(page).after == "Mend it."


def test_what_is_the_same_afterwards_is_said_again() -> None:
    page = "## What to do\n\n- While the old server is running: copy it.\n- Afterwards: the same. Then check it.\n"
    assert advice(page).after == "Copy it. Then check it."


def test_a_link_to_the_page_of_another_rule_stays_in_a_report_that_has_it() -> None:
    page = "# T\n\n[a](HC401.md) [b](../../../docs/format.md#room)\n"
    web = "https://github.com/hcfmt/hcfmt/blob/main/"
    links = {here: re.findall(r'href="([^"]*)"', page_html(page, frozenset(here))) for here in ((), ("HC401",))}
    assert links == {
        (): [f"{web}hcfmt/check/pages/HC401.md", f"{web}docs/format.md#room"],
        ("HC401",): ["#rule-HC401", f"{web}docs/format.md#room"],
    }


def test_a_page_is_escaped() -> None:
    assert page_html("# T\n\n<script>alert(1)</script> `<b>`\n") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; <code>&lt;b&gt;</code></p>\n"
    )


def test_a_page_without_advice_has_none() -> None:
    assert (advice("# T\n\nText.\n").before, advice("# T\n\nText.\n").after) == ("", "")
