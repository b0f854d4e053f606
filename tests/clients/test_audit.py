"""The audits of the npm package `graphql-http`: what the specification of GraphQL over HTTP says of a server."""

import pytest

from tests.clients.conftest import Script
from tests.graphql_api.client import Client

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("node")]


async def test_every_must_and_should_is_kept(client: Client, script: Script) -> None:
    results = await script("audit.mjs", client.cast.paula)
    assert len(results) > 50
    assert [one for one in results if one["status"] != "ok" and not one["name"].startswith("MAY")] == []
