"""What clients are counted by."""

import pytest

from hcfmt.server.transport.addresses import network


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("127.9.8.7", "127.0.0.1"),
        ("::1", "127.0.0.1"),
        ("::ffff:127.9.8.7", "127.0.0.1"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::1:0:0:7", "2001:db8::/64"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("fe80::7%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_client_is_counted_by_its_address_or_its_network(host: str, counted: str) -> None:
    assert network(host) == counted
