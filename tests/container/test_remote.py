"""Archives are read over HTTP as streams, and whatever goes wrong is a sentence that holds no secret."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

import hcfmt
from hcfmt.cli.input_paths import name_from_here
from hcfmt.container import Budget, remote
from hcfmt.container.source import open_source
from hcfmt.errors import UsageError
from tests.support.command import PASSWORD, ROOT, SAMPLE, run
from tests.support.file_server import HALF, SILENT, FileServer, file_server, without_proxy

BIG = bytes(range(256)) * 40_000  # ten megabytes
FILES = {
    "/a/big": BIG,
    "/a/sample.tar.gz.aes": SAMPLE.read_bytes(),
    "/a/packed.gz": gzip.compress(b"abc"),
    f"/{HALF}/sample.tar.gz.aes": SAMPLE.read_bytes(),
    f"/{HALF}/big": BIG,
    "/empty": b"",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    without_proxy(monkeypatch)
    with file_server(FILES) as served:
        yield served


def read(url: str) -> bytes:
    source = open_source(url, Budget())
    assert source
    try:
        return b"".join(source.chunks())
    finally:
        source.close()


def test_a_file_is_read_by_one_request_as_it_is_stored(server: FileServer) -> None:
    source = open_source(f"{server.url}/a/big", Budget())
    assert source
    assert (source.size, source.is_file_name) == (len(BIG), True)
    assert b"".join(source.chunks()) == BIG
    assert source.bytes_read == len(BIG)
    source.close()
    assert read(f"{server.url}/a/packed.gz") == FILES["/a/packed.gz"]
    assert read(f"{server.url}/empty") == b""
    assert [request.target for request in server.requests] == ["/a/big", "/a/packed.gz", "/empty"]
    assert {request.encodings for request in server.requests} == {"identity"}


def test_credentials_and_query_are_sent_and_not_shown(server: FileServer) -> None:
    url = server.url.replace("//", "//user:secret@")
    source = open_source(f"{url}/a/sample.tar.gz.aes?X-Amz-Signature=secret%2Fand+more", Budget())
    assert source
    source.close()
    assert source.name == f"{server.url}/a/sample.tar.gz.aes"
    assert server.requests[0].target == "/a/sample.tar.gz.aes?X-Amz-Signature=secret%2Fand+more"
    assert server.requests[0].authorization == "Basic dXNlcjpzZWNyZXQ="


def test_a_redirection_is_followed(server: FileServer) -> None:
    server.locations["/moved"] = "/a/big"
    assert read(f"{server.url}/moved") == BIG


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, r"access is denied \(HTTP 401\)"),
        (403, r"access is denied \(HTTP 403\)"),
        (404, r"there is no such file \(HTTP 404\)"),
        (410, r"there is no such file \(HTTP 410\)"),
        (500, "the server answers with HTTP 500"),
    ],
)
def test_a_refusal_is_a_sentence(server: FileServer, status: int, reason: str) -> None:
    server.statuses["/a/big"] = status
    with pytest.raises(UsageError, match=rf"^{server.url}/a/big: cannot be read: {reason}\.$"):
        read(f"{server.url.replace('//', '//user:secret@')}/a/big?secret")


def test_endless_redirections_end(server: FileServer) -> None:
    server.locations["/moved"] = "/moved"
    with pytest.raises(UsageError, match="redirects too often"):
        read(f"{server.url}/moved")


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:1/a", "the server cannot be reached"), ("http://127.0.0.1:99999/a", "the URL is not valid")],
)
@pytest.mark.usefixtures("server")
def test_a_server_that_is_not_there_is_a_sentence(url: str, reason: str) -> None:
    with pytest.raises(UsageError, match=rf"^{url}: cannot be read: {reason}\.$"):
        read(f"{url}?secret")


def test_a_silent_server_is_a_sentence(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "READ_SECONDS", 0.05)
    with pytest.raises(UsageError, match="the server did not answer in time"):
        read(f"{server.url}/{SILENT}/a")


@pytest.mark.parametrize("name", ["big", "sample.tar.gz.aes"])
def test_a_connection_that_breaks_halfway_gives_no_verdict(server: FileServer, name: str) -> None:
    url = f"{server.url}/{HALF}/{name}"
    result = run("validate", url, "--password", PASSWORD, "--format", "json")
    [report] = json.loads(result.out)["reports"]
    assert (result.exit, report["input"], list(report["totals"])) == (2, url, ["HCX03"])
    said = report["findings"][0]["message"]
    assert said == "Cannot be read: the connection broke before the end of the file."
    assert report["inventory"]["users"]["total"] == 0


def test_the_report_of_a_url_is_that_of_the_file(server: FileServer) -> None:
    url = f"{server.url}/a/sample.tar.gz.aes"
    signed = f"{url.replace('//', '//user:secret@')}?secret"
    local, remote = (run("validate", name, "--password", PASSWORD, "--format", "json") for name in (SAMPLE, signed))
    here = name_from_here(SAMPLE)
    assert (remote.exit, remote.err) == (0, local.err.replace(here, url))
    assert remote.out == local.out.replace(f'"{here}"', f'"{url}"')


def test_the_numbers_of_a_url_are_those_of_the_file(server: FileServer) -> None:
    url = f"{server.url.replace('//', '//user:secret@')}/a/sample.tar.gz.aes?secret"
    local, remote = (run("stats", name, "--password", PASSWORD, "--format", "json") for name in (SAMPLE, url))
    assert (remote.exit, remote.err) == (0, "")
    assert remote.out == local.out.replace(f'"{SAMPLE.name}"', f'"{server.url}/a/sample.tar.gz.aes"')


def test_a_url_is_decrypted_as_the_file_is(server: FileServer) -> None:
    url = f"{server.url}/a/sample.tar.gz.aes"
    local, remote = (run("decrypt", name, "--password", PASSWORD, "-o", "-") for name in (SAMPLE, url))
    assert (remote.exit, remote.err, remote.raw) == (0, "", local.raw)
    assert gzip.decompress(remote.raw)


def test_the_name_in_a_url_promises_the_layers(server: FileServer) -> None:
    server.files["/a/b.tar"] = SAMPLE.read_bytes()
    report = hcfmt.validate(f"{server.url}/a/b.tar", hcfmt.Options(password=PASSWORD))
    assert report.findings[0].message.startswith("The file name promises these layers: tar; the file has: encrypted")


@pytest.mark.parametrize("command", ["stats", "decrypt", "serve", "break"])
def test_no_command_shows_the_secrets_of_a_url_that_it_cannot_read(server: FileServer, command: str) -> None:
    options = {"break": ["--rule", "HC401", "-o", "out.tar"], "decrypt": ["-o", "-"]}.get(command, [])
    result = run(command, f"{server.url.replace('//', '//user:secret@')}/missing.tar.aes?secret", *options)
    assert result.exit == 2
    assert "secret" not in result.out + result.err


def test_the_validation_of_a_path_imports_no_library_for_urls() -> None:
    code = (
        f"import sys, hcfmt; hcfmt.validate({str(SAMPLE)!r}, hcfmt.Options(password={PASSWORD!r})); print(*sys.modules)"
    )
    names = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not {"fsspec", "aiohttp", "s3fs", "hcfmt.container.remote", "hcfmt.container.urls"} & set(names)


def test_a_missing_extra_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "s3fs" else object())
    result = run("validate", "s3://bucket/a.tar")
    assert (result.exit, result.out) == (2, "")
    assert result.err == "hcfmt: The extra 'remote' is not installed: pip install 'hcfmt[remote]'.\n"
