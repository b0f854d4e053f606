"""What a client is told of an exception, whatever it is and however the client came."""

from graphql import GraphQLError, GraphQLFormattedError

from graphql_api.compiler.refusals import refusal
from graphql_api.documents import Invalid
from graphql_api.faults import UNAUTHENTICATED, Fault, told
from infra.people.credentials import UnknownToken


def worded(error: Exception, request_id: str) -> list[GraphQLFormattedError]:
    """The entries of `errors`."""
    return [one.formatted for one in told(_errors(error), request_id)]


def _errors(error: Exception) -> list[GraphQLError]:
    match error:
        case Invalid():
            return error.errors
        case GraphQLError():
            return [error]
        case Fault():
            return [refusal(error.code, str(error))]
        case UnknownToken():
            return [refusal(UNAUTHENTICATED, str(error))]
        case _:
            return [GraphQLError("", original_error=error)]
