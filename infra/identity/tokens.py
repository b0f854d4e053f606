"""The provider's access tokens: which are believed, and whose account they name."""

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry, extract_compact

from infra.identity.issuer import Issuer
from infra.identity.keys import Keys
from infra.people.credentials import UnknownToken

CHARACTERS_MAX: Final = 16_000
LEEWAY_SECONDS: Final = 30
LIFETIME_SECONDS_MAX: Final = 24 * 60 * 60
REMEMBERED_SECONDS: Final = 60.0
"""A token that was believed is not looked into again for so long."""

SUBJECT_MAX: Final = 255

_REMEMBERED_MAX: Final = 10_000
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt", "jwt"})
_ALGORITHMS: Final = {"RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA",)}
_ALLOWED: Final = tuple(name for names in _ALGORITHMS.values() for name in names)
_SAFE: Final = 2**53
_BROKEN: Final = (JoseError, ValueError, TypeError, KeyError, RecursionError)


class UnfitToken(UnknownToken):
    """This access token does not hold here, or no longer; get a new one for this server from your sign-in provider."""


class _Believed(NamedTuple):
    identity: bytes
    until: float


class _Registry(JWSRegistry):
    """Signatures with keys only; also EdDSA, whose name is too wide for the library: our keys are all of Ed25519."""

    max_header_length = 4096
    max_payload_length = CHARACTERS_MAX

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - a type that the library does not export
        if name not in _ALLOWED:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


_REGISTRY: Final = _Registry(algorithms=_ALLOWED, strict_check_header=False)


class Tokens:
    """One process's trust in a provider. `now` is the time of day in seconds."""

    def __init__(self, issuer: Issuer, keys: Keys, now: Callable[[], float] = time.time) -> None:
        self._issuer = issuer
        self._keys = keys
        self._now = now
        self._believed: dict[bytes, _Believed] = {}

    async def identity(self, token: str) -> bytes:
        """Whose account it names; raises UnfitToken, ProviderAway."""
        if len(token) > CHARACTERS_MAX or not token.isascii():
            raise UnfitToken
        key = sha256(token.encode()).digest()
        known = self._believed.pop(key, None)
        if known is None or known.until <= self._now():
            known = await self._check(token)
        if len(self._believed) >= _REMEMBERED_MAX:
            self._believed.clear()
        self._believed[key] = known
        return known.identity

    async def _check(self, token: str) -> _Believed:
        try:
            header = extract_compact(token.encode(), registry=_REGISTRY).headers()
            key = _fitting(await self._keys.find(_key_id(header)), header)
            claims = jwt.decode(token, key, list(_ALLOWED), registry=_REGISTRY).claims
            ends_at = self._end(claims)
        except _BROKEN as error:
            raise UnfitToken from error
        return _Believed(identity_of(self._issuer.url, claims["sub"]), min(ends_at, self._now() + REMEMBERED_SECONDS))

    def _end(self, claims: Mapping[str, Any]) -> float:
        """Until when these claims hold; raises ValueError when they do not, now or here."""
        now = self._now()
        issued, ends = _moment(claims["iat"]), _moment(claims["exp"])
        begins = _moment(claims.get("nbf", issued))
        if max(issued, begins) - LEEWAY_SECONDS > now or ends + LEEWAY_SECONDS <= now:
            raise ValueError("not now")
        if not 0 < ends - issued <= LIFETIME_SECONDS_MAX:
            raise ValueError("lives too long")
        said = claims["aud"]
        audiences = said if isinstance(said, list) else [said]
        if claims["iss"] != self._issuer.url or self._issuer.audience not in audiences:
            raise ValueError("not for us")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_MAX:
            raise ValueError("nobody's")
        return ends + LEEWAY_SECONDS


def identity_of(issuer: str, subject: str) -> bytes:
    """An account as it is kept: a hash of the provider's name and its own."""
    parts = (issuer, subject)
    return sha256(b"".join(sha256(part.encode(errors="surrogatepass")).digest() for part in parts)).digest()


def is_from_provider(secret: str) -> bool:
    """Whether it has the form of a provider's token, which none of our secrets has."""
    return secret.count(".") == 2  # noqa: PLR2004 - header, claims, signature


def _key_id(header: object) -> str:
    if not isinstance(header, dict):
        raise TypeError("no header")
    kid = header.get("kid")
    if not isinstance(kid, str) or header.get("alg") not in _ALLOWED or "crit" in header or "b64" in header:
        raise ValueError("no header of ours")
    if str(header.get("typ")).lower() not in _TYPES:
        raise ValueError("another kind of token")
    return kid


def _fitting(key: Key | None, header: Mapping[str, Any]) -> Key:
    if key is None or header["alg"] not in _ALGORITHMS[key.key_type] or key.get("alg", header["alg"]) != header["alg"]:
        raise ValueError("no key for it")
    return key


def _moment(told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < _SAFE:
        raise ValueError("no time")
    return float(told)
