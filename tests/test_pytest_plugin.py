"""The pytest plugin: its factories, and a run of pytest in another process that knows nothing but the plugin."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

import hcfmt
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm
from hcfmt.pytest_plugin import SEED, HipchatArchives, HipchatExportTrees, HipchatServers, ValidHipchatExport
from tests.support.serving import get, post, trusting

pytest_plugins = ("pytester",)

assert_valid = ValidHipchatExport()


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> HipchatArchives:
    return HipchatArchives(tmp_path_factory.mktemp("hipchat"))


@pytest.mark.parametrize("form", list(ArchiveForm))
def test_an_archive_of_every_form_is_valid(archives: HipchatArchives, form: str) -> None:
    generated = archives("tiny", form=form)
    assert generated.path.is_dir() == (form == "directory")
    assert (generated.password is not None) == (form == ".tar.gz.aes")
    assert generated.manifest["expected"]["users"]["total"] == generated.plan.users
    assert (generated.damage, generated.answers) == (None, ())
    assert_valid(generated.path, at_most="info")


def test_without_a_form_an_archive_opens_without_a_password(archives: HipchatArchives) -> None:
    archive = archives("tiny")
    assert (archive.path.name, archive.password) == ("export.tar.gz", None)
    assert hcfmt.validate(archive.path).verdict is hcfmt.Verdict.VALID


def test_the_password_of_an_encrypted_archive_opens_it(archives: HipchatArchives) -> None:
    archive = archives("tiny", form=".tar.gz.aes")
    assert archive.password == "hipchat"
    options = hcfmt.Options(password=archive.password)
    assert hcfmt.validate(archive.path, options).verdict is hcfmt.Verdict.VALID


def test_fields_of_the_plan_can_be_set(archives: HipchatArchives) -> None:
    generated = archives("tiny", seed=5, messages=10, nasty=True)
    assert (generated.plan.seed, generated.plan.messages, generated.plan.nasty) == (5, 10, True)


def test_an_archive_may_be_of_another_dialect_and_have_scenarios(archives: HipchatArchives) -> None:
    generated = archives("tiny", dialect="server", scenarios=("busy-inbox",))
    assert (generated.plan.dialect, generated.plan.scenarios) == ("server", ("busy-inbox",))
    assert hcfmt.validate(generated.path).totals == {"HC019": 1}
    assert archives("tiny", dialect="cloud").path != generated.path


def test_all_archives_have_the_same_seed_by_default(archives: HipchatArchives, tmp_path: Path) -> None:
    assert archives("tiny", form=".tar").plan.seed == SEED
    assert HipchatArchives(tmp_path, 2)("tiny", form=".tar").plan.seed == 2


def test_the_same_arguments_give_the_same_archive_and_others_another(archives: HipchatArchives) -> None:
    generated = archives("tiny", form=".tar", messages=10)
    assert archives("tiny", form=".tar", messages=10, seed=SEED) is generated
    assert archives("tiny", form=".tar", messages=11).path != generated.path


def test_a_password_can_be_chosen(archives: HipchatArchives) -> None:
    generated = archives("tiny", password="another")
    assert generated.password == "another"
    assert_valid(generated.path, "another")
    with pytest.raises(AssertionError, match="HC002"):
        assert_valid(generated.path)


@pytest.mark.parametrize("form", [".tar.gz.aes", "directory"])
def test_a_damaged_archive_has_its_rule_and_answers(archives: HipchatArchives, form: str) -> None:
    generated = archives("tiny", form=form, damage="unknown-sender", count=2)
    assert generated.damage == "HC401"
    assert [answer.rule for answer in generated.answers] == ["HC401"] * 2
    with pytest.raises(AssertionError, match=r"^The export is invalid: 2 of HC401\nHC401 error: (rooms|users)/"):
        assert_valid(generated.path)
    assert_valid(archives("tiny", form=form).path)  # of which it was made


def test_a_rule_can_be_broken_in_another_way(archives: HipchatArchives) -> None:
    generated = archives("tiny", form=".tar", damage="impossible-date", variant="february-30")
    assert (generated.damage, generated.variant) == ("HC601", "february-30")
    assert "-02-30T" in generated.answers[0].after
    assert archives("tiny", form=".tar", damage="impossible-date").variant is None


def test_trees_are_archives_of_directories(archives: HipchatArchives) -> None:
    tree = HipchatExportTrees(archives)("tiny", messages=12)
    assert (tree / "users.json").is_file()
    assert archives("tiny", messages=12, form="directory").path == tree


@pytest.mark.parametrize(
    ("severity", "code"), [("warning", "HC401"), ("suspect", "HC430"), ("info", "HC304")], ids=lambda one: one
)
def test_a_valid_export_has_no_finding_above_the_allowed_severity(
    archives: HipchatArchives, severity: str, code: str
) -> None:
    with pytest.raises(AssertionError, match=code):
        assert_valid(archives("tiny", form=".tar", damage=code).path, at_most=severity)
    assert_valid(archives("tiny", form=".tar", damage=code).path, at_most=severity, ignore=[code])


def test_invalid_arguments_are_refused(archives: HipchatArchives, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^There is no archive form '.zip'; there are .tar.gz.aes, "):
        archives("tiny", form=".zip")
    with pytest.raises(UsageError, match="There is no profile 'giant'"):
        archives("giant")
    with pytest.raises(UsageError, match="count is 3 but damage is not given"):
        archives(count=3)
    with pytest.raises(UsageError, match="variant is 'february-30' but damage is not given"):
        archives(variant="february-30")
    with pytest.raises(UsageError, match="did you mean 'february-30'"):
        archives("tiny", damage="HC601", variant="february30")
    with pytest.raises(UsageError, match="count must be 1 or more, not 0"):
        archives(damage="HC401", count=0)
    with pytest.raises(UsageError, match="There is no rule 'HC999'"):
        archives("tiny", damage="HC999")
    with pytest.raises(UsageError, match="There is no accepted severity 'error'; there are warning, suspect, info"):
        assert_valid(tmp_path, at_most="error")


@pytest.fixture
def servers(archives: HipchatArchives) -> Iterator[HipchatServers]:
    with ExitStack() as closing:
        yield HipchatServers(archives, closing)


def test_a_server_serves_its_archive_and_lists_requests(servers: HipchatServers) -> None:
    server = servers("tiny", messages=10, seed=5)
    assert server.archive
    assert server.archive.plan.seed == 5
    people = get(f"{server.api}/user?include-guests=true&include-deleted=true", headers=server.headers).json()
    assert [user["id"] for user in people["items"]] == server.archive.manifest["users"]
    assert [request["operation"] for request in server.requests(status=200)] == ["getAllUsers"]
    assert server.deliveries() == []


def test_a_server_injects_failures_until_it_is_reset(servers: HipchatServers) -> None:
    server = servers("tiny", messages=10)
    server.fail((503, 1.0))
    assert get(f"{server.api}/room", headers=server.headers).status_code == 503
    server.reset()
    assert get(f"{server.api}/room", headers=server.headers).status_code == 200
    assert len(server.requests()) == 1


def test_an_archive_by_path_is_served_with_settings(servers: HipchatServers, archives: HipchatArchives) -> None:
    path = archives("tiny", messages=10, password="another").path
    settings = {"read_only": True, "token": "the-token-of-the-test"}
    server = servers(archive=path, password="another", settings=settings, tls=True)
    assert (server.token, server.archive) == ("the-token-of-the-test", None)
    assert server.certificate
    assert get(f"{server.tls_url}/v2/room", headers=server.headers, verify=trusting(server)).status_code == 200
    assert post(f"{server.api}/room", json={"name": "x"}, headers=server.headers).status_code == 403


def test_servers_end_when_their_factory_is_closed(archives: HipchatArchives) -> None:
    with ExitStack() as closing:
        server = HipchatServers(archives, closing)("tiny", messages=10)
        assert get(f"{server.api}/capabilities").status_code == 200
    with pytest.raises(httpx.ConnectError):
        get(f"{server.api}/capabilities")


def test_invalid_settings_of_a_server_are_refused(servers: HipchatServers, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least one request"):
        servers("tiny", settings={"rate_limit": (0, 1)})
    with pytest.raises(UsageError, match="nowhere"):
        servers(archive=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="options of generated archives: damage"):
        servers(archive=tmp_path / "nowhere", damage="HC401")


def test_misspelt_filters_and_malformed_failures_are_refused(servers: HipchatServers) -> None:
    server = servers("tiny", messages=10)
    with pytest.raises(UsageError, match="no filter 'statuss'"):
        server.requests(statuss=503)
    with pytest.raises(UsageError, match="must be a pair"):
        server.fail(503, 0.5)  # type: ignore[arg-type]


# In another process, where the plugin is named, and not also found where hcfmt is installed.

ALONE = ("-p", "no:hcfmt", "-p", "hcfmt.pytest_plugin", "-p", "no:cacheprovider")
PROJECT = """
import sys
import urllib.request

ROOMS = ("check", "container", "export", "corpus", "generation", "server", "strategies")
HEAVY = {"PIL", "starlette", "uvicorn", *(f"hcfmt.{name}" for name in ROOMS)}

def test_nothing_heavy_is_imported_until_it_is_used():
    assert HEAVY & set(sys.modules) == set()

def test_the_fixtures_exist(hipchat_archive, hipchat_export_tree, assert_valid_hipchat_export):
    made = hipchat_archive("tiny", messages=5, attachments=0)
    assert made.plan.seed == SEED
    assert_valid_hipchat_export(made.path)
    assert_valid_hipchat_export(hipchat_export_tree("tiny", messages=5, attachments=0))

def test_a_server_fixture_exists(hipchat_server):
    server = hipchat_server("tiny", messages=5, attachments=0)
    request = urllib.request.Request(f"{server.api}/room", headers=server.headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert [one["operation"] for one in server.requests()] == ["getAllRooms"]

def test_the_assertion_fails(hipchat_archive, assert_valid_hipchat_export):
    assert_valid_hipchat_export(hipchat_archive("tiny", form=".tar", damage="HC401").path)
"""


@pytest.fixture
def elsewhere(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    return pytester


@pytest.mark.slow
def test_another_project_has_the_fixtures(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile(PROJECT.replace("SEED", "3"))
    result = elsewhere.runpytest_subprocess(*ALONE, "--hcfmt-seed", "3")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        ["hcfmt: seed 3", "*AssertionError: The export is invalid: 1 of HC401", "*HC401 error: rooms/*"]
    )


@pytest.mark.slow
def test_without_the_option_the_header_has_no_seed(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile("def test_nothing(request): assert request.config.getoption('--hcfmt-seed') is None")
    result = elsewhere.runpytest_subprocess(*ALONE)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("hcfmt: *")
    assert "--hcfmt-seed" in elsewhere.runpytest_subprocess(*ALONE, "--help").stdout.str()
