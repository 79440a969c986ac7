"""Measures what each step of a validation costs, in nanoseconds of CPU a message, by calling hcfmt's own functions."""

import gc
import pickle
from collections.abc import Callable, Sequence
from itertools import pairwise
from time import process_time

from benchmarks.contents import Shape
from benchmarks.packing import PASSWORD
from benchmarks.workplace import Settings, Workplace
from hcfmt import Budget
from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.slice_check import check_slice
from hcfmt.container import open_archive
from hcfmt.export.layout import MemberLayout, layout_of
from hcfmt.export.record_types import decoder
from hcfmt.export.slices import Slice, Slicer
from hcfmt.export.typed_documents import accept_document

MESSAGES = 200_000
REPETITIONS = 5
NANO = 1_000_000_000
CONTEXT = CheckContext()

_Files = list[tuple[str, MemberLayout, list[bytes]]]


def measure_steps(work: Workplace, settings: Settings) -> dict[str, float]:
    """Return the nanoseconds a message of each step, the least of five runs, for an archive of V1's kind.

    "unpack" is the CPU of openssl and tar, "unpack elapsed" the time that passes: they run beside each other.
    """
    gc.disable()  # records have no cycles, and hcfmt itself searches for garbage rarely
    messages = settings.messages_or(MESSAGES)
    archive = work.archive(Shape(messages))
    files: _Files = []
    slices: list[Slice] = []
    facts: list[Facts] = []

    def read() -> None:
        files.clear()
        with open_archive(str(archive), password=PASSWORD) as opened:
            for member in opened.members():
                row = layout_of(member.path)
                chunks = list(member.chunks)
                if row and row.schema:
                    files.append((member.path, row, chunks))

    def cut() -> None:
        slices[:] = _slices(files)

    def check() -> None:
        facts[:] = [check_slice(slice_, CONTEXT)[0] for slice_ in slices]

    steps = {"read": _least(read), "cut": _least(cut), "check": _least(check)}
    steps |= _check_steps(slices) | _transfer_steps(slices, facts)
    steps["merge"] = _least(lambda: _merge(facts), 1)  # a merge changes the facts
    costs = [work.run(work.unpack(archive)) for _ in range(REPETITIONS)]
    steps["unpack"] = min(cost.cpu for cost in costs)
    steps["unpack elapsed"] = min(cost.seconds for cost in costs)
    return {name: float(round(seconds / messages * NANO)) for name, seconds in steps.items()}


def _slices(files: _Files) -> list[Slice]:
    slices: list[Slice] = []
    for path, row, chunks in files:
        slicer = Slicer(path, row, iter(chunks), Budget())
        slices += iter(slicer.next_slice, None)
    return slices


def _check_steps(slices: Sequence[Slice]) -> dict[str, float]:
    """Return the seconds of the parts of a slice's check, slice by slice, as the check itself goes through them."""
    runs = []
    for _ in range(REPETITIONS):
        seconds = [0.0, 0.0, 0.0]
        for slice_ in slices:
            text = slice_.array() if slice_.listed else slice_.text
            start = process_time()
            decoder(slice_.schema).decode(text or b"[]")
            decoded = process_time()
            records = accept_document(slice_.schema, text or b"[]")
            accepted = process_time()
            extract_facts(slice_.schema, slice_.member, records, CONTEXT, proven=True)
            times = start, decoded, accepted, process_time()
            seconds = [total + end - begin for total, (begin, end) in zip(seconds, pairwise(times), strict=True)]
        decode, accept, extract = seconds
        runs.append((decode, accept - decode, extract))  # accepting a document decodes it again
    return dict(zip(("check: decode", "check: validate", "check: extract"), map(min, *runs), strict=True))


def _transfer_steps(slices: Sequence[Slice], facts: Sequence[Facts]) -> dict[str, float]:
    """Return the seconds of pickling for another process: here and there, both the slices and their facts."""
    sent = [pickle.dumps((slice_, CONTEXT), pickle.HIGHEST_PROTOCOL) for slice_ in slices]
    received = [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in facts]

    def here() -> None:
        for slice_, text in zip(slices, received, strict=True):
            pickle.dumps((slice_, CONTEXT), pickle.HIGHEST_PROTOCOL)
            pickle.loads(text)  # noqa: S301 - made above

    def there() -> None:
        for text, each in zip(sent, facts, strict=True):
            pickle.loads(text)  # noqa: S301 - made above
            pickle.dumps(each, pickle.HIGHEST_PROTOCOL)

    return {"pickle here": _least(here), "pickle there": _least(there)}


def _merge(facts: Sequence[Facts]) -> None:
    total = Facts(Tally(CONTEXT.keep))
    for each in facts:
        total.append(each)


def _least(step: Callable[[], object], repetitions: int = REPETITIONS) -> float:
    """Return the CPU seconds of a step, the least of some runs."""
    times = []
    for _ in range(repetitions):
        start = process_time()
        step()
        times.append(process_time() - start)
    return min(times)
