"""The page about recipes: each of its examples finds what the page says."""

import re
from pathlib import Path

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.container import Budget
from hcfmt.recipes import RecipeError, parse
from hcfmt.recipes.parsing import LONGEST, MOST_LINES
from hcfmt.recipes.source_line import LONGEST_EXPANSION
from hcfmt.recipes.statements import LAYERS, STATEMENTS
from tests.support.recipes import PASSWORD, cook

PAGE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text("utf-8")
EXAMPLES: list[tuple[str, str]] = re.findall(r"```recipe\n(.*?)\n```\n\nFinds: (.*?)\.\n", PAGE, re.DOTALL)


def test_every_example_names_its_findings() -> None:
    assert len(EXAMPLES) == PAGE.count("```recipe")


@pytest.mark.parametrize(("recipe", "codes"), EXAMPLES)
def test_an_example_has_the_findings_on_the_page(tmp_path: Path, recipe: str, codes: str) -> None:
    cooked = cook(recipe)
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    budget = Budget(**cooked.limits)
    report = validate(str(path), Options(password=PASSWORD.encode, budget=budget))
    found = [code for code, count in report.totals.items() if count]
    assert found == [code for code in codes.split(", ") if code != "nothing"]


@pytest.mark.parametrize("keyword", STATEMENTS)
def test_every_keyword_has_an_example(keyword: str) -> None:
    assert any(line.startswith(f"{keyword} ") for recipe, _ in EXAMPLES for line in recipe.split("\n"))


@pytest.mark.parametrize("operator", [" = ", " += ", " -> "])
def test_every_operator_has_an_example(operator: str) -> None:
    assert any(operator in recipe for recipe, _ in EXAMPLES)


@pytest.mark.parametrize("name", [*STATEMENTS, *LAYERS])
def test_the_page_names_every_keyword_and_every_order_of_layers(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_hcfmt_prints_the_error_on_the_page() -> None:
    with pytest.raises(RecipeError) as caught:
        parse("users.json#/0/User/id = nothing")
    assert f"\n{caught.value}\n" in PAGE


def test_the_limits_on_the_page_are_the_limits() -> None:
    assert f"{LONGEST:,} characters and {MOST_LINES:,} lines" in PAGE
    assert f"at most {LONGEST_EXPANSION >> 20} MiB" in PAGE
