"""Values of the moment in which a thread is told: numbers of tickets and builds, which rise, times, dates, URLs."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

from hcfmt.generation import hard_texts
from hcfmt.generation.activity import DAY, HOUR
from hcfmt.generation.dialogue.scenes import Filler, Scene
from hcfmt.generation.vocabulary import pick

_TICKETS, _PULLS, _BUILDS, _RELEASES = 5 * HOUR, 9 * HOUR, 2 * HOUR, 9 * DAY  # from one to the next
_MINORS, _PATCHES = 6, 4  # releases of a major and of a minor version
_OLDER = 40  # tickets between two that a thread names
_QUARTERS = 4  # of an hour; times in texts are full quarters
_LAST_QUARTER = 95  # of a day
_NEXT_DAYS = 4  # within which a coming working day is
_SATURDAY = 5
_HARD = 0.4  # share of hard URLs in nasty plans
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LEAST_SLUG = 3  # letters
_SLUGS = 1_000  # of pages, kept
_PICTURES = ("png", "jpg", "gif")


def moments(words: Mapping[str, Filler], calendar: Mapping[str, Any]) -> dict[str, Filler]:
    """Return what fills the gaps that no table and no variant fills, by the gap.

    ``words`` are those that values are made of, ``calendar`` the names and the form of dates of a language.
    """
    kept: dict[str, Filler] = {
        "time": lambda scene: _clock(scene, 1 + int(scene.draw() * 14)),
        "earlier": lambda scene: _clock(scene, -int(scene.draw() * 12)),
        "weekday": partial(_weekday, calendar),
        "month": lambda scene: str(calendar["months"][scene.today.month - 1]),
        "year": lambda scene: str(scene.today.year),
        "commit": lambda scene: f"{int(scene.draw() * (1 << 28)):07x}",
        **{gap: partial(_date, calendar, days) for gap, days in _DATES.items()},
        **_COUNTED,
    }
    return {
        **words,
        "domain": lambda scene: scene.stage.company.domain,
        **{gap: partial(shared, gap, filler) for gap, filler in kept.items()},
        **{gap: Number(gap, numbers, is_shared=True) for gap, numbers in _NUMBERS.items()},
        **{gap: Number(gap, numbers, is_shared=False) for gap, numbers in _ANEW.items()},
        "number": lambda scene: _MANY[int(scene.draw() * len(_MANY))],  # unless a room is about one
        **{f"url.{name}": partial(_url, f"url.{name}", url) for name, url in _URLS.items()},
        **{f"link.{name}": partial(_link, name) for name in _URLS},
    }


_MANY = [*map(str, range(100, 10_000, 3))]
_NUMBERS: Mapping[str, Sequence[str]] = {
    "n": [*map(str, range(2, 41))],
    "few": [*map(str, range(2, 7))],
    "many": _MANY,
    "percent": [*map(str, range(50, 100))],
    "minutes": [*map(str, range(5, 50, 5))],
}
# Drawn anew at each place.
_ANEW: Mapping[str, Sequence[str]] = {"digit": [*map(str, range(1, 10))], "octet": [*map(str, range(1, 255))]}
_DATES: Mapping[str, int] = {"yesterday_date": -1, "date": 0, "tomorrow_date": 1}


def shared(gap: str, filler: Filler, scene: Scene) -> str:
    """Return a value that is drawn once for a thread."""
    scene[gap] = value = filler(scene)
    return value


class Number:
    """Fills a gap with a number: another one at each place, or the same in a whole thread."""

    def __init__(self, gap: str, numbers: Sequence[str], *, is_shared: bool) -> None:
        """Take the gap and the numbers to draw from."""
        self._gap, self._numbers, self._is_shared = gap, numbers, is_shared

    def __call__(self, thread: Any) -> str:  # noqa: ANN401 - a Scene or a draft of one
        """Return the number."""
        number = self._numbers[int(thread.draw() * len(self._numbers))]
        if self._is_shared:
            thread[self._gap] = number
        return number


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


def _ticket(scene: Scene) -> str:
    prefix = scene["prefix"]
    return f"{prefix}-{scene.stage.count(prefix, scene.second, _TICKETS)}"


def _other_ticket(scene: Scene) -> str:
    prefix, _, number = scene["ticket"].rpartition("-")
    return f"{prefix}-{int(number) - 1 - int(scene.draw() * _OLDER)}"


def _number(name: str, interval: int, scene: Scene) -> str:
    counted = f"{name} {scene['service']}"
    return f"#{scene.stage.count(counted, scene.second, interval)}"


def _version(ahead: int, scene: Scene) -> str:
    release = scene.stage.count(f"release {scene['service']}", scene.second, _RELEASES) + ahead
    minor, patch = divmod(release, _PATCHES)
    return f"{minor // _MINORS % 10 + 1}.{minor % _MINORS}.{patch}"


_COUNTED: Mapping[str, Filler] = {
    "ticket": _ticket,
    "other_ticket": _other_ticket,
    "build": partial(_number, "build", _BUILDS),
    "pull": partial(_number, "pull", _PULLS),
    "version": partial(_version, 0),
    "next_version": partial(_version, 1),
}


def _url(gap: str, url: Filler, scene: Scene) -> str:
    """Return the URL of what a thread is about."""
    link = url(scene)
    if scene.stage.is_nasty and scene.draw() < _HARD:
        link += pick(scene.stage.random, hard_texts.QUERIES)
    scene[gap] = link
    return link


def _link(name: str, scene: Scene) -> str:
    """Return the URL of what a thread is about; a page, a video and a picture are previewed each time."""
    link = scene[f"url.{name}"]
    if name in _PREVIEWS:
        scene.preview = _PREVIEWS[name](link, scene)
    return link


def _page(scene: Scene) -> str:
    return f"https://wiki.{scene.stage.company.domain}/{_slug(scene['page'])}"


@lru_cache(_SLUGS)
def _slug(title: str) -> str:
    slug = _NO_SLUG.sub("-", title.lower()).strip("-")
    if len(slug) < _LEAST_SLUG or not title.isascii():
        slug = quote(title.replace(" ", "+"), safe="+")
    return slug


def _build(scene: Scene) -> str:
    return f"https://ci.{scene.stage.company.domain}/{scene['service']}/{scene['build'][1:]}"


def _pull(scene: Scene) -> str:
    return f"https://code.{scene.stage.company.domain}/{scene['service']}/pulls/{scene['pull'][1:]}"


_URLS: Mapping[str, Filler] = {
    "build": _build,
    "graph": lambda scene: f"https://graphs.{scene.stage.company.domain}/d/{scene['service']}",
    "image": lambda scene: (
        f"https://static.{scene.stage.company.domain}/images/{scene['commit']}.{scene.pick(*_PICTURES)}"
    ),
    "page": _page,
    "pull": _pull,
    "ticket": lambda scene: f"https://tickets.{scene.stage.company.domain}/browse/{scene['ticket']}",
    "video": lambda scene: f"https://video.{scene.stage.company.domain}/watch?v={scene['commit']}",
}


def _preview(kind: str, url: str, scene: Scene) -> dict[str, str]:
    """Return the preview of a link, its properties in the order of the documented sample."""
    host = "/".join(url.split("/", 3)[:3])
    title = scene["page"]
    if scene.stage.is_nasty and scene.draw() < _HARD:
        title = hard_texts.text(scene.stage.random, title)
    return {"url": url, "image": f"{host}/preview.png", "type": kind, "name": title}


# A picture is its own preview, as in the documented sample.
_PREVIEWS: Mapping[str, Callable[[str, Scene], dict[str, str]]] = {
    "image": lambda url, _scene: {"url": url, "image": url, "type": "image", "name": ""},
    "page": partial(_preview, "link"),
    "video": partial(_preview, "video"),
}
