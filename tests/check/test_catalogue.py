"""The catalogue: its rows, the functions of its rules, and the layers below that report to its rules.

Codes, names and severities are a contract; ``tests/generated`` holds them to what was published.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hcfmt
from hcfmt.check.catalogue import CODES, REPORTED_BELOW, RULES, Rule, by_code
from hcfmt.check.rules import CHECKS
from hcfmt.export import jsonscan
from hcfmt.export.records import WRAPPERS
from hcfmt.findings import Severity

PACKAGE = Path(hcfmt.__file__).parent
MODULES = sorted(path for package in ("container", "export", "check") for path in (PACKAGE / package).rglob("*.py"))

DECIDED_HERE = {
    *("member", "layout", "export", "User", "Room"),
    *WRAPPERS["export/room-history"],
    *WRAPPERS["export/user-history"],
}


def test_every_rule_stands_below_its_own_code() -> None:
    assert all(code == rule.code for code, rule in RULES.items())


def test_codes_are_sorted_and_unique() -> None:
    assert list(RULES) == sorted(set(RULES))


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_code_names_its_area_and_a_name_is_kebab_case(rule: Rule) -> None:
    assert re.fullmatch(r"HC[0-8X][0-9]{2}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)+", rule.name)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_first_paragraph_of_a_page_is_one_line_of_whole_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"\S.*\.\)?", rule.summary)


def test_two_rows_of_one_code_stop_the_import() -> None:
    again = Rule("HC001", "again", Severity.INFO, "archive", "archive")
    with pytest.raises(RuntimeError, match="same code"):
        by_code([*RULES.values(), again])


def test_every_subject_is_one_that_the_check_looks_at() -> None:
    subjects = {subject for rule in RULES.values() for subject in rule.subjects}
    assert subjects == REPORTED_BELOW | DECIDED_HERE


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_function_if_and_only_if_its_flaws_are_not_reported_by_a_lower_layer(rule: Rule) -> None:
    below = REPORTED_BELOW.issuperset(rule.subjects)
    assert below or DECIDED_HERE.issuperset(rule.subjects), (
        f"{rule.subject!r} is neither a part of {sorted(REPORTED_BELOW)} nor of {sorted(DECIDED_HERE)}"
    )
    assert (rule.code in CHECKS) != below, f"nothing calls the function of a rule about {rule.subject!r}"


def test_every_function_has_a_row() -> None:
    assert CHECKS.keys() <= RULES.keys()
    assert [code for code, check in CHECKS.items() if getattr(check, "__name__") != snake_case(code)] == []  # noqa: B009 - any callable


def snake_case(code: str) -> str:
    return RULES[code].name.replace("-", "_")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_lower_layers_report_defects_by_the_name_of_a_rule(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    defects = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"Defect", "Fault"}]
    names = {call.args[0].value for call in defects if isinstance(call.args[0], ast.Constant)}
    assert names <= CODES.keys()


def test_the_json_scanner_reports_defects_by_the_name_of_a_rule() -> None:
    assert CODES.keys() >= jsonscan.FATAL | jsonscan.UNRELIABLE


def test_loading_the_catalogue_reads_no_page() -> None:
    script = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None); "
        "from hcfmt.check.catalogue import RULES; assert not [path for path in opened if path.endswith('.md')]; "
        "assert 'importlib.resources' not in sys.modules; RULES['HC001'].page; "
        "assert len([path for path in opened if path.endswith('.md')]) == 1"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
