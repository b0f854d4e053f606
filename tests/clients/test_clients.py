"""The clients that front-end developers use: they ask, are refused, act once however often they send, and resume."""

import pytest

from tests.clients.conftest import Script
from tests.graphql_api.client import Client

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("node")]


@pytest.mark.parametrize("name", ["apollo", "urql", "ws", "sse"])
async def test_a_client_asks_acts_and_resumes_where_it_was(client: Client, script: Script, name: str) -> None:
    told = await script(f"{name}.mjs", client.cast.paula, team=client.cast.team)
    assert told["heard"] == 12
    assert told["kinds"] == ["ItemDrafted"]
    if name == "apollo":
        assert told["cached"] > 1
