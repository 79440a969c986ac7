"""Archives are read from S3 by blocks, and whatever goes wrong is a sentence that holds no secret."""

from collections.abc import Iterator

import pytest

from hcfmt.cli.input_paths import name_from_here
from hcfmt.container import Budget, expand_inputs
from hcfmt.container.source import open_source
from hcfmt.errors import UsageError
from tests.support.command import PASSWORD, SAMPLE, run
from tests.support.s3_server import BUCKET, forget_connections, put_object, s3_server

pytestmark = pytest.mark.slow

BIG = bytes(range(256)) * 80_000  # twenty megabytes: several blocks
URL = f"s3://{BUCKET}/exports"


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    objects = {"big": BIG, "b.tar.gz.aes": SAMPLE.read_bytes(), "a.tar.gz.aes": SAMPLE.read_bytes(), "deep/c.aes": b""}
    with s3_server({f"exports/{name}": data for name, data in objects.items()}):
        yield


def test_an_object_is_read_whole() -> None:
    source = open_source(f"{URL}/big", Budget())
    assert source
    assert (source.name, source.size, source.is_file_name) == (f"{URL}/big", len(BIG), True)
    chunks = list(source.chunks())
    assert b"".join(chunks) == BIG
    assert max(map(len, chunks)) <= 262_144
    source.close()


def test_a_wildcard_is_expanded_to_objects_sorted() -> None:
    assert expand_inputs([f"{URL}/*.aes", f"{URL}/big"]) == [
        f"{URL}/a.tar.gz.aes",
        f"{URL}/b.tar.gz.aes",
        f"{URL}/big",
    ]
    assert expand_inputs([f"{URL}/**/*.aes"])[-1] == f"{URL}/deep/c.aes"
    assert expand_inputs([f"{URL}/?.tar.gz.aes"])[0] == f"{URL}/a.tar.gz.aes"


def test_the_reports_of_objects_are_those_of_the_file() -> None:
    options = ("--password", PASSWORD, "--format", "json")
    local, stored = run("validate", SAMPLE, SAMPLE, *options), run("validate", f"{URL}/*.tar.gz.aes", *options)
    names = iter(["a.tar.gz.aes", "b.tar.gz.aes"])
    expected = local.out.split(f'"{name_from_here(SAMPLE)}"')
    assert stored.exit == 0
    assert stored.out == expected[0] + "".join(f'"{URL}/{next(names)}"{part}' for part in expected[1:])


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"{URL}/missing.aes#secret", "there is no such file"),
        ("s3://no-such-bucket/a.aes", "there is no such file"),
        (f"{URL}/*.zip", "there is no such file"),
        ("s3://no-such-bucket/*.aes", "there is no such file"),
        (f"s3://{BUCKET}", "the URL is not valid"),
        (f"s3://{BUCKET}/", "the URL is not valid"),
        (f"{URL}/", "there is no such file"),
    ],
)
def test_an_object_that_is_not_there_is_a_sentence(url: str, sentence: str) -> None:
    result = run("validate", url)
    name, _, rest = result.out.partition(": incomplete (HCX03 unreadable-input)\n")
    assert (result.exit, result.err, name.removesuffix("/")) == (2, "", url.partition("#")[0].removesuffix("/"))
    assert rest == f"error    HCX03 unreadable-input\n         Cannot be read: {sentence}.\n"


def test_an_object_that_is_replaced_while_it_is_read_gives_no_mixture() -> None:
    put_object("exports/changing", BIG)
    source = open_source(f"{URL}/changing", Budget())
    assert source
    chunks = source.chunks()
    next(chunks)
    put_object("exports/changing", BIG[::-1])
    with pytest.raises(UsageError, match="the file was changed while it was read"):
        list(chunks)
    source.close()


def test_a_server_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    forget_connections()
    with pytest.raises(UsageError, match=rf"^{URL}/big: cannot be read: the server cannot be reached\.$"):
        open_source(f"{URL}/big", Budget())
    forget_connections()


def test_missing_keys_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    forget_connections()
    with pytest.raises(UsageError, match="there are no keys for S3: set AWS_ACCESS_KEY_ID"):
        open_source(f"{URL}/big", Budget())
    forget_connections()
