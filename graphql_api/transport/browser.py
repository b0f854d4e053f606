"""What a browser is given: the page at `/`, signing in, and GraphiQL; from the package alone, under strict policies."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

_NOTHING_ELSE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
_PAGE: Final = (
    _NOTHING_ELSE + "script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No text of anybody's becomes markup or code: the browser refuses it where the page would try."""

_GRAPHIQL: Final = (
    _NOTHING_ELSE + "script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:"
)
_HEADERS: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-cache"}


class Package(StaticFiles):
    """A folder of files in the package; a browser asks each time whether it has the newest."""

    def __init__(self, name: str) -> None:
        super().__init__(directory=_folder(name))

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(_HEADERS)
        return response


async def page(_request: Request) -> Response:
    """The page people use."""
    return _document("page", _PAGE)


async def sign_in(_request: Request) -> Response:
    """Signing in, by a token or an invitation."""
    return _document("sign_in", _PAGE)


async def graphiql(_request: Request) -> Response:
    """GraphiQL, for people who build on the API."""
    return _document("graphiql", _GRAPHIQL)


def _document(name: str, policy: str) -> Response:
    return FileResponse(_folder(name) / "index.html", headers={"content-security-policy": policy, **_HEADERS})


def _folder(name: str) -> Path:
    return Path(str(files("graphql_api").joinpath(name)))
