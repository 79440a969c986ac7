"""Addresses of clients, as limits count them."""

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


_LOOPBACK = "127.0.0.1"


def peer(transport: "asyncio.BaseTransport") -> str:
    """Return what the client at the other end of a connection is counted by."""
    name = transport.get_extra_info("peername")
    return network(str(name[0])) if name else ""


def network(host: str) -> str:
    """Return what a client is counted by: its address, or the first 64 bits of one of IP's sixth version.

    A client has all addresses that begin with the same 64 bits. All addresses of this machine are one. What is no
    address is returned as it is.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return _LOOPBACK if address.is_loopback else str(address)
    if address.ipv4_mapped:
        return network(str(address.ipv4_mapped))
    return _LOOPBACK if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
