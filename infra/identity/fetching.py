"""The provider's keys over the network: bounded in size and time, without redirects, encrypted beyond this machine."""

import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from infra.identity.issuer import LOOPBACK, is_fit

SECONDS_MAX: Final = 5.0
"""How long the provider may take for one answer, and for one piece of it."""

BYTES_MAX: Final = 256 << 10
KEYS_MAX: Final = 100
RSA_BITS_MIN: Final = 2048
FAILURES: Final = (OSError, HTTPException, ValueError, msgspec.MsgspecError, RecursionError)
"""What may come of asking a server."""

_DISCOVERY: Final = "/.well-known/openid-configuration"
_PIECE: Final = 64 << 10


class Unfit(ValueError):
    """What the provider answered cannot be used; the message says why."""


class _Discovered(msgspec.Struct, frozen=True):
    """What is read of the discovery document."""

    issuer: str
    jwks_uri: str


class _KeySet(msgspec.Struct, frozen=True):
    """What is read of the keys."""

    keys: list[dict[str, Any]]


class _NoRedirects(HTTPRedirectHandler):
    """An answer that sends elsewhere is a failure."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


def fetch_keys(issuer: str) -> Mapping[str, Key]:
    """The provider's public keys for signatures, by their ids; raises one of FAILURES. Blocks."""
    found = msgspec.json.decode(_get(issuer.rstrip("/") + _DISCOVERY), type=_Discovered)
    if found.issuer != issuer:
        raise Unfit("its discovery document names another issuer")
    told = msgspec.json.decode(_get(found.jwks_uri), type=_KeySet).keys[:KEYS_MAX]
    keys = {key.kid: key for key in map(_imported, told) if key is not None and key.kid}
    if not keys:
        raise Unfit("it has no key that is taken here")
    return keys


def _get(url: str) -> bytes:
    if not is_fit(url):
        raise Unfit("its addresses must begin with https://")
    until = time.monotonic() + SECONDS_MAX
    content = b""
    asked = Request(url, headers={"accept": "application/json"})  # noqa: S310 - is_fit lets http and https through only
    with _opener(url).open(asked, timeout=SECONDS_MAX) as answer:
        while piece := answer.read1(_PIECE):
            content += piece
            if len(content) > BYTES_MAX:
                raise Unfit("its answer is too large")
            if time.monotonic() > until:
                raise TimeoutError("its answer takes too long")
    return content


def _opener(url: str) -> OpenerDirector:
    """This machine is not asked through a proxy."""
    is_here = urlsplit(url).hostname in LOOPBACK
    return build_opener(_NoRedirects, *((ProxyHandler({}),) if is_here else ()))


def _imported(told: dict[str, Any]) -> Key | None:
    """The key, or None for what is none of ours: other kinds, other uses, too short ones."""
    if told.get("use", "sig") != "sig" or not isinstance(told.get("kid"), str):
        return None
    if (told.get("kty"), told.get("crv")) not in {("RSA", None), ("EC", "P-256"), ("OKP", "Ed25519")}:
        return None
    try:
        key = JWKRegistry.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size >= RSA_BITS_MIN else None
    return key if isinstance(key, ECKey | OKPKey) else None
