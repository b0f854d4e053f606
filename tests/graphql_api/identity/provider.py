"""A sign-in provider of a test: an issuer on loopback that signs with real keys, and can be down, slow or odd."""

import json
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import ECKey, Key, KeyParameters, OKPKey, RSAKey

from infra.uuid7 import uuid7

AUDIENCE: Final = "https://pushback.example"
_ANY: Final = jws.JWSRegistry(algorithms=("RS256", "PS256", "ES256", "EdDSA"), strict_check_header=False)
_MADE: Final[dict[str, Key]] = {}


def new_key(alg: str, kid: str) -> Key:
    """A key for this algorithm; made once, since RSA takes its time."""
    if kid not in _MADE:
        parameters: KeyParameters = {"kid": kid, "use": "sig"}
        if alg == "ES256":
            _MADE[kid] = ECKey.generate_key("P-256", parameters)
        elif alg == "EdDSA":
            _MADE[kid] = OKPKey.generate_key("Ed25519", parameters)
        else:
            _MADE[kid] = RSAKey.generate_key(2048, parameters)
    return _MADE[kid]


class Provider:
    """What it tells (`keys`, `discovery`), whether it answers, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}/{uuid7()}"  # nobody else was ever bound to it
        self.keys: list[Key] = [new_key("RS256", "first")]
        self.discovery: dict[str, Any] = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        self.is_down = False
        self.hangs_seconds = 0.0
        self.padding = ""
        self.sends_elsewhere = False
        self.asked: list[str] = []

    def claims(self, sub: Any = "dora", **said: Any) -> dict[str, Any]:
        """What a token says; None leaves a claim out, and a timedelta is as much from now."""
        now = int(time.time())
        told = {"iss": self.issuer, "aud": AUDIENCE, "sub": sub, "iat": now, "exp": now + 600, **said}
        known = {name: value for name, value in told.items() if value is not None}
        return {
            name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
            for name, value in known.items()
        }

    def token(
        self, sub: Any = "dora", *, key: Key | None = None, header: dict[str, Any] | None = None, **said: Any
    ) -> str:
        """A token signed with a key, the first one unless told."""
        signing = key or self.keys[0]
        told = {"alg": "RS256", "typ": "at+jwt", "kid": signing.kid, **(header or {})}
        known = {name: value for name, value in told.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = json.dumps(self.claims(sub, **said)).encode()
            return jws.serialize_compact(known, content, signing, registry=_ANY)

    def answer(self, path: str) -> bytes | None:
        """What it sends; None for nothing."""
        self.asked.append(path)
        time.sleep(self.hangs_seconds)
        if self.is_down:
            return None
        if path.endswith("openid-configuration"):
            return json.dumps(self.discovery).encode()
        told = [key.as_dict(private=False) for key in self.keys]
        return json.dumps({"keys": told, "padding": self.padding}).encode()


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = provider.answer(self.path)
            self.send_response(503 if content is None else 302 if provider.sends_elsewhere else 200)
            if provider.sends_elsewhere:
                self.send_header("location", "/keys")
            self.end_headers()
            with suppress(OSError):  # who asked may have left
                self.wfile.write(content or b"")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
