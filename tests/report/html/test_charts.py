"""Charts as SVG: what they show, in the page's own colours, and that no text leaves its place."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt.findings import Severity
from hcfmt.report.html.charts import TOP, Chart, charts, findings_chart
from tests.support.report_samples import EMPTY, INVENTORY, company, months, room, user, week

NAMES = ["months", "hours", "busiest_rooms", "busiest_users", "attachments"]
COUNTS = [("HC301", Severity.ERROR, 12_345), ("HC401", Severity.WARNING, 120), ("HC710", Severity.INFO, 3)]


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(f'<svg viewBox="{chart.view_box}">{chart.drawing}</svg>')  # noqa: S314 - our own drawing


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in parsed(chart).iter("text")]


def drawn(name: str, **changes: Any) -> Chart:  # noqa: ANN401 - a part of an inventory
    return charts({**INVENTORY, **changes})[name]


def all_charts() -> Mapping[str, Chart]:
    findings = findings_chart(COUNTS)
    assert findings
    return {**charts(company()), "findings": findings}


def test_there_is_a_chart_of_each_table_with_numbers_to_compare() -> None:
    assert list(charts(company())) == list(charts(INVENTORY)) == NAMES


def test_what_is_empty_has_no_chart() -> None:
    assert charts(EMPTY) == {}
    assert findings_chart([]) is None


@pytest.mark.parametrize("name", [*NAMES, "findings"])
def test_a_chart_has_the_colours_of_the_page_and_needs_no_style_of_its_own(name: str) -> None:
    chart = all_charts()[name]
    colours = {
        element.get(attribute)
        for element in parsed(chart).iter()
        for attribute in ("fill", "stroke")
        if element.get(attribute)
    }
    assert {
        colour
        for colour in colours
        if not re.fullmatch(r"currentColor|none|transparent|var\(--[a-z0-9-]+\)", str(colour))
    } == set()
    assert colours & {"var(--chart-1)", "var(--chart-3)", "var(--error)"}
    attributes = {name for element in parsed(chart).iter() for name in element.attrib}
    assert not attributes & {"id", "style", "role", "href", "class=style"}
    assert not any(attribute.startswith(("aria-", "on")) for attribute in attributes)


@pytest.mark.parametrize(
    ("name", "changes", "description"),
    [
        (
            "months",
            {"months": months(m2018_01=(1, 2), m2018_03=(7, 0))},
            "10 messages from 2018-01 to 2018-03; most in 2018-03.",
        ),
        ("hours", {"hours": week((6, 9, 3), (2, 0, 1))}, "Most messages were sent on Sunday from 09:00 to 09:59 UTC."),
        ("busiest_rooms", {"busiest_rooms": [room(7, 1_200, "Ops"), room(3, 8)]}, "The rooms: 7 Ops (1,200), 3 (8)."),
        ("busiest_users", {"busiest_users": [user(7, 1_000, 200)]}, "The people: 7 (1,200)."),
    ],
)
def test_a_description_says_what_the_chart_shows(name: str, changes: Mapping[str, Any], description: str) -> None:
    assert drawn(name, **changes).description == description


def test_months_without_messages_between_others_have_a_column_too() -> None:
    labels = texts(drawn("months", months=months(m2018_01=(5, 5), m2018_04=(5, 5))))
    assert [label for label in labels if label.startswith("2018")] == ["2018-01", "2018-02", "2018-03", "2018-04"]


def test_a_date_far_from_the_others_makes_longer_periods_not_more_columns() -> None:
    chart = drawn("months", months=months(m1970_01=(1, 0), m2018_01=(5, 5), m2018_02=(6, 6)))
    assert chart.title == "Messages by year"
    assert len(list(parsed(chart).iter("path"))) < 300


def test_bars_are_the_first_ten_with_their_numbers() -> None:
    labels = texts(drawn("busiest_rooms", busiest_rooms=[room(number, 1_000 - number) for number in range(1, 50)]))
    assert labels == [*map(str, range(1, TOP + 1)), *(f"{1_000 - number}" for number in range(1, TOP + 1))]


def test_findings_have_the_colours_of_their_severities_and_a_legend() -> None:
    chart = findings_chart(COUNTS)
    assert chart
    assert {"error", "warning", "info", "HC301", "12,345"} <= set(texts(chart))
    assert "suspect" not in texts(chart)
    assert chart.description == "Findings of the rules: HC301 (12,345), HC401 (120), HC710 (3)."


@settings(max_examples=25)
@example("\N{GRINNING FACE}" * 40)
@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_any_name_stays_a_label(name: str) -> None:
    def shape(name: str) -> list[str]:
        return [element.tag for element in parsed(drawn("busiest_rooms", busiest_rooms=[room(1, 8, name)])).iter()]

    assert shape(f"x{name}") == shape("x")
