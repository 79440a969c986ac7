"""Settings: defaults and validation."""

from typing import Any

import pytest

from hcfmt.errors import UsageError
from hcfmt.server.settings import MIN_PUBLIC_TOKEN, Settings


@pytest.mark.parametrize(
    "invalid",
    [
        {"token": ""},
        {"token": "two words"},
        {"token": "grün"},
        {"base_url": "ftp://x"},
        {"base_url": "http://a b"},
        {"base_url": "http://x/?a"},
        *({"base_url": url} for url in ("http://[abc", "http://[]", "http://][", "http://[::1", "http://x:99999")),
        *({"base_url": url} for url in ("http://:::", "http://a..b", "http://", "http://x:0", "http://x:y")),
        *(
            {"webhook_hosts": {host}}
            for host in ("", "*", "x:80", "http://x", "0.0.0.0/8", " x", "[x]", "a..b", "[::1")
        ),
        {"rate_limit": 5},
        {"rate_limit": (0, 60)},
        {"rate_limit": (1, 0)},
        {"flood_limit": 0},
        {"server_version": "2.2"},
    ],
    ids=str,
)
def test_invalid_settings_are_refused(invalid: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Settings(**invalid)


@pytest.mark.parametrize(
    "base", ["http://x", "https://chat.example.com:8443/hip", "http://[::1]:80", "http://127.0.0.1"]
)
@pytest.mark.parametrize(
    "host", ["x", "chat.example.com", "10.0.0.7", "::1", "[::1]", "münchen.example", "a_b-c.example."]
)
def test_valid_hosts_are_accepted(base: str, host: str) -> None:
    assert Settings(base_url=base, webhook_hosts=frozenset({host})).base_url == base


def test_the_default_token_is_random_and_long_enough_for_other_machines() -> None:
    tokens = {Settings().token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= MIN_PUBLIC_TOKEN for token in tokens)
