"""Who the server takes a bearer for."""

from typing import Any, Final

from tests.graphql_api.client import Client

VIEWER: Final = {"query": "{ viewer { person { name } credentialId } }"}
UNKNOWN: Final = (401, "UNAUTHENTICATED")


async def viewer(client: Client, bearer: str) -> Any:
    """The answer's viewer; fails the test on errors."""
    answer = await client.http.post("/graphql", json=VIEWER, headers={"authorization": f"Bearer {bearer}"})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["viewer"]


async def refusal(client: Client, bearer: str) -> tuple[int, str]:
    """The status, and the code of the one error."""
    answer = await client.http.post("/graphql", json=VIEWER, headers={"authorization": f"Bearer {bearer}"})
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]
