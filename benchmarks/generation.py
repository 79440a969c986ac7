"""Targets of ``hcfmt generate``: G1 and G2."""

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.packing import PASSWORD
from benchmarks.processes import HCFMT, PYTHON, run, shell
from benchmarks.workplace import Settings, Side, Workplace

MILLION = 1_000_000
USERS, ROOMS = 1_000, 400  # of the profile "large"


def generate(messages: int, settings: Settings, output: str) -> Side:
    """Return ``hcfmt generate`` of the profile "large", without attachments."""
    profile = ("--profile", "large", "--messages", str(messages), "--attachments", "0", "--attachment-bytes", "0")
    command = (*HCFMT, "generate", *profile, "--force", *settings.jobs_option, "-o", output)
    return Side("hcfmt generate", command)


def packing(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """G1: yield the ratio of generating an archive to packing its tree."""
    messages = settings.messages_or(MILLION)
    run(generate(messages, settings, "tree").command, work.directory)
    encrypt = f"openssl enc -aes-256-cbc -md md5 -pass pass:{PASSWORD} -out packed 2>openssl.log"
    pack = Side("tar czf - | openssl enc", shell(f"tar czf - -C tree . | {encrypt}"))
    size = _size(work, messages)
    yield work.compare("G1", settings, generate(messages, settings, "big.tar.gz.aes"), pack, size)


def plain_script(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """G2: yield the ratio of a plain script with Faker and json.dump to generating the same number of records."""
    messages = settings.messages_or(MILLION)
    script = ("-m", "benchmarks.plain", str(messages), str(USERS), str(ROOMS), "plain")
    plain = Side("a plain script with Faker", (PYTHON, *script))
    size = _size(work, messages)
    yield work.compare("G2", settings, plain, generate(messages, settings, "big.tar.gz.aes"), size)


def _size(work: Workplace, messages: int) -> str:
    return f"{messages:,} messages, {ROOMS} rooms, no attachments, on {work.place}"
