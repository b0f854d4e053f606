"""Errors as GraphQL words them: each with a code; unexpected ones masked, and logged under an id the client sees."""

from collections.abc import Iterable
from typing import Final
from uuid import uuid4

import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from graphql_api.observing.metrics import ERRORS
from graphql_api.observing.watch import ENDED_WELL, current
from infra.append import Unstorable
from infra.cluster import is_passing, is_too_slow
from infra.identity.keys import ProviderAway

BAD_REQUEST: Final = "BAD_REQUEST"
BAD_USER_INPUT: Final = "BAD_USER_INPUT"
BODY_TOO_LARGE: Final = "BODY_TOO_LARGE"
FORBIDDEN: Final = "FORBIDDEN"
GRAPHQL_PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
GRAPHQL_VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
IDENTITY_BOUND: Final = "IDENTITY_BOUND"
INTERNAL_SERVER_ERROR: Final = "INTERNAL_SERVER_ERROR"
METHOD_NOT_ALLOWED: Final = "METHOD_NOT_ALLOWED"
NOT_ACCEPTABLE: Final = "NOT_ACCEPTABLE"
NOT_STORABLE: Final = "NOT_STORABLE"
RATE_LIMITED: Final = "RATE_LIMITED"
TOO_MANY_OPERATIONS: Final = "TOO_MANY_OPERATIONS"
TOO_SLOW: Final = "TOO_SLOW"
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
UNAVAILABLE: Final = "UNAVAILABLE"
UNSUPPORTED_MEDIA_TYPE: Final = "UNSUPPORTED_MEDIA_TYPE"

_MASK: Final = "Something went wrong on our side; tell us the request id."
_UNSTORABLE: Final = "What was said cannot be stored in one piece; say it shorter, in plain text."
_SLOW: Final = "This takes longer than one request may; ask for less at once."
_AWAY: Final = "The database does not answer now; try again, a command with the same command id."

_log = structlog.get_logger()


class Fault(Exception):
    """A request that cannot be carried out as a whole; when to try again, if that helps."""

    def __init__(self, status: int, code: str, message: str, retry_after_seconds: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after_seconds = status, code, retry_after_seconds


def told(errors: Iterable[GraphQLError], request_id: str) -> list[GraphQLError]:
    """Errors as clients may see them: each with a code, unexpected ones masked."""
    known = [_told(error, request_id) for error in errors]
    codes: list[str] = [(error.extensions or {})["code"] for error in known]
    for code in codes:
        ERRORS.labels(code).inc()
    seen = current.get()
    if seen is not None and seen.outcome == ENDED_WELL and codes:
        seen.outcome = codes[0]
    return known


def _told(error: GraphQLError, request_id: str) -> GraphQLError:
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        error.extensions = {"code": _code(error), **(error.extensions or {})}
        return error
    seen = current.get()
    name = seen.operation if seen else None
    _log.error("request failed", request_id=request_id, operation=name, path=error.path, exc_info=original)
    code, message = _cause(original)
    extensions = {"code": code, "requestId": request_id}
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)


def _cause(error: Exception) -> tuple[str, str]:
    if is_too_slow(error):
        return TOO_SLOW, _SLOW
    if isinstance(error, Unstorable):
        return NOT_STORABLE, _UNSTORABLE
    if isinstance(error, ProviderAway):
        return UNAVAILABLE, str(error)
    return (UNAVAILABLE, _AWAY) if is_passing(error) else (INTERNAL_SERVER_ERROR, _MASK)


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return GRAPHQL_PARSE_FAILED
    return BAD_USER_INPUT if error.path else GRAPHQL_VALIDATION_FAILED


def new_request_id() -> str:
    """An id that a person can quote."""
    return uuid4().hex
