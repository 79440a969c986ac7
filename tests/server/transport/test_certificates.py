"""Tests of the certificate: its names, its validity, who can read its key, and that clients accept it."""

import ipaddress
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from hcfmt.errors import UsageError
from hcfmt.server.transport.certificates import HIPCHAT_NAMES, NAMES, make_certificate

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls")
    make_certificate(path, NOW.timestamp(), [*NAMES, "chat.example.com"])
    return path


@pytest.fixture
def certificate(directory: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates((directory / "key.pem").read_bytes())[0]


def test_it_holds_hipchats_name_the_local_names_and_the_given_ones(certificate: x509.Certificate) -> None:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [*HIPCHAT_NAMES, "localhost", "chat.example.com"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address(address) for address in ("127.0.0.1", "::1")
    ]


def test_it_is_valid_for_a_year_from_the_given_time(certificate: x509.Certificate) -> None:
    assert certificate.not_valid_before_utc == NOW - timedelta(days=1)
    assert certificate.not_valid_after_utc == NOW + timedelta(days=365)


def test_only_its_owner_can_read_the_key(directory: Path) -> None:
    assert stat.S_IMODE((directory / "key.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", [*HIPCHAT_NAMES[:3], "acme.hipchat.com", "localhost", "127.0.0.1", "::1"])
def test_a_strict_client_that_trusts_it_accepts_it(tmp_path: Path, name: str) -> None:
    certificate = make_certificate(tmp_path, datetime.now(UTC).timestamp())
    client = ssl.create_default_context(cafile=str(certificate.path))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    shake_hands(certificate.context, client, name)


def test_a_client_that_does_not_trust_it_refuses_it(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, datetime.now(UTC).timestamp())
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificate.context, ssl.create_default_context(), "localhost")


@pytest.mark.parametrize("name", ["a.b.hipchat.com", "hipchat.com.example", "example.com"])
def test_a_client_that_asks_for_another_host_refuses_it(tmp_path: Path, name: str) -> None:
    certificate = make_certificate(tmp_path, datetime.now(UTC).timestamp())
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificate.context, ssl.create_default_context(cafile=str(certificate.path)), name)


def test_a_name_that_no_certificate_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot hold"):
        make_certificate(tmp_path, NOW.timestamp(), ["a" * 70 + ".example"])


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """Complete a TLS handshake between two contexts in memory; raises the error of either end."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_hostname=name),
    ]
    for _ in range(10):
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)
    assert ends == []
