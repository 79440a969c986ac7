"""URLs of resources and pages."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.api.links import OMITTED, Links, with_parameters

LINKS = Links("http://127.0.0.1:1234/v2")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (LINKS.to("room"), "http://127.0.0.1:1234/v2/room"),
        (LINKS.room(7), "http://127.0.0.1:1234/v2/room/7"),
        (LINKS.room(7, "history", "latest"), "http://127.0.0.1:1234/v2/room/7/history/latest"),
        (LINKS.user(3), "http://127.0.0.1:1234/v2/user/3"),
        (LINKS.to("user", "a b/c"), "http://127.0.0.1:1234/v2/user/a%20b%2Fc"),
        (LINKS.emoticon(9), "http://127.0.0.1:1234/v2/emoticon/9"),
        (LINKS.group(1), "http://127.0.0.1:1234/v2/group/1"),
        (LINKS.webhook(7, 2), "http://127.0.0.1:1234/v2/room/7/webhook/2"),
        (LINKS.root, "http://127.0.0.1:1234"),
        (Links("https://chat.example.com/below/v2").root, "https://chat.example.com/below"),
    ],
)
def test_a_resource_has_a_url_below_the_base(link: str, url: str) -> None:
    assert link == url


def test_the_path_of_a_stored_file_is_quoted() -> None:
    assert (
        LINKS.stored("rooms/7/files/abc/a b?é.png")
        == "http://127.0.0.1:1234/files/rooms/7/files/abc/a%20b%3F%C3%A9.png"
    )


def test_another_page_has_the_same_query_without_the_token() -> None:
    query = {
        "start-index": 0,
        "max-results": 5,
        "include-private": True,
        "expand": ["items", "items.owner"],
        "auth_token": "secret",
        "auth_test": False,
        "end-date": None,
        "fields": [],
        "timezone": "",
    }
    url = LINKS.page("http://h/v2/room", query, 5)
    assert url == "http://h/v2/room?max-results=5&include-private=true&expand=items%2Citems.owner&start-index=5"


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans() | st.none()), st.integers(min_value=0))
def test_parameters_can_be_appended_to_the_url_of_any_page(query: dict[str, object], start: int) -> None:
    url = LINKS.page("http://h/v2/room", query, start)
    parameters = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    assert url.startswith("http://h/v2/room?")
    assert parameters["start-index"] == str(start)
    assert set(parameters) == {name for name in query if query[name] not in {None, ""} and name not in OMITTED} | {
        "start-index"
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1/hook", "http://127.0.0.1/hook?to=a%2Fb"),
        ("http://127.0.0.1/hook?a=b#c", "http://127.0.0.1/hook?a=b&to=a%2Fb#c"),
        ("http://[/hook", "http://[/hook?to=a%2Fb"),
    ],
)
def test_parameters_follow_those_of_a_url(url: str, expected: str) -> None:
    assert with_parameters(url, {"to": "a/b"}) == expected
