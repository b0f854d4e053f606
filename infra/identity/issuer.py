"""Which sign-in provider is trusted, and which addresses are asked at all."""

from typing import Final, NamedTuple
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Issuer(NamedTuple):
    """The provider's name for itself, and its name for us."""

    url: str
    audience: str


def is_fit(url: str) -> bool:
    """Whether this address may be asked: https, or this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_named = bool(parts.hostname) and parts.username is None and not parts.fragment
    return is_named and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
