"""Sections of the rules' pages, and the archives of their examples."""

import re
import tempfile
from pathlib import Path

from hcfmt.check.catalogue import Rule
from hcfmt.corpus.breaking import break_archive
from tests.support.recipes import PASSWORD, SAMPLE, Cooked, cook

RECIPES = ("Bad", "Good")
NO_RECIPE = "(no archive causes this)"
_BREAKING = re.compile(r"\(hcfmt break --rule (HC\d+)\)")


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


def example(text: str) -> Cooked:
    """Make the archive of an example: by its recipe, or by the damage that it names."""
    damage = _BREAKING.fullmatch(text)
    if damage is None:
        return cook(text)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "broken.tar.gz.aes")
        break_archive(SAMPLE, path, damage[1], password=PASSWORD)
        return Cooked(path.name, path.read_bytes(), {})
