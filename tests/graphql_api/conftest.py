"""What the tests of the API ask for: a server over the worker's database, its cast, and who calls it."""

from tests.graphql_api.client import backend, cast, client

__all__ = ["backend", "cast", "client"]
