"""A browser as far as signing in goes: it keeps cookies, and its pages come from an origin."""

from typing import Any, Final

import httpx

from tests.graphql_api.client import Client

OWN: Final = {"x-pushback-client": "1"}
VIEWER: Final = {"query": "{ viewer { person { name } credentialId } }"}


class Browser:
    """Somebody's browser with one of this server's pages open."""

    def __init__(self, client: Client) -> None:
        self.origin = f"http://127.0.0.1:{client.port}"
        self.http = httpx.AsyncClient(base_url=self.origin, timeout=30)

    async def sign_in(self, **credential: str) -> httpx.Response:
        """As the page does it."""
        return await self.http.post("/session", json=credential, headers={**OWN, "origin": self.origin})

    async def sign_out(self) -> httpx.Response:
        """As a page does it."""
        return await self.http.delete("/session", headers={**OWN, "origin": self.origin})

    async def viewer(self, headers: dict[str, str] | None = None) -> Any:
        """Who asks, as the server knows them; None for nobody."""
        answer = await self.http.post("/graphql", json=VIEWER, headers=OWN if headers is None else headers)
        return answer.json()["data"]["viewer"] if answer.status_code == 200 else None

    @property
    def cookie(self) -> str:
        """The header that it sends."""
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())


def code(answer: httpx.Response) -> tuple[int, str]:
    """The status, and the code of the one error."""
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]
