"""Targets of ``hcfmt validate``: V1 to V7."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.contents import Shape
from benchmarks.figures import Figure
from benchmarks.packing import PASSWORD
from benchmarks.processes import HCFMT, MB, PYTHON, ROOT, run
from benchmarks.workplace import OUT, SHAPES, Settings, Side, Workplace, describe, main_shape

MILLION = 1_000_000
SAMPLE = ROOT / "generated/samples/documented.tar.gz.aes"
HISTORY_SCHEMA = ROOT / "schemas/export/room-history.json"
START_REPEAT = 5  # runs that are measured together, as one takes milliseconds
SAMPLED_FILES = 4  # histories that check-jsonschema reads
ARCHIVE_BYTES, MESSAGE_BYTES = MB, 96  # of V7: an archive, and its bytes for each message, roughly
INSIDE = """
import json, sys, time, hcfmt
options = hcfmt.Options(password=sys.argv[2])
times = []
for _ in range(6):
    start = time.process_time()
    assert hcfmt.validate(sys.argv[1], options).exit == 0
    times.append(time.process_time() - start)
print(json.dumps(times[1:]))
"""


def unpacking(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V1: yield the ratio of validating to unpacking, for an archive of messages."""
    shape = main_shape(settings, settings.messages_or(2 * MILLION))
    archive = work.archive(shape)
    sides = work.validate(archive, settings), work.unpack(archive)
    yield work.compare("V1", settings, *sides, work.sizes(shape, archive))


def attachments(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V2: yield the same ratio for an archive of attachments that do not compress."""
    shape = SHAPES["files"](settings.messages_or(2 * MILLION), settings.bytes)
    archive = work.archive(shape)
    sides = work.validate(archive, settings), work.unpack(archive)
    yield work.compare("V2", settings, *sides, work.sizes(shape, archive))


def memory(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V3: yield the peak memory of all processes for V1, V2 and ten times the messages, and the growth of the last."""
    messages = settings.messages_or(2 * MILLION)
    shapes = {
        "V3 messages": main_shape(settings, messages),
        "V3 attachments": SHAPES["files"](messages, settings.bytes),
        "V3 tenfold": main_shape(settings, 10 * messages),
    }
    peaks = {}
    for name, shape in shapes.items():
        archive = work.archive(shape)
        costs = [work.run(work.validate(archive, settings), sampled=True) for _ in range(settings.pairs)]
        peaks[name] = [cost.peak / MB for cost in costs]
        how = "PSS of all processes, sampled every 20 ms"
        yield Figure(name, tuple(peaks[name]), work.sizes(shape, archive), (how,))
        if name == "V3 tenfold":
            archive.unlink()  # it is large
    growth = max(peaks["V3 tenfold"]) / max(peaks["V3 messages"])
    yield Figure("V3 growth", (growth,), f"{messages:,} and {10 * messages:,} messages")


def other_validator(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V4: yield the ratio of check-jsonschema on extracted data files to validating the archive.

    check-jsonschema reads some of the histories; its time without its start is scaled up to the bytes of all of them.
    """
    shape = main_shape(settings, settings.messages_or(2 * MILLION))
    archive = work.archive(shape)
    run(work.unpack(archive).command, work.directory)
    histories = sorted((work.directory / OUT).glob("rooms/*/history.json"))
    chosen = [history for history in histories if history.stat().st_size][:SAMPLED_FILES]
    total, read = (sum(path.stat().st_size for path in paths) for paths in (histories, chosen))
    sampled = [path.rename(work.directory / f"{number}.json").name for number, path in enumerate(chosen)]
    shutil.rmtree(work.directory / OUT)
    checker = (PYTHON, "-m", "check_jsonschema")
    # The base is given because the references of referenced schemas are resolved against it.
    schema = ("--base-uri", HISTORY_SCHEMA.as_uri(), "--schemafile", str(HISTORY_SCHEMA))
    start = Side("its start", (*checker, "--version"))
    check = Side(f"check-jsonschema on {len(chosen)} of {len(histories)} histories", (*checker, *schema, *sampled))
    validate = work.validate(archive, settings)
    costs = [[work.run(side) for side in (validate, check, start)] for _ in range(settings.pairs)]
    ratios = [
        (begin.seconds + max(0.0, checked.seconds - begin.seconds) * total / read) / validated.seconds
        for validated, checked, begin in costs
    ]
    details = [describe(side.title, [row[at] for row in costs]) for at, side in enumerate((validate, check, start))]
    scaled = (
        f"the time of check-jsonschema without its start is scaled up by {total / read:.1f}, the ratio of the bytes"
    )
    yield Figure("V4", tuple(ratios), work.sizes(shape, archive), (*details, scaled))


def start(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V5: yield the ratios of a small validation, and of ``--version``, to starting Python."""
    nothing = Side("python -c pass", (PYTHON, "-c", "pass"), repeat=START_REPEAT)
    validate = (*HCFMT, "validate", *settings.jobs_option, str(SAMPLE))
    for name, title, command, size in (
        ("V5 sample", "hcfmt validate", validate, f"{SAMPLE.name}, {SAMPLE.stat().st_size:,} bytes"),
        ("V5 version", "hcfmt --version", (*HCFMT, "--version"), "no input"),
    ):
        work.run(Side(title, command))  # compiles modules that were never imported
        yield work.compare(name, settings, Side(title, command, repeat=START_REPEAT), nothing, size)


def broken_records(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V6: yield the ratio of validating an archive with broken records to validating one without."""
    messages = settings.messages_or(MILLION)
    broken, sound = main_shape(settings, messages, broken_every=10), main_shape(settings, messages)
    archives = work.archive(broken), work.archive(sound)
    sides = work.validate(archives[0], settings, is_valid=False), work.validate(archives[1], settings)
    titled = [
        replace(side, title=f"{side.title}, {kind}") for side, kind in zip(sides, ("broken", "sound"), strict=True)
    ]
    yield work.compare("V6", settings, titled[0], titled[1], work.sizes(broken, archives[0]))


def many_archives(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """V7: yield the ratio of the CPU of one call for many archives to theirs inside it, and of two ``--jobs``."""
    messages = settings.messages_or(ARCHIVE_BYTES // MESSAGE_BYTES)
    shape = Shape(messages, rooms=20, attachments=0)
    archive = work.archive(shape)
    names = [f"{number}.tar.gz.aes" for number in range(settings.archives)]
    for name in names:
        (work.directory / name).hardlink_to(archive)
    size = f"{settings.archives:,} times {work.sizes(shape, archive)}"
    single = Side("with --jobs 1", (*HCFMT, "validate", "--jobs", "1", *names))
    usual = Side("with the default", (*HCFMT, "validate", *settings.jobs_option, *names))
    costs = []
    inside = []
    for _ in range(settings.pairs):
        inside.append(_cpu_inside(work.directory, archive))
        costs.append((work.run(single), work.run(usual)))
    ratios = [one.cpu / settings.archives / cpu for (one, _), cpu in zip(costs, inside, strict=True)]
    lines = [describe(side.title, [pair[at] for pair in costs]) for at, side in enumerate((single, usual))]
    line = f"one archive inside a call: {min(inside):.4f} s of CPU"
    yield Figure("V7 CPU", tuple(ratios), size, (lines[0], line))
    yield Figure("V7 jobs", tuple(usual.seconds / one.seconds for one, usual in costs), size, tuple(lines))
    for name in names:
        (work.directory / name).unlink()


def _cpu_inside(directory: Path, archive: Path) -> float:
    """Return the CPU seconds of validating an archive in a process that has validated it before."""
    output = directory / "inside.json"
    run((PYTHON, "-c", INSIDE, archive.name, PASSWORD), directory, output=output)
    times: list[float] = json.loads(output.read_text())
    return sum(times) / len(times)
