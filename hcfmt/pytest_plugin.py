"""pytest plugin: fixtures for generated exports, valid or damaged, for servers, and for validating an export.

It is installed with hcfmt; its dependencies are in the extra ``hcfmt[testing]``, and are imported on first use.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
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
PASSWORD = "hipchat"  # noqa: S105 - of generated archives; no secret
DIRECTORY = "directory"  # the form that is not a file


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option --hcfmt-seed."""
    parser.getgroup("hcfmt", "HipChat exports").addoption(
        "--hcfmt-seed", type=int, metavar="N", help=f"Make HipChat exports from this seed (default: {SEED})."
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return the header line with the seed of --hcfmt-seed, None without it."""
    seed = config.getoption("--hcfmt-seed")
    return None if seed is None else f"hcfmt: seed {seed}"


@dataclass(frozen=True, slots=True)
class HipchatArchive:
    """A generated archive: its path, its password, and the plan that it was generated from.

    ``password`` decrypts it, and is None for an archive that is not encrypted.
    ``manifest`` holds the expected counts, ids and statistics. In a damaged archive, ``damage`` is the code of the
    broken rule, ``variant`` the name of the way (None for the usual one) and ``answers`` describe the changes; the
    manifest describes the archive before them.
    """

    path: Path
    password: "Password | None"
    plan: "Plan"
    manifest: Mapping[str, Any]
    damage: str | None = None
    answers: "tuple[Answer, ...]" = ()
    variant: str | None = None


class HipchatArchives:
    """A factory of archives in a directory; the same arguments return the same archive."""

    def __init__(self, directory: Path, seed: int = SEED) -> None:
        """Create a factory for an existing directory; ``seed`` is the default seed of plans."""
        self._directory = directory
        self._seed = seed
        self._archives: dict[str, HipchatArchive] = {}

    def __call__(
        self,
        profile: str = "tiny",
        *,
        seed: int | None = None,
        form: str | None = None,
        password: "Password | None" = None,
        damage: str | None = None,
        variant: str | None = None,
        count: int = 1,
        **fields: Any,  # noqa: ANN401 - fields of Plan
    ) -> HipchatArchive:
        """Return an archive, which tests share and must not change.

        ``form`` is .tar.gz, .tar, .tar.gz.aes or directory. Without one it is .tar.gz, which opens without a password,
        or .tar.gz.aes if a password is given. Only .tar.gz.aes is encrypted, with ``password`` or else "hipchat";
        ``HipchatArchive.password`` decrypts it. ``fields`` are fields of ``hcfmt.Plan`` that differ from the profile,
        such as ``messages=500``, ``dialect="server"`` or ``scenarios=("code",)``. ``damage`` is the code or name
        of a rule to break, ``count`` times, and ``variant`` another than the usual way to do so, such as "february-30"
        of HC601 (``hcfmt break --list``). Raises ``hcfmt.UsageError`` for invalid arguments, and for a rule that needs
        a larger profile than tiny.
        """
        from hcfmt.export.writer import ArchiveForm  # noqa: PLC0415 - imported on first use
        from hcfmt.generation.plan import planned  # noqa: PLC0415 - as above

        if form is None:
            form = ArchiveForm.GZIP if password is None else ArchiveForm.ENCRYPTED
        if form not in set(ArchiveForm):
            raise UsageError(unknown_name("archive form", form, ArchiveForm))
        if damage is None and (count != 1 or variant is not None):
            given = f"count is {count:,}" if count != 1 else f"variant is {variant!r}"
            raise UsageError(f"{given} but damage is not given.")
        plan = planned(profile, seed=self._seed if seed is None else seed, **fields)
        secret = (PASSWORD if password is None else password) if form == ArchiveForm.ENCRYPTED else None
        key = repr((plan, form, secret, damage, variant, count))
        if key not in self._archives:
            directory = Path(tempfile.mkdtemp(dir=self._directory))
            self._archives[key] = (
                _damage(
                    self(profile, seed=seed, form=form, password=password, **fields), directory, damage, variant, count
                )
                if damage
                else _generate(plan, directory, form, secret)
            )
        return self._archives[key]


def _generate(plan: "Plan", directory: Path, form: str, password: "Password | None") -> HipchatArchive:
    from hcfmt.generation.generate import generate  # noqa: PLC0415 - imported on first use

    path = directory / (f"export{form}" if form != DIRECTORY else "export")
    manifest = generate(str(path), plan, password=password)
    return HipchatArchive(path, password, plan, manifest)


def _damage(archive: HipchatArchive, directory: Path, damage: str, variant: str | None, count: int) -> HipchatArchive:
    from hcfmt.corpus import break_archive  # noqa: PLC0415 - imported on first use

    path, password = directory / archive.path.name, archive.password
    damaged = break_archive(
        str(archive.path),
        str(path),
        damage,
        variant=variant,
        count=count,
        seed=archive.plan.seed,
        password=password,
    )
    rule, answers = damaged.answers[0].rule, damaged.answers
    return HipchatArchive(path, password, archive.plan, archive.manifest, rule, answers, variant)


class HipchatExportTrees:
    """A factory of unpacked exports, with the arguments of ``hipchat_archive``."""

    def __init__(self, archives: HipchatArchives) -> None:
        """Create a factory that uses a factory of archives."""
        self._archives = archives

    def __call__(self, profile: str = "tiny", **options: Any) -> Path:  # noqa: ANN401 - the options of HipchatArchives
        """Return the directory of an unpacked export, which tests share and must not change."""
        return self._archives(profile, form=DIRECTORY, **options).path


class ValidHipchatExport:
    """The assertion that an export is valid."""

    def __call__(
        self,
        path: str | Path,
        password: "Password" = PASSWORD,
        *,
        at_most: str = "warning",
        ignore: Sequence[str] = (),
    ) -> None:
        """Raise AssertionError with the findings unless an export is complete and valid.

        ``at_most`` is the highest accepted severity: "warning" (the default), "suspect" or "info". ``ignore`` are rules
        that do not count, by code, name or the beginning of codes. The password is used for encrypted archives only.
        Raises ``hcfmt.UsageError`` for a path that cannot be opened, and for a rule that does not exist.
        """
        __tracebackhide__ = True
        from hcfmt import Choices, Options, Severity, Verdict, validate  # noqa: PLC0415 - imported on first use

        heavier = {"warning": Severity.ERROR, "suspect": Severity.WARNING, "info": Severity.SUSPECT}
        if at_most not in heavier:
            raise UsageError(unknown_name("accepted severity", at_most, heavier))
        report = validate(
            str(path), Options(password=password, fail_on=heavier[at_most], choices=Choices(ignore=ignore))
        )
        if report.verdict is not Verdict.VALID:
            lines = [
                f"{finding.code} {finding.severity}: {finding.location}: {finding.message}"
                for finding in report.findings
            ]
            counts = ", ".join(f"{times:,} of {code}" for code, times in report.totals.items() if times)
            raise AssertionError("\n".join([f"The export is {report.verdict}: {counts}", *lines]))


class HipchatServer:
    """A running server of an archive.

    ``url`` is its address, such as ``http://127.0.0.1:1234``, ``api`` the same with ``/v2``, ``token`` the main token,
    and ``headers`` the header with it. With TLS, ``tls_url`` is the address for TLS and ``certificate`` the file that
    clients must trust. ``archive`` is the served archive, None if a path was given.
    """

    def __init__(self, running: "Running", archive: HipchatArchive | None) -> None:
        """Describe a running server."""
        self._state = running.app.state
        self.url, self.api, self.token = running.url, running.api, running.token
        self.tls_url, self.certificate = running.tls_url, running.certificate
        self.headers = {"Authorization": f"Bearer {running.token}"}
        self.archive = archive

    def requests(self, **filters: object) -> list[dict[str, Any]]:
        """Return the requests that match all filters, oldest first: ``requests(operation="getRoom", status=200)``.

        Filters are method, path, operation, status and user; each request has these and query, body, size, number and
        at. Raises ``hcfmt.UsageError`` for another filter.
        """
        return self._state.request_log.find({name: str(value) for name, value in filters.items()})

    def deliveries(self, wait: float = 5.0) -> list[dict[str, Any]]:
        """Return the finished deliveries to webhooks, after waiting up to ``wait`` seconds for pending ones."""
        return list(self._state.webhooks.deliveries(wait)["items"])

    def fail(self, *failures: tuple[int, float], latency: float = 0.0, seed: int = 1) -> None:
        """Inject failures from now on: pairs of a status and a share of requests, ``fail((503, 0.5))``, or none."""
        from hcfmt.server.http.faults import FaultPlan  # noqa: PLC0415 - imported on first use

        self._state.faults.change(FaultPlan(latency, failures, seed))

    def reset(self) -> None:
        """Restore the state at the start: data, tokens, faults, requests and deliveries."""
        self._state.reset()


class HipchatServers:
    """A factory of servers."""

    def __init__(self, archives: HipchatArchives, closing: ExitStack) -> None:
        """Create a factory that uses a factory of archives; ``closing`` stops the servers."""
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
        **options: Any,  # noqa: ANN401 - the options of HipchatArchives
    ) -> HipchatServer:
        """Start a server in a thread, on a free port of the loopback interface, and return it once it accepts requests.

        It serves a generated archive (profile and ``options`` as for ``hipchat_archive``) or the one at the path
        ``archive``, and never changes it. ``settings`` are fields of ``hcfmt.Settings``, such as
        ``{"read_only": True}``. Raises ``hcfmt.UsageError`` for invalid arguments.
        """
        from hcfmt.server.running import serve  # noqa: PLC0415 - imported on first use
        from hcfmt.server.settings import Settings  # noqa: PLC0415 - as above
        from hcfmt.server.store import open_store  # noqa: PLC0415 - as above

        if archive is not None and options:
            raise UsageError(f"archive is given, but so are options of generated archives: {', '.join(options)}.")
        options = {"form": ".tar", "password": password, **options}
        generated = None if archive is not None else self._archives(profile, **options)
        path = generated.path if generated else archive
        store = self._closing.enter_context(open_store(str(path), password=password))
        running = serve(store, Settings(**(settings or {})), tls=tls)
        return HipchatServer(self._closing.enter_context(running), generated)


@pytest.fixture(scope="session")
def hipchat_archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HipchatArchives:
    """Return a factory of archives: ``hipchat_archive("tiny", damage="HC401", form=".tar.gz").path``."""
    seed = request.config.getoption("--hcfmt-seed")
    return HipchatArchives(tmp_path_factory.mktemp("hipchat"), SEED if seed is None else seed)


@pytest.fixture(scope="session")
def hipchat_export_tree(hipchat_archive: HipchatArchives) -> HipchatExportTrees:
    """Return a factory of unpacked exports: ``hipchat_export_tree("tiny", messages=10) / "users.json"``."""
    return HipchatExportTrees(hipchat_archive)


@pytest.fixture(scope="session")
def assert_valid_hipchat_export() -> ValidHipchatExport:
    """Return the assertion that an export is valid: ``assert_valid_hipchat_export(path)``."""
    return ValidHipchatExport()


@pytest.fixture
def hipchat_server(hipchat_archive: HipchatArchives) -> Iterator[HipchatServers]:
    """Return a factory of servers that run until the end of the test: ``hipchat_server("tiny", messages=100).api``."""
    with ExitStack() as closing:
        yield HipchatServers(hipchat_archive, closing)
