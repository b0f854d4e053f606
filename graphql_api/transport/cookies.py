"""The browser's session in its cookie, and when it is believed: never for a request that another page may have sent.

Pages of other ports of this machine are the same site to a browser, so SameSite alone does not keep them out. Over HTTP
a request must carry a header that a foreign page cannot send unasked, and no foreign origin; a WebSocket, which has no
such header, must come from a page of this very server.
"""

from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.types import Scope

CLIENT_HEADER: Final = b"x-pushback-client"
"""Whatever its value: that it is there shows that the page was allowed to send it."""

_SECURE: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


def origin_of(scope: Scope) -> str:
    """The origin of this server's own pages, as the browser that asks writes it."""
    return f"{_SECURE[scope['scheme']]}://{_header(scope, b'host')}"


def is_own_origin(scope: Scope) -> bool:
    """Whether the page that asks says it is one of this server's."""
    return _header(scope, b"origin").lower() == origin_of(scope).lower()


def session_of(scope: Scope) -> str | None:
    """The secret of the session that a request belongs to; None without one, and for what is not believed."""
    is_believed = is_own_origin(scope) if scope["type"] == "websocket" else is_from_own_page(scope)
    return _cookie(scope) if is_believed else None


def is_from_own_page(scope: Scope) -> bool:
    """Whether only a page of this server, or a program, can have sent this HTTP request."""
    is_foreign = _header(scope, b"origin") and not is_own_origin(scope)
    return not is_foreign and any(name == CLIENT_HEADER for name, _ in scope["headers"])


def set_cookie(scope: Scope, secret: str, expires_at: datetime) -> str:
    """The header that makes a browser keep the session."""
    seconds = max(int((expires_at - datetime.now(UTC)).total_seconds()), 0)
    return f"{_name(scope)}={secret}; Max-Age={seconds}; {_attributes(scope)}"


def clear_cookie(scope: Scope) -> str:
    """The header that makes a browser forget it."""
    return f"{_name(scope)}=; Max-Age=0; {_attributes(scope)}"


def _attributes(scope: Scope) -> str:
    return "Path=/; HttpOnly; SameSite=Strict" + "; Secure" * _is_secure(scope)


def _is_secure(scope: Scope) -> bool:
    return _SECURE[scope["scheme"]] == "https"


def _name(scope: Scope) -> str:
    """Of its own for each port: cookies do not tell ports apart, and two servers may run on one machine."""
    port = _header(scope, b"host").rpartition(":")[2]
    return "__Host-" * _is_secure(scope) + "pushback" + f"-{port}" * port.isdecimal()


def _cookie(scope: Scope) -> str | None:
    try:
        morsel = SimpleCookie(_header(scope, b"cookie")).get(_name(scope))
    except CookieError:
        return None
    return morsel.value if morsel else None


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
