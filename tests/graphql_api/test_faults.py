"""What clients read of an error: a code for each cause, and nothing of what is ours alone."""

import pytest
from graphql import GraphQLError

from graphql_api.faults import told
from infra.append import Unstorable
from infra.pool import PoolBusy


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unstorable("item_drafted has 2000000 bytes"), "NOT_STORABLE"),
        (PoolBusy(), "UNAVAILABLE"),
        (TimeoutError(), "UNAVAILABLE"),
        (ValueError("secret"), "INTERNAL_SERVER_ERROR"),
    ],
)
def test_each_cause_has_its_code_and_keeps_its_words(error: Exception, code: str) -> None:
    (shown,) = told([GraphQLError("", original_error=error)], "1f")
    assert shown.extensions == {"code": code, "requestId": "1f"}
    assert shown.message
    assert str(error) not in shown.message or not str(error)
