"""Client keys: the addresses by which limits count clients."""

import ipaddress

_LOOPBACK = "127.0.0.1"


def network(host: str) -> str:
    """Return the key of a client's address: the address itself, or the first 64 bits of an IPv6 address.

    A client owns all addresses with the same 64 bits. All addresses of this machine are one client. A text that is not
    an address is returned unchanged.
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
