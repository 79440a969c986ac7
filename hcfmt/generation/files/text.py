"""Text files of an exact size: notes, tables, logs and JSON, row after row, without holding them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

LEAST = 256  # bytes of the smallest: more than any head with its last row

_BEGIN = datetime(2017, 1, 2, 8, 0)  # noqa: DTZ001 - written down, never compared with a clock
_TAILS, _ROWS = 400, 60  # different ends of rows in a file; rows that share a stamp
_FILLING = b"checked against the list of last month and found to agree with it in every point, "

_REGIONS = ("north", "south", "east", "west", "overseas")
_GOODS = (
    "Desk lamp",
    "Office chair",
    "Whiteboard",
    "Paper, A4",
    "Toner",
    "Headset",
    "Monitor arm",
    "Cable, 2 m",
    "Mug",
)
_REMARKS = ("", "", "", "paid", "on account", '"returned, see note"', "express", "gift")
_LEVELS = (("INFO ", 86), ("DEBUG", 8), ("WARN ", 5), ("ERROR", 1))
_SERVICES = ("web-1", "web-2", "worker-3", "worker-4", "mailer", "search", "scheduler")
_PATHS = ("/", "/login", "/orders", "/orders/export", "/users/me", "/search", "/health", "/static/app.js")
_EVENTS = ("build.started", "build.passed", "build.failed", "deploy.started", "deploy.finished", "review.asked")
_BRANCHES = ("main", "release", "fix/time-zones", "feature/export", "feature/search", "docs/install")
_WHO = ("Support", "Sales", "The web team", "Operations", "Design", "Finance", "The office", "Marketing", "Everyone")
_DOES = ("will look at", "has finished", "asks for help with", "would like to move", "is blocked by", "goes on with")
_WHAT = ("the new search", "the move to the data centre", "the price list", "the onboarding pages", "the summer party",
         "the export of old orders", "the coffee machine", "the customer survey", "the release notes")  # fmt: skip
_WHEN = ("by Friday", "next week", "before the release", "after the holidays", "today", "in the next sprint")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind of file is written: its head, its rows, and a last row around a filling of any length.

    A row is a stamp's format (of ``datetime.strftime``), the row's number in its stamp, and an end. All is ASCII.
    """

    head: str
    row: str
    end: Callable[[Random], str]
    last: tuple[bytes, bytes]


def plain(random: Random, kind: str, size: int) -> Iterator[bytes]:
    """Yield a file of the kind "txt", "csv", "log" or "json", of exactly so many bytes (``LEAST`` at least)."""
    form = _FORMS[kind]
    before, after = form.last
    room = size - len(form.head) - len(before) - len(after)
    yield form.head.encode()
    blocks = _blocks(random, form)
    while len(block := next(blocks)) <= room:
        room -= len(block)
        yield block
    fitting = block[: block.rfind(b"\n", 0, room) + 1]
    room -= len(fitting)
    yield fitting
    yield before + (_FILLING * (room // len(_FILLING) + 1))[:room] + after


def _blocks(random: Random, form: _Form) -> Iterator[bytes]:
    """Yield whole rows without end; only their stamps and the order of their ends are new in each block."""
    ends = [form.end(random) for _ in range(_TAILS)]
    numbers = [f"{number:02}" for number in range(_ROWS)]
    now = _BEGIN + timedelta(minutes=random.randrange(600_000))
    while True:
        stamp, between = now.strftime(form.row).split("#")
        rows = zip(numbers, random.choices(ends, k=_ROWS), strict=True)
        yield "".join([f"{stamp}{number}{between}{end}\n" for number, end in rows]).encode()
        now += timedelta(minutes=1)


def _remark(random: Random) -> str:
    sentence = f"{random.choice(_WHO)} {random.choice(_DOES)} {random.choice(_WHAT)} {random.choice(_WHEN)}."
    return sentence + random.choice(("", "", "\n", "\n  (Who else is in?)"))


def _sale(random: Random) -> str:
    pieces, cents = random.randrange(1, 60), random.randrange(195, 24_900)
    goods = random.choice(_GOODS)
    quoted = f'"{goods}"' if "," in goods else goods
    price, total = cents / 100, pieces * cents / 100
    return f"{random.choice(_REGIONS)},{quoted},{pieces},{price:.2f},{total:.2f},{random.choice(_REMARKS)}"


def _request(random: Random) -> str:
    level = random.choices([word for word, _ in _LEVELS], [share for _, share in _LEVELS])[0]
    status = {"ERROR": 500, "WARN ": 404}.get(level, 200)
    request = f"GET {random.choice(_PATHS)} {status} in {int(random.expovariate(0.02)) + 1} ms"
    return f"{level} {random.choice(_SERVICES)} [{random.getrandbits(32):08x}] {request}"


def _event(random: Random) -> str:
    event, branch = random.choice(_EVENTS), random.choice(_BRANCHES)
    commit, seconds = random.getrandbits(40), random.randrange(4, 900)
    return f'"event": "{event}", "branch": "{branch}", "commit": "{commit:010x}", "seconds": {seconds}}},'


_FORMS = {
    "txt": _Form("Notes\n=====\n\n", "- %d/%m %H:%M:# ", _remark, (b"\nAll of this was ", b"... that is it.\n")),
    "csv": _Form(
        "date,number,region,goods,pieces,price,total,remark\n",
        "%Y-%m-%d,%d%H%M#,",
        _sale,
        (b'2018-12-31,0,,,0,0.00,0.00,"', b'... closed"\n'),
    ),
    "log": _Form("", "%Y-%m-%dT%H:%M:#.000Z ", _request, (b"2018-12-31T23:59:59.000Z INFO  log ", b"... closed\n")),
    "json": _Form(
        "[\n", ' {"at": "%Y-%m-%dT%H:%M:#Z", ', _event, (b' {"at": null, "event": "end", "note": "', b'..."}\n]\n')
    ),
}

KINDS = tuple(_FORMS)
