"""Certificates for clients that speak only TLS or are fixed to an address of hipchat.com."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from hcfmt.container.private_files import private_file
from hcfmt.errors import UsageError

HIPCHAT_NAMES = ("api.hipchat.com", "www.hipchat.com", "hipchat.com", "*.hipchat.com")
"""The names that clients have written into them: the API's, the site's, and a group's own."""

NAMES = (*HIPCHAT_NAMES, "localhost", "127.0.0.1", "::1")
_BEFORE = timedelta(days=1)  # for machines whose clocks are slow
_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server certificate: ``path`` is the file of the authority that clients must trust, ``context`` serves TLS."""

    path: Path
    context: ssl.SSLContext


def make_certificate(directory: Path, now: float, names: Iterable[str] = NAMES) -> Certificate:
    """Write ``cert.pem`` and ``key.pem``, readable by their owner only, to a private directory.

    The certificate is valid for a year from ``now`` (seconds since 1970 UTC) for ``names``, host names or addresses.
    Its authority is made for it alone and its key is not kept. Raises UsageError for a name that no certificate can
    hold, OSError if a file cannot be written.
    """
    authority = trustme.CA(organization_name="hcfmt", organization_unit_name="test certificate authority")
    start = datetime.fromtimestamp(now, UTC)
    try:
        issued = authority.issue_cert(*dict.fromkeys(names), not_before=start - _BEFORE, not_after=start + _AFTER)
    except ValueError as error:
        raise UsageError(f"A certificate cannot hold all of the names {', '.join(names)}: {error}.") from None
    path, secret = directory / "cert.pem", directory / "key.pem"
    with private_file(path) as file:
        file.write(authority.cert_pem.bytes())
    with private_file(secret) as file:
        file.write(issued.private_key_and_cert_chain_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(secret)
    return Certificate(path, context)
