"""Where a webhook may lead: an address is resolved, checked, and only what was checked is connected to."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_PORTS: Final = {"http": 80, "https": 443}


class PrivateAddress(OSError):
    """The host is one of a private network, and PUSHBACK_WEBHOOKS_PRIVATE does not allow that."""


class Target(NamedTuple):
    """A URL taken apart. `host_header` is what the request says it is for."""

    host: str
    port: int
    path: str
    is_encrypted: bool
    host_header: str


def target(url: str) -> Target:
    """The parts of a URL that was accepted at registration."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or _PORTS[parts.scheme]
    return Target(parts.hostname or "", port, path, parts.scheme == "https", parts.netloc)


async def resolve(to: Target, *, may_be_private: bool) -> str:
    """The address to connect to; raises PrivateAddress when any that the name has is not public, and OSError.

    A name that says something else the next time it is asked (DNS rebinding) gains nothing: it is asked once.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not may_be_private and not all(map(is_public, addresses)):
        raise PrivateAddress(to.host)
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is everybody's, also where it carries another one inside."""
    address = ip_address(text.partition("%")[0])
    inner = _inner(address)
    return address.is_global and not address.is_multicast and (inner is None or is_public(str(inner)))


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
