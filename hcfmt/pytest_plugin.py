"""A plugin for pytest: exports that nobody wrote, sound or broken, and the assertion that an export is valid; servers.

Installed with hcfmt; what it needs besides pytest is in the extra ``hcfmt[testing]``, and is imported when it is used.
"""

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name

if TYPE_CHECKING:
    from hcfmt.container import Password
    from hcfmt.corpus import Answer
    from hcfmt.generation.plan import Plan
    from hcfmt.server.running import Running

SEED = 1
PASSWORD = "hipchat"  # noqa: S105 - of archives that nobody wrote; no secret
DIRECTORY = "directory"  # the form that is no file


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that makes other archives in a whole run."""
    parser.getgroup("hcfmt", "HipChat exports").addoption(
        "--hcfmt-seed", type=int, metavar="N", help=f"Make HipChat exports from this seed (default: {SEED})."
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say the seed, if one was given."""
    seed = config.getoption("--hcfmt-seed")
    return None if seed is None else f"hcfmt: seed {seed}"


@dataclass(frozen=True, slots=True)
class HipchatArchive:
    """An archive: the path of the file or directory, its password if it is sealed, and what it was made of.

    ``manifest`` tells what a reader should find: counts, ids and expected statistics. Of a broken archive ``damage`` is
    the code of the rule that is broken, and ``answers`` say what was done; the manifest tells what was there before.
    """

    path: Path
    password: "Password | None"
    plan: "Plan"
    manifest: Mapping[str, Any]
    damage: str | None = None
    answers: "tuple[Answer, ...]" = ()


class HipchatArchives:
    """A factory of archives below a directory; what was made once is given again."""

    def __init__(self, directory: Path, seed: int = SEED) -> None:
        """Make archives below an existing directory, from a seed unless another is asked for."""
        self._directory = directory
        self._seed = seed
        self._made: dict[str, HipchatArchive] = {}

    def __call__(
        self,
        profile: str = "tiny",
        *,
        seed: int | None = None,
        form: str = ".tar.gz.aes",
        password: "Password" = PASSWORD,
        damage: str | None = None,
        count: int = 1,
        **fields: Any,  # noqa: ANN401 - fields of Plan
    ) -> HipchatArchive:
        """Return an archive; the same for the same arguments, so a test must not change it.

        ``fields`` are fields of ``hcfmt.generation.plan.Plan`` that are to differ from the profile, such as
        ``messages=500`` or ``nasty=True``. ``form`` is .tar.gz.aes, .tar.gz, .tar or directory. ``damage`` is the code
        or name of a rule that is to be broken, ``count`` times. Raises ``hcfmt.UsageError`` for what cannot be; a few
        rules need more to break than the profile tiny holds.
        """
        from hcfmt.export.writer import ArchiveForm  # noqa: PLC0415 - only who asks for archives pays for it
        from hcfmt.generation.plan import planned  # noqa: PLC0415 - the same

        if form not in set(ArchiveForm):
            raise UsageError(unknown_name("archive form", form, ArchiveForm))
        if count != 1 and damage is None:
            raise UsageError(f"A count of {count:,} says how often a rule is broken: give damage too.")
        plan = planned(profile, seed=self._seed if seed is None else seed, **fields)
        secret = password if form == ArchiveForm.ENCRYPTED else None
        key = repr((plan, form, secret, damage, count))
        if key not in self._made:
            place = Path(tempfile.mkdtemp(dir=self._directory))
            # A damaged archive is one that is made soundly first.
            self._made[key] = (
                _broken(self(profile, seed=seed, form=form, password=password, **fields), place, damage, count)
                if damage
                else _sound(plan, place, form, secret)
            )
        return self._made[key]


def _sound(plan: "Plan", place: Path, form: str, password: "Password | None") -> HipchatArchive:
    from hcfmt.generation.generate import generate  # noqa: PLC0415 - only who asks for archives pays for it

    path = place / _name("export", form)
    manifest = generate(str(path), plan, password=password)
    return HipchatArchive(path, password, plan, manifest)


def _broken(sound: HipchatArchive, place: Path, damage: str, count: int) -> HipchatArchive:
    from hcfmt.corpus import break_archive  # noqa: PLC0415 - only who asks for archives pays for it

    path, password = place / sound.path.name, sound.password
    made = break_archive(
        str(sound.path),
        str(path),
        damage,
        count=count,
        seed=sound.plan.seed,
        password=password,
    )
    return HipchatArchive(path, password, sound.plan, sound.manifest, made.answers[0].rule, made.answers)


def _name(stem: str, form: str) -> str:
    return stem if form == DIRECTORY else f"{stem}{form}"


class HipchatExportTrees:
    """A factory of unpacked exports, from the same arguments as archives."""

    def __init__(self, archives: HipchatArchives) -> None:
        """Make trees where a factory makes its archives."""
        self._archives = archives

    def __call__(self, profile: str = "tiny", **how: Any) -> Path:  # noqa: ANN401 - as HipchatArchives takes them
        """Return the directory of an unpacked export; the same for the same arguments, so a test must not change it."""
        return self._archives(profile, form=DIRECTORY, **how).path


class ValidHipchatExport:
    """The assertion that an export is valid."""

    def __call__(self, path: str | Path, password: "Password" = PASSWORD, *, at_most: str = "warning") -> None:
        """Raise AssertionError, which lists the findings, unless an export at a path is read whole and found valid.

        ``at_most`` is the heaviest severity that is let pass: "warning" (the default), "suspect" or "info". The
        password is needed for a sealed archive only. Raises ``hcfmt.UsageError`` where nothing can be opened.
        """
        __tracebackhide__ = True
        from hcfmt import Options, Severity, Verdict, validate  # noqa: PLC0415 - only who asserts pays for it

        heavier = {"warning": Severity.ERROR, "suspect": Severity.WARNING, "info": Severity.SUSPECT}
        if at_most not in heavier:
            raise UsageError(f"{at_most!r} is no severity to let pass; there are {', '.join(heavier)}.")
        report = validate(str(path), Options(password=password, fail_on=heavier[at_most]))
        if report.verdict is not Verdict.VALID:
            lines = [f"{one.code} {one.severity}: {one.location}: {one.message}" for one in report.findings]
            counts = ", ".join(f"{times:,} of {code}" for code, times in report.totals.items() if times)
            raise AssertionError("\n".join([f"The export is {report.verdict}: {counts}", *lines]))


class HipchatServer:
    """An archive that is served as HipChat's REST API v2.

    ``url`` is where, such as ``http://127.0.0.1:1234``, ``api`` the same with ``/v2``, ``token`` may do everything, and
    ``headers`` say it. With TLS, ``tls_url`` is where for clients that speak that, and ``certificate`` the file for
    them to trust. ``archive`` is what is served, None where a path was given.
    """

    def __init__(self, running: "Running", archive: HipchatArchive | None) -> None:
        """Tell of a server that runs."""
        self._state = running.app.state
        self.url, self.api, self.token = running.url, running.api, running.token
        self.tls_url, self.certificate = running.tls_url, running.certificate
        self.headers = {"Authorization": f"Bearer {running.token}"}
        self.archive = archive

    def requests(self, **filters: object) -> list[dict[str, Any]]:
        """Return what was asked, the oldest first: ``requests(operation="sendRoomMessage", status=201)``.

        Filters are method, path, operation, status and user; ``hcfmt.UsageError`` for another. Each has these, query,
        body, size, number and at.
        """
        return self._state.request_log.find({name: str(value) for name, value in filters.items()})

    def deliveries(self, wait: float = 5.0) -> list[dict[str, Any]]:
        """Return what was delivered to webhooks; waits until all is, but no longer than so many seconds."""
        return list(self._state.webhooks.deliveries(wait)["items"])

    def fail(self, *failures: tuple[int, float], latency: float = 0.0, seed: int = 1) -> None:
        """From now on fail a share of the requests, 0 to 1, with a status: ``fail((503, 0.5))``; without any, none."""
        from hcfmt.server.http.faults import FaultPlan  # noqa: PLC0415 - only who asks for servers pays for it

        self._state.faults.change(FaultPlan(latency, failures, seed))

    def reset(self) -> None:
        """Go back to how it all was at the start: data, tokens, faults, what was asked and delivered."""
        self._state.reset()


class HipchatServers:
    """A factory of servers, which are stopped when the factory is closed."""

    def __init__(self, archives: HipchatArchives, closing: ExitStack) -> None:
        """Serve what a factory of archives makes; ``closing`` stops the servers."""
        self._archives = archives
        self._closing = closing

    def __call__(
        self,
        profile: str = "tiny",
        *,
        archive: str | Path | None = None,
        password: "Password" = PASSWORD,
        tls: bool = False,
        settings: Mapping[str, Any] | None = None,
        **how: Any,  # noqa: ANN401 - as HipchatArchives takes them
    ) -> HipchatServer:
        """Start a server on a free port of this machine, in a thread, and return it when it answers.

        It serves an archive that is made from the same arguments as those of ``hipchat_archive``, or the one whose path
        is given, of which nothing else can be asked then; the archive itself is never changed. ``settings`` are fields
        of ``hcfmt.server.settings.Settings``, such as ``{"read_only": True}``. Raises ``hcfmt.UsageError`` for what
        cannot be.
        """
        from hcfmt.server.running import serve  # noqa: PLC0415 - only who asks for servers pays for it
        from hcfmt.server.settings import Settings  # noqa: PLC0415 - the same
        from hcfmt.server.store import open_store  # noqa: PLC0415 - the same

        if archive is not None and how:
            raise UsageError(f"An archive of your own is served as it is: leave {', '.join(how)} out.")
        chosen = Settings(**{"token": secrets.token_hex(20), **(settings or {})})
        how = {"form": ".tar", "password": password, **how}
        made = None if archive is not None else self._archives(profile, **how)
        path = made.path if made else archive
        store = self._closing.enter_context(open_store(str(path), password=password))
        running = serve(store, chosen, lambda: datetime.now(UTC).timestamp(), tls=tls)
        return HipchatServer(self._closing.enter_context(running), made)


@pytest.fixture(scope="session")
def hipchat_archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HipchatArchives:
    """Make HipChat archives: ``hipchat_archive("tiny", damage="HC401", form=".tar.gz").path``."""
    seed = request.config.getoption("--hcfmt-seed")
    return HipchatArchives(tmp_path_factory.mktemp("hipchat"), SEED if seed is None else seed)


@pytest.fixture(scope="session")
def hipchat_export_tree(hipchat_archive: HipchatArchives) -> HipchatExportTrees:
    """Make unpacked HipChat exports: ``hipchat_export_tree("tiny", messages=10) / "users.json"``."""
    return HipchatExportTrees(hipchat_archive)


@pytest.fixture(scope="session")
def assert_valid_hipchat_export() -> ValidHipchatExport:
    """Assert that what a test wrote is a valid HipChat export: ``assert_valid_hipchat_export(path)``."""
    return ValidHipchatExport()


@pytest.fixture
def hipchat_server(hipchat_archive: HipchatArchives) -> Iterator[HipchatServers]:
    """Serve HipChat archives as long as a test runs: ``hipchat_server("tiny", messages=100).api``."""
    with ExitStack() as closing:
        yield HipchatServers(hipchat_archive, closing)
