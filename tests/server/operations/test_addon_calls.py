"""Installations that add-ons fetch: once, and in time."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from hcfmt.server.api.webhook_delivery import Answer
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import addon_calls, addon_descriptors
from tests.support.api import Api

DESCRIPTOR = {
    "key": "an-addon",
    "name": "An add-on",
    "links": {"self": "http://localhost/"},
    "capabilities": {"installable": {"installedUrl": "http://localhost/page"}},
}

Install = Callable[[Api], dict[str, str]]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs an add-on and returns the parameters of the address that the add-on is sent."""
    visited: list[str] = []

    def visit(_method: str, url: str, *_: object) -> Answer:
        visited.append(url)
        return Answer(302)

    monkeypatch.setattr(addon_calls, "exchange", visit)
    monkeypatch.setattr(addon_descriptors, "fetch", lambda *_: DESCRIPTOR)

    def installing(api: Api) -> dict[str, str]:
        api("installAddon", body={"url": "http://localhost/"})
        _, addon, _, installable = (
            urlsplit(parse_qs(urlsplit(visited[-1]).query)["installable_url"][0]).path[1:].rsplit("/", 3)
        )
        return {"addon_key_or_id": addon, "installable_id": installable}

    return installing


def is_found(api: Api, path: dict[str, str]) -> bool:
    try:
        return api("getAddonInstallable", path).status == 200
    except ApiError as error:
        if error.status != 404:
            raise
        return False


def test_an_installation_is_found_once(api: Api, install: Install) -> None:
    path = install(api)
    assert [is_found(api, path), is_found(api, path)] == [True, False]


@pytest.mark.parametrize(("seconds", "expected"), [(addon_calls.LIFETIME - 1, True), (addon_calls.LIFETIME, False)])
def test_an_installation_is_found_for_some_time(api: Api, install: Install, seconds: int, *, expected: bool) -> None:
    path = install(api)
    assert is_found(replace(api, now=api.now + seconds), path) == expected


def test_another_installation_forgets_those_that_were_not_fetched_in_time(api: Api, install: Install) -> None:
    install(api)
    install(replace(api, now=api.now + addon_calls.LIFETIME))
    assert len(api.store.documents("installable")) == 1


def test_no_other_address_has_an_installation(api: Api, install: Install) -> None:
    assert not is_found(api, install(api) | {"installable_id": "x"})
