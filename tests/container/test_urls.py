"""URLs of a few schemes are accepted, and neither their names nor errors about them show a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.container.urls import Url, parse_input
from hcfmt.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://host/a/b.tar.gz.aes", "https://host/a/b.tar.gz.aes"),
        ("HTTPS://host/a.tar", "https://host/a.tar"),
        ("http://127.0.0.1:8080/a.tar", "http://127.0.0.1:8080/a.tar"),
        ("http://[::1]:8080/a.tar", "http://[::1]:8080/a.tar"),
        ("https://host", "https://host/"),
        ("https://user:secret@host/a.tar?X-Amz-Signature=secret#secret", "https://host/a.tar"),
        ("https://host?secret", "https://host/"),
        ("https://host/a@b.tar", "https://host/a@b.tar"),
        ("s3://bucket/exports/a.tar.gz", "s3://bucket/exports/a.tar.gz"),
        ("s3://bucket/a.tar?versionId=secret", "s3://bucket/a.tar"),
    ],
)
def test_the_name_of_a_url_has_neither_credentials_nor_query(text: str, name: str) -> None:
    url = parse_input(text)
    assert isinstance(url, Url)
    assert url.name == name
    assert "secret" not in repr(url)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("file:///exports/a.tar", "/exports/a.tar"),
        ("file://localhost/exports/a%20b.tar", "/exports/a b.tar"),
        ("file:///exports/what?#a.tar", "/exports/what?#a.tar"),
        ("exports/a::b.tar", "exports/a::b.tar"),
        ("./a://b", "./a://b"),
        ("-", "-"),
    ],
)
@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_file_url_is_a_path_and_so_is_all_that_is_no_url(text: str, path: str) -> None:
    assert parse_input(text) == path


@pytest.mark.parametrize(
    "text",
    [
        "ftp://user:secret@host/a.tar",
        "github://secret@host/a.tar",
        "simplecache::https://user:secret@host/a.tar?secret",
        "filecache::/a/b::s3://secret/a.tar",
        "zip://*.tar::https://user:secret@host/a.zip",
        "://secret",
        "https://user:sec/ret@secret/a.tar",
        "https://user:secret?@host/a.tar",
        "https:///secret.tar",
        "s3://AKIA:sec/ret@bucket/secret.tar",
        "s3:///secret.tar",
        "file://secret/a.tar",
        "file://secret",
    ],
)
def test_an_error_about_a_url_repeats_no_part_of_it(text: str) -> None:
    with pytest.raises(UsageError, match=r"URL") as error:
        parse_input(text)
    assert "secret" not in str(error.value)
    assert "ret" not in str(error.value)


def test_keys_in_an_s3_url_are_refused() -> None:
    with pytest.raises(UsageError, match=r"s3://bucket/a\.tar: S3 takes its keys from the environment") as error:
        parse_input("s3://AKIA:secret@bucket/a.tar")
    assert "secret" not in str(error.value)


@given(st.sampled_from(["http", "https", "s3", "file", "ftp", "a::https"]), st.text(max_size=20))
def test_any_url_is_accepted_or_refused_in_a_sentence(scheme: str, rest: str) -> None:
    try:
        parsed = parse_input(f"{scheme}://{rest}")
    except UsageError:
        return
    assert isinstance(parsed, str) == (scheme == "file")


def test_characters_that_no_url_has_are_escaped_and_signed_ones_stay() -> None:
    url = parse_input("https://host/a b/%2F?sig=a%2Fb+c/%C3%A9\udcff")
    assert isinstance(url, Url)
    assert url.text == "https://host/a%20b/%2F?sig=a%2Fb+c/%C3%A9%FF"
