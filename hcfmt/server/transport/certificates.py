"""A certificate that nobody else signed, for clients that speak TLS alone or have api.hipchat.com written into them."""

import ipaddress
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hcfmt.container import private_file

NAMES = ("api.hipchat.com", "localhost", "127.0.0.1", "::1")
_EARLIER = timedelta(days=1)  # for machines whose clocks are behind
_LATER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate is, for clients to trust, and what serves with it."""

    path: Path
    context: ssl.SSLContext


def make_certificate(directory: Path, now: float, names: Iterable[str] = NAMES) -> Certificate:
    """Make ``key.pem`` and ``cert.pem``, which their owner alone can read, in a private directory.

    It is valid for a year from ``now`` (seconds since 1970 UTC) for hosts and addresses by name. It is its own
    authority, so that trusting it is trusting one file.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, datetime.fromtimestamp(now, UTC), dict.fromkeys(names))
    path, secret = directory / "cert.pem", directory / "key.pem"
    with private_file(secret) as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    with private_file(path) as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return Certificate(path, context)


def _certificate(key: ec.EllipticCurvePrivateKey, now: datetime, names: Iterable[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "api.hipchat.com")])
    public = key.public_key()
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=False, **usage), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([_general_name(one) for one in names]), False),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False),
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _LATER)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
