"""What a client takes, and what it is given (RFC 9110, 12.5.1)."""

import pytest

from graphql_api.transport.media import EVENTS, JSON, RESPONSE, is_json, wanted

URQL = (
    b"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
APOLLO = b"application/graphql-response+json,application/json;q=0.9"


@pytest.mark.parametrize(
    ("accept", "one"),
    [
        (b"", JSON),
        (b"*/*", JSON),
        (b"application/*", JSON),
        (URQL, RESPONSE),
        (APOLLO, RESPONSE),
        (b"application/json;q=0.5, application/graphql-response+json", RESPONSE),
        (b"application/json, application/graphql-response+json;q=0.5", JSON),
        (b"APPLICATION/JSON; charset=UTF-8", JSON),
        (b"application/json; charset=latin-1", None),
        (b"text/event-stream", EVENTS),
        (b"text/event-stream, application/json", EVENTS),
        (b"text/html, */*;q=0.8", JSON),
        (b"text/html", None),
        (b"application/json;q=0", None),
        (b"*/*, application/json;q=0", None),
        (b"application/json;q=nonsense", JSON),
        (b",;,", None),
    ],
)
def test_the_form_that_a_client_likes_best(accept: bytes, one: bytes | None) -> None:
    assert wanted(accept).one == one


def test_results_one_after_another_go_to_whoever_lists_them_anywhere() -> None:
    assert wanted(URQL).takes_many
    assert not wanted(APOLLO).takes_many


def test_a_body_is_json_in_utf_8() -> None:
    assert is_json(b"application/json")
    assert is_json(b'Application/JSON ; charset="utf-8"')
    assert not is_json(b"application/json; charset=utf-16")
    assert not is_json(b"text/plain")
    assert not is_json(b"")
