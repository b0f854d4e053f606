"""POST and DELETE /session: a browser signs in with a token or an invitation, and out again."""

import math
from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.faults import (
    BAD_REQUEST,
    FORBIDDEN,
    IDENTITY_BOUND,
    RATE_LIMITED,
    UNSUPPORTED_MEDIA_TYPE,
    Fault,
    new_request_id,
)
from graphql_api.limits.attempts import Attempts
from graphql_api.transport import media
from graphql_api.transport.cookies import CLIENT_HEADER, clear_cookie, is_from_own_page, session_of, set_cookie
from graphql_api.transport.http import failed
from infra.backend import Backend
from infra.people.credentials import IdentityBound

BODY_BYTES_MAX: Final = 20_000
_SHAPE: Final = '{"token": "..."} or {"code": "..."}'
_NO_STORE: Final = {"cache-control": "no-store"}


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token, or the code of an invitation."""

    token: str = ""
    code: str = ""


class _Told(msgspec.Struct, frozen=True, rename="camel"):
    """Who signed in, until when; null for who bears a token of the sign-in provider, from now on."""

    person_id: str
    expires_at: datetime | None


class SessionEndpoint:
    """Both methods; the answers carry the cookie."""

    def __init__(self, backend: Backend) -> None:
        self._sessions = backend.sessions
        self._identities = backend.identities
        self._attempts = Attempts()

    async def answer(self, request: Request) -> Response:
        """Sign in (POST) or out (DELETE)."""
        try:
            _must_be_own_page(request)
            return await (self._sign_in(request) if request.method == "POST" else self._sign_out(request))
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not for clients
            told = failed(error, new_request_id())
            response = Response(told.content, told.status, _NO_STORE, "application/json")
            if told.retry_after_seconds:
                response.headers["retry-after"] = str(told.retry_after_seconds)
            return response

    async def _sign_in(self, request: Request) -> Response:
        wait = self._attempts.wait_seconds(request.client.host if request.client else "")
        if wait:
            seconds = math.ceil(wait)
            raise Fault(429, RATE_LIMITED, f"Too many attempts to sign in; try again in {seconds} seconds.", seconds)
        asked = await _asked(request)
        bearer = request.headers.get("authorization", "")
        if asked.code and bearer:
            return await self._accept(asked.code, bearer)
        session = await self._sessions.sign_in(asked.token or asked.code)
        before = session_of(request.scope)
        if before is not None:
            await self._sessions.sign_out(before)
        headers = {**_NO_STORE, "set-cookie": set_cookie(request.scope, session.secret, session.expires_at)}
        told = msgspec.json.encode(_Told(session.asker.person_id, session.expires_at))
        return Response(told, 201, headers, "application/json")

    async def _accept(self, code: str, authorization: str) -> Response:
        """The invited person's account is the one whose token is borne; that token is all they need."""
        _, _, bearer = authorization.partition(" ")
        try:
            asker = await self._identities.accept(code, bearer.strip())
        except IdentityBound as bound:
            raise Fault(409, IDENTITY_BOUND, str(bound)) from bound
        return Response(msgspec.json.encode(_Told(asker.person_id, None)), 201, _NO_STORE, "application/json")

    async def _sign_out(self, request: Request) -> Response:
        secret = session_of(request.scope)
        if secret is not None:
            await self._sessions.sign_out(secret)
        return Response(status_code=204, headers={**_NO_STORE, "set-cookie": clear_cookie(request.scope)})


def _must_be_own_page(request: Request) -> None:
    if not is_from_own_page(request.scope):
        message = f"Send the header {CLIENT_HEADER.decode()}: 1, from a page of this server or from a program."
        raise Fault(403, FORBIDDEN, message)


async def _asked(request: Request) -> _Asked:
    if not media.is_json(request.headers.get("content-type", "").encode("latin-1")):
        raise Fault(415, UNSUPPORTED_MEDIA_TYPE, f"Send application/json: {_SHAPE}.")
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > BODY_BYTES_MAX:
            raise Fault(400, BAD_REQUEST, f"Send {_SHAPE} and nothing else.")
    try:
        asked = msgspec.json.decode(raw, type=_Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Fault(400, BAD_REQUEST, f"Send {_SHAPE} and nothing else.") from error
    if bool(asked.token) == bool(asked.code):
        raise Fault(400, BAD_REQUEST, f"Send {_SHAPE}, one of both.")
    return asked
