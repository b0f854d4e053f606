"""What the tests of the API ask for: a server over the worker's database, its cast, and who calls it."""

import pytest

from graphql_api import mutations
from tests.graphql_api.client import backend, cast, client

__all__ = ["backend", "cast", "client"]


@pytest.fixture(autouse=True)
def however_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutation waits for its rows: on a machine busy with other tests it would else answer without them."""
    monkeypatch.setattr(mutations, "REACH_SECONDS", 30.0)
