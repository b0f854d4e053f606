"""Which access tokens of a provider are taken, and which games with them are not."""

import base64
import hmac
import json
import time
from datetime import timedelta
from typing import Any, Final

import pytest
from joserfc.jwk import RSAKey

from tests.graphql_api.client import Client
from tests.graphql_api.identity.asking import UNKNOWN, refusal, viewer
from tests.graphql_api.identity.provider import AUDIENCE, Provider, new_key

pytestmark = pytest.mark.usefixtures("bound")
SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
DORA: Final = {"name": "Dora"}


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_a_token_of_the_provider_is_its_persons(
    trusting: Client, provider: Provider, bound: str, alg: str
) -> None:
    provider.keys = [new_key(alg, f"key-{alg}")]
    told = await viewer(trusting, provider.token(header={"alg": alg}))
    assert told == {"person": DORA, "credentialId": bound}


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "JWT"])
@pytest.mark.parametrize(
    "said", [{}, {"aud": ["other", AUDIENCE]}, {"iat": 20 * SECOND}, {"exp": -20 * SECOND, "iat": -60 * SECOND}]
)
async def test_what_is_usual_is_taken(trusting: Client, provider: Provider, typ: str, said: dict[str, Any]) -> None:
    assert (await viewer(trusting, provider.token(header={"typ": typ}, **said)))["person"] == DORA


@pytest.mark.parametrize(
    "said",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": {AUDIENCE: 1}},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": -31 * SECOND, "iat": -HOUR},
        {"exp": str(int(time.time()) + 60)},
        {"exp": True},
        {"exp": None},
        {"exp": 1e300},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"exp": 25 * HOUR},
        {"iat": 120 * SECOND, "exp": HOUR},
        {"iat": None},
        {"iat": str(int(time.time()))},
        {"nbf": 120 * SECOND},
        {"nbf": "now"},
        {"sub": ""},
        {"sub": "d" * 256},
        {"sub": 7},
        {"sub": ["dora"]},
    ],
)
async def test_what_does_not_hold_here_or_now_is_refused(
    trusting: Client, provider: Provider, said: dict[str, Any]
) -> None:
    assert await refusal(trusting, provider.token(**said)) == UNKNOWN


async def test_a_token_without_a_subject_is_nobodys(trusting: Client, provider: Provider) -> None:
    assert await refusal(trusting, provider.token(None)) == UNKNOWN


@pytest.mark.parametrize(
    "header", [{"typ": None}, {"typ": "dpop+jwt"}, {"typ": "logout+jwt"}, {"kid": None}, {"kid": "nobodys"}]
)
async def test_another_kind_of_token_is_refused(trusting: Client, provider: Provider, header: dict[str, Any]) -> None:
    assert await refusal(trusting, provider.token(header=header)) == UNKNOWN


async def test_a_token_without_a_signature_is_refused(trusting: Client, provider: Provider) -> None:
    for alg in ("none", "None", "", None, 7, ["RS256"]):
        header = _part({"alg": alg, "typ": "at+jwt", "kid": "first"})
        _, claims, signature = provider.token().split(".")
        assert await refusal(trusting, f"{header}.{claims}.") == UNKNOWN
        assert await refusal(trusting, f"{header}.{claims}.{signature}") == UNKNOWN


async def test_the_public_key_is_no_shared_secret(trusting: Client, provider: Provider) -> None:
    key = provider.keys[0]
    assert isinstance(key, RSAKey)
    said = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'first'})}.{_part(provider.claims())}"
    for secret in (key.as_pem(private=False), key.as_der(private=False), _part(key.as_dict(private=False)).encode()):
        assert await refusal(trusting, f"{said}.{_base64(hmac.digest(secret, said.encode(), 'sha256'))}") == UNKNOWN


async def test_a_key_that_the_token_brings_along_is_not_asked(trusting: Client, provider: Provider) -> None:
    own = new_key("RS256", "forger")
    header = {"kid": "first", "jwk": own.as_dict(private=False), "jku": f"{provider.issuer}/keys"}
    assert await refusal(trusting, provider.token(key=own, header=header)) == UNKNOWN
    assert await refusal(trusting, provider.token(key=own, header={"kid": "first"})) == UNKNOWN


async def test_a_key_signs_what_it_is_for(trusting: Client, provider: Provider) -> None:
    """Not what another algorithm than its own makes, nor what another key made."""
    rsa = new_key("RS256", "told")
    provider.keys = [RSAKey.import_key({**rsa.as_dict(private=True), "alg": "PS256"}), new_key("ES256", "curve")]
    assert await refusal(trusting, provider.token(key=rsa, header={"alg": "RS256"})) == UNKNOWN
    assert (await viewer(trusting, provider.token(key=rsa, header={"alg": "PS256"})))["person"] == DORA
    assert await refusal(trusting, provider.token(key=rsa, header={"kid": "curve"})) == UNKNOWN


@pytest.mark.filterwarnings("ignore:Key size")
async def test_a_key_that_is_too_short_or_for_something_else_is_none(trusting: Client, provider: Provider) -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"})
    seals = RSAKey.import_key({**new_key("RS256", "seals").as_dict(private=True), "use": "enc"})
    provider.keys = [short, seals, new_key("RS256", "first")]
    for kid in ("short", "seals"):
        assert await refusal(trusting, provider.token(key=new_key("RS256", "first"), header={"kid": kid})) == UNKNOWN


@pytest.mark.parametrize("bearer", ["a.b.c", "..", "e30.e30.e30", "W10.W10.W10", "é.é.é", "." + "[" * 10_000 + "."])
async def test_what_is_no_token_is_refused(trusting: Client, bearer: str) -> None:
    answer = await trusting.http.post(
        "/graphql", json={"query": "{ __typename }"}, headers={b"authorization": b"Bearer " + bearer.encode("latin-1")}
    )
    assert answer.status_code == 401


async def test_deep_claims_are_refused(trusting: Client, provider: Provider) -> None:
    header = _part({"alg": "RS256", "typ": "at+jwt", "kid": "first"})
    deep = _base64(b"[" * 9000)
    assert await refusal(trusting, f"{deep}.{deep[:100]}.AA") == UNKNOWN
    assert await refusal(trusting, f"{header}.{deep}.AA") == UNKNOWN
    assert (await viewer(trusting, provider.token()))["person"] == DORA


async def test_a_huge_token_is_not_looked_into(trusting: Client, provider: Provider) -> None:
    assert await refusal(trusting, provider.token(padding="x" * 20_000)) == UNKNOWN
    assert provider.asked == []


def _part(told: Any) -> str:
    return _base64(json.dumps(told).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
