"""Charts of an inventory as SVG: Vega-Lite draws them by the specifications in ``charts/``.

A chart takes its colours from the page: ``currentColor`` and the page's variables, such as ``var(--chart-1)``.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from hcfmt.findings import Severity
from hcfmt.report.inventory_tables import WEEKDAYS, Inventory, period_name, periods, size
from hcfmt.report.tables import cut
from hcfmt.report.visible_text import visible

TOP = 10  # bars of a chart
MOST_COLUMNS = 120
_IN_ROOMS, _PRIVATE = "in rooms", "private"
_SENT = {_IN_ROOMS: "var(--chart-1)", _PRIVATE: "var(--chart-2)"}
_ROW, _EDGE = 22, 26  # pixels of a bar with its gap, and of the legend
_ROOM = 1.3  # of the longest bar, so that its number fits beside it
_LONGEST = 20  # columns of a label; Vega would cut a longer one between the halves of a surrogate pair, and fail
_ROOT = re.compile(r"<svg [^>]*\bviewBox=\"([^\"]*)\"[^>]*>")


_TAG, _ROLE = re.compile(r"<[^>]*>"), re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


class Chart(Struct, frozen=True):
    """A chart: its title, a description for those who do not see it, its drawing, and the SVG inside the element."""

    title: str
    description: str
    view_box: str
    drawing: Markup


class _Bar(Struct, frozen=True):
    """One bar: its label, its parts by kind, and the text at its end."""

    label: str
    parts: Mapping[str, int]
    text: str = ""


def charts(inventory: Inventory) -> Mapping[str, Chart]:
    """Return the charts of an inventory that have anything to show, by the name of their table."""
    return {name: chart for name, draw in _CHARTS.items() if (chart := draw(inventory))}


def findings_chart(counts: Sequence[tuple[str, Severity, int]]) -> Chart | None:
    """Return the chart of the numbers of findings by rule, given (code, severity, number) in the order of bars."""
    bars = [
        _Bar(cut(visible(code), _LONGEST), {severity: count}, f"{count:,}") for code, severity, count in counts[:TOP]
    ]
    colours = {severity.value: f"var(--{severity})" for severity in Severity}
    used = {kind: colour for kind, colour in colours.items() if any(kind in bar.parts for bar in bars)}
    what = "Findings of the rules" if len(counts) <= TOP else f"Findings of the first {TOP} rules"
    return _bars("Findings by rule", what, bars, used)


def _months(inventory: Inventory) -> Chart | None:
    title, length, counts = periods(inventory["months"], MOST_COLUMNS, gaps=True)
    named = [(period_name(number, length), dict(zip(_SENT, pair, strict=True))) for number, pair in counts.items()]
    if not named:
        return None
    most, total = max(named, key=lambda period: sum(period[1].values()))[0], sum(map(sum, counts.values()))
    description = f"{total:,} messages from {named[0][0]} to {named[-1][0]}; most in {most}."
    values = [value for label, parts in named for value in _parts(label, parts)]
    return _chart(f"Messages by {title.lower()}", description, "columns", values, colours=_SENT)


def _hours(inventory: Inventory) -> Chart | None:
    values = [
        {"row": WEEKDAYS[day][:3], "column": hour, "amount": count}
        for day, hours in enumerate(inventory["hours"])
        for hour, count in enumerate(hours)
    ]
    most = max(values, key=lambda value: value["amount"])
    if not most["amount"]:
        return None
    day = next(day for day in WEEKDAYS if day.startswith(str(most["row"])))
    description = f"Most messages were sent on {day} from {most['column']:02}:00 to {most['column']:02}:59 UTC."
    return _chart("Messages by weekday and hour", description, "heat-map", values)


def _rooms(inventory: Inventory) -> Chart | None:
    rows = inventory["busiest_rooms"]
    bars = [
        _Bar(_label(row["room"], row["name"]), {_IN_ROOMS: row["messages"]}, f"{row['messages']:,}") for row in rows
    ]
    return _bars("Rooms by size", _first_of("rooms", rows), bars, {_IN_ROOMS: _SENT[_IN_ROOMS]})


def _users(inventory: Inventory) -> Chart | None:
    rows = inventory["busiest_users"]
    bars = [
        _Bar(
            _label(row["user"], row["name"]),
            {_IN_ROOMS: row["room"], _PRIVATE: row["private"]},
            f"{row['room'] + row['private']:,}",
        )
        for row in rows
    ]
    return _bars("People by activity", _first_of("people", rows), bars, _SENT)


def _attachments(inventory: Inventory) -> Chart | None:
    rows = inventory["attachments"]
    bars = [_Bar(row["type"], {"bytes": row["bytes"]}, f"{size(row['bytes'])} in {row['count']:,}") for row in rows]
    return _bars("Files by type and size", _first_of("types of file", rows), bars, {"bytes": "var(--chart-3)"})


_CHARTS: Mapping[str, Callable[[Inventory], Chart | None]] = {
    "months": _months,
    "hours": _hours,
    "busiest_rooms": _rooms,
    "busiest_users": _users,
    "attachments": _attachments,
}


def _first_of(noun: str, rows: Sequence[object]) -> str:
    return f"The first {TOP} {noun}" if len(rows) > TOP else f"The {noun}"


def _label(number: int, name: str | None) -> str:
    """Return the label of a room or a user: the id, and the name where it is shown."""
    return cut(visible(f"{number} {name}" if name else str(number)), _LONGEST)


def _bars(title: str, what: str, bars: Sequence[_Bar], colours: Mapping[str, str]) -> Chart | None:
    """Return a chart of horizontal bars; its description lists them."""
    shown = [bar for bar in bars[:TOP] if sum(bar.parts.values())]
    if not shown:
        return None
    longest = max(sum(bar.parts.values()) for bar in shown)
    description = f"{what}: {', '.join(f'{bar.label} ({bar.text})' for bar in shown)}."
    values = [value for bar in shown for value in _parts(bar.label, bar.parts, bar.text)]
    height = _ROW * len(shown) + (_EDGE if len(colours) > 1 else 0)
    return _chart(title, description, "bars", values, colours=colours, height=height, longest=longest * _ROOM)


def _parts(label: str, parts: Mapping[str, int], text: str = "") -> Iterable[dict[str, Any]]:
    """Yield the values of a bar's parts; the first one has the text."""
    total = sum(parts.values())
    for order, (kind, amount) in enumerate(parts.items()):
        yield {
            "label": label,
            "kind": kind,
            "amount": amount,
            "order": order,
            "total": total,
            "text": "" if order else text,
        }


def _chart(
    title: str,
    description: str,
    name: str,
    values: Sequence[Mapping[str, Any]],
    *,
    colours: Mapping[str, str] | None = None,
    height: int | None = None,
    longest: float | None = None,
) -> Chart:
    specification = json.loads(_text(f"{name}.json"))
    specification["data"] = {"values": values}
    encodings = [part["encoding"] for part in (specification, *specification.get("layer", ())) if "encoding" in part]
    for encoding in encodings:
        if colours and "color" in encoding:
            encoding["color"]["scale"] = {"domain": list(colours), "range": list(colours.values())}
            if len(colours) == 1:
                encoding["color"]["legend"] = None
        if longest and "x" in encoding:
            encoding["x"]["scale"] = {"domain": [0, longest], "nice": False}
    if height:
        specification["height"] = height
    view_box, drawing = drawn(json.dumps(specification))
    return Chart(title, description, view_box, Markup(drawing))  # noqa: S704 - Vega escapes texts, and they are visible


@lru_cache(256)
def drawn(specification: str) -> tuple[str, str]:
    """Return the view box of a drawing in SVG, and all that is inside its element, without roles of its parts."""
    import vl_convert  # noqa: PLC0415 - 80 MB that only this needs

    svg = vl_convert.vegalite_to_svg(specification, config=json.loads(_text("config.json")), allowed_base_urls=[])
    root = _ROOT.match(svg)
    assert root  # noqa: S101 - as Vega writes it
    return root[1], _TAG.sub(lambda tag: _ROLE.sub("", tag[0]), svg[root.end() :].removesuffix("</svg>"))


@cache
def _text(name: str) -> str:
    return files("hcfmt.report.html").joinpath("charts", name).read_text("utf-8")
