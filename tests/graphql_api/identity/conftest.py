"""A server that trusts a provider, whose time can be moved on."""

from collections.abc import AsyncIterator, Iterator

import pytest

from graphql_api.server import UNLIMITED
from infra.backend import Backend
from infra.cluster import Cluster
from infra.folding.schema import ensure_read_schema
from infra.identity.issuer import Issuer
from infra.uuid7 import uuid7
from tests.cast import assemble
from tests.graphql_api.client import Client, serving
from tests.graphql_api.identity.provider import AUDIENCE, Provider, providing


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
async def trusting(cluster: Cluster, provider: Provider) -> AsyncIterator[Client]:
    backend = Backend(cluster, await ensure_read_schema(cluster), Issuer(provider.issuer, AUDIENCE))
    await backend.start()
    async with serving(backend, await assemble(backend.ledger, backend.deciding), UNLIMITED) as client:
        yield client
    await backend.close()


@pytest.fixture
async def bound(trusting: Client) -> str:
    """The id of the binding of the account `dora`."""
    cast = trusting.cast
    return (await trusting.backend.identities.bind(cast.ada, uuid7(), cast.dora.person_id, "dora")).subject_id
