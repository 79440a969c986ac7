"""Sections of the rules' pages."""

import re

from hcfmt.check.catalogue import Rule

RECIPES = ("Bad", "Good")


NO_RECIPE = "(no archive causes this)"


def sections(rule: Rule) -> list[tuple[str, str]]:
    """Return (title, text) of every section of a page but the last, in order; of an example its recipe."""
    _, *parts = re.split(r"^## ", rule.page.removesuffix(rule.page_end), flags=re.MULTILINE)
    last, _, evidence = parts[-1].partition("\n\nEvidence: ")
    rows = [part.partition("\n\n") for part in (*parts[:-1], last)]
    found = [(title, _recipe(rule, text) if title in RECIPES else text.strip()) for title, _, text in rows]
    return [*found, ("Evidence", evidence.strip())]


def _recipe(rule: Rule, text: str) -> str:
    fenced = re.fullmatch(r"```text\n(.+)\n```\n*", text, re.DOTALL)
    assert fenced, f"{rule.code}: an example is one fenced block of text"
    return fenced[1]
