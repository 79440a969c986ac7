"""Values of the moment in which a thread is told: numbers of tickets and builds, which rise, times, dates, URLs."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.scenes import Scene
from hcfmt.generation.vocabulary import pick

Value = Callable[[Scene], str]
"""A function that returns the text of a gap in a thread."""

_HOUR, _DAY = 3_600, 86_400  # seconds
_TICKETS, _PULLS, _BUILDS, _RELEASES = 5 * _HOUR, 9 * _HOUR, 2 * _HOUR, 9 * _DAY  # from one to the next
_MINORS, _PATCHES = 6, 4  # releases of a major and of a minor version
_OLDER = 40  # tickets between two that a thread names
_QUARTERS = 4  # of an hour; times in texts are full quarters
_LAST_QUARTER = 95  # of a day
_NEXT_DAYS = 4  # within which a coming working day is
_SATURDAY = 5
_HARD = 0.4  # share of hard URLs in nasty plans
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LEAST_SLUG = 3  # letters
_PICTURES = ("png", "jpg", "gif")


def moments(words: Mapping[str, Value], calendar: Mapping[str, Any]) -> dict[str, Value]:
    """Return what fills the gaps that no table and no variant fills, by their name.

    ``words`` are those that values are made of, ``calendar`` the names and the form of dates of a language.
    """
    values: dict[str, Value] = {}
    drawn: dict[str, Value] = {
        **words,
        "domain": lambda scene: scene.stage.company.domain,
        "time": lambda scene: _clock(scene, 1 + int(scene.draw() * 14)),
        "earlier": lambda scene: _clock(scene, -int(scene.draw() * 12)),
        "weekday": partial(_weekday, calendar),
        "month": lambda scene: str(calendar["months"][scene.today.month - 1]),
        "year": lambda scene: str(scene.today.year),
        "commit": lambda scene: f"{int(scene.draw() * (1 << 28)):07x}",
        **{name: partial(_drawn, numbers) for name, numbers in _NUMBERS.items()},
        **{name: partial(_date, calendar, days) for name, days in _DATES.items()},
        **{name: partial(make, values) for name, make in _COUNTED.items()},
    }
    values |= {name: partial(shared, name, value) for name, value in drawn.items()}
    values |= {name: partial(_drawn, numbers) for name, numbers in _ANEW.items()}
    values |= {f"link.{name}": partial(_link, name, partial(url, values), values) for name, url in _URLS.items()}
    return values


_NUMBERS: Mapping[str, range] = {
    "n": range(2, 41),
    "few": range(2, 7),
    "many": range(100, 10_000),
    "percent": range(50, 100),
    "minutes": range(5, 50, 5),
}
# Drawn anew at each place.
_ANEW: Mapping[str, range] = {"digit": range(1, 10), "octet": range(1, 255), "number": range(100, 10_000)}
_DATES: Mapping[str, int] = {"yesterday_date": -1, "date": 0, "tomorrow_date": 1}


def shared(name: str, value: Value, scene: Scene) -> str:
    """Return a value that is drawn once for a thread."""
    values = scene.values
    if name not in values:
        values[name] = value(scene)
    return values[name]


def _drawn(numbers: range, scene: Scene) -> str:
    return str(numbers[int(scene.draw() * len(numbers))])


def _clock(scene: Scene, quarters: int) -> str:
    """Return a time on the day of a thread, some quarters of an hour later or earlier, such as 14:30."""
    quarter = min(max(0, scene.minute // 15 + quarters), _LAST_QUARTER)
    return f"{quarter // _QUARTERS}:{quarter % _QUARTERS * 15:02}"


def _weekday(calendar: Mapping[str, Any], scene: Scene) -> str:
    """Return the name of a working day that is not far off."""
    day = scene.today + timedelta(days=1 + int(scene.draw() * _NEXT_DAYS))
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return str(calendar["weekdays"][day.weekday()])


def _date(calendar: Mapping[str, Any], days: int, scene: Scene) -> str:
    return written_date(scene.today + timedelta(days=days), calendar)


def written_date(day: date, calendar: Mapping[str, Any]) -> str:
    """Return a date as a language writes it."""
    return str(
        calendar["date"].format(
            day=day.day,
            month=calendar["months"][day.month - 1],
            month_number=day.month,
            year=day.year,
            weekday=calendar["weekdays"][day.weekday()],
        )
    )


Given = Mapping[str, Value]


def _ticket(given: Given, scene: Scene) -> str:
    prefix = given["prefix"](scene)
    return f"{prefix}-{scene.stage.count(prefix, scene.second, _TICKETS)}"


def _other_ticket(given: Given, scene: Scene) -> str:
    prefix, _, number = given["ticket"](scene).rpartition("-")
    return f"{prefix}-{int(number) - 1 - int(scene.draw() * _OLDER)}"


def _number(name: str, interval: int, given: Given, scene: Scene) -> str:
    counted = f"{name} {given['service'](scene)}"
    return f"#{scene.stage.count(counted, scene.second, interval)}"


def _version(ahead: int, given: Given, scene: Scene) -> str:
    release = scene.stage.count(f"release {given['service'](scene)}", scene.second, _RELEASES) + ahead
    minor, patch = divmod(release, _PATCHES)
    return f"{minor // _MINORS % 10 + 1}.{minor % _MINORS}.{patch}"


_COUNTED: Mapping[str, Callable[..., str]] = {
    "ticket": _ticket,
    "other_ticket": _other_ticket,
    "build": partial(_number, "build", _BUILDS),
    "pull": partial(_number, "pull", _PULLS),
    "version": partial(_version, 0),
    "next_version": partial(_version, 1),
}


def _link(name: str, url: Value, given: Given, scene: Scene) -> str:
    """Return the URL of what a thread is about; a page, a video and a picture are previewed."""
    gap = f"link.{name}"
    if gap not in scene.values:
        link = url(scene)
        if scene.stage.is_nasty and scene.draw() < _HARD:
            link += pick(scene.stage.random, hard_texts.QUERIES)
        scene.values[gap] = link
    link = scene.values[gap]
    if name in _PREVIEWS:
        scene.preview = _PREVIEWS[name](given, link, scene)
    return link


def _page(given: Given, scene: Scene) -> str:
    title = given["page"](scene)
    slug = _NO_SLUG.sub("-", title.lower()).strip("-")
    if len(slug) < _LEAST_SLUG or not title.isascii():
        slug = quote(title.replace(" ", "+"), safe="+")
    return f"https://wiki.{given['domain'](scene)}/{slug}"


def _build(given: Given, scene: Scene) -> str:
    return f"https://ci.{given['domain'](scene)}/{given['service'](scene)}/{given['build'](scene)[1:]}"


def _pull(given: Given, scene: Scene) -> str:
    return f"https://code.{given['domain'](scene)}/{given['service'](scene)}/pulls/{given['pull'](scene)[1:]}"


_URLS: Mapping[str, Callable[[Given, Scene], str]] = {
    "build": _build,
    "graph": lambda given, scene: f"https://graphs.{given['domain'](scene)}/d/{given['service'](scene)}",
    "image": lambda given, scene: (
        f"https://static.{given['domain'](scene)}/images/{given['commit'](scene)}.{scene.pick(*_PICTURES)}"
    ),
    "page": _page,
    "pull": _pull,
    "ticket": lambda given, scene: f"https://tickets.{given['domain'](scene)}/browse/{given['ticket'](scene)}",
    "video": lambda given, scene: f"https://video.{given['domain'](scene)}/watch?v={given['commit'](scene)}",
}


def _preview(kind: str, given: Given, url: str, scene: Scene) -> dict[str, str]:
    """Return the preview of a link, its properties in the order of the documented sample."""
    host = "/".join(url.split("/", 3)[:3])
    title = given["page"](scene)
    if scene.stage.is_nasty and scene.draw() < _HARD:
        title = hard_texts.text(scene.stage.random, title)
    return {"url": url, "image": f"{host}/preview.png", "type": kind, "name": title}


# A picture is its own preview, as in the documented sample.
_PREVIEWS: Mapping[str, Callable[[Given, str, Scene], dict[str, str]]] = {
    "image": lambda _given, url, _scene: {"url": url, "image": url, "type": "image", "name": ""},
    "page": partial(_preview, "link"),
    "video": partial(_preview, "video"),
}
