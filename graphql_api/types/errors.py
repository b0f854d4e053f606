"""Every code of an error that is no refusal of the rules: its status, what it means. Prints docs/errors.md."""

import sys
from typing import Final, NamedTuple

_OK: Final = "200"
_SAID: Final = "200 / 400"
"""200 as application/json, 400 as application/graphql-response+json: nothing was carried out."""


class Told(NamedTuple):
    """A line of the page. `status` is that of HTTP; over WebSocket and SSE an error comes as a message."""

    status: str
    meaning: str
    instead: str


ERRORS: Final[dict[str, Told]] = {
    "BAD_CURSOR": Told(_SAID, "`after` or `before` is no cursor of this list.", "Pass a cursor as you were given it."),
    "BAD_PAGE_SIZE": Told(_SAID, "`first` or `last` is missing, both, or out of bounds.", "Say one, 1 to 100."),
    "BAD_REQUEST": Told("400, 406", "The request names no operation that can be read.", "See the message."),
    "BAD_TEXT": Told(_SAID, "Text holds NUL or half of a surrogate pair.", "Send whole characters."),
    "BAD_TIME": Told(_SAID, "A time has no time zone.", "End it with Z or an offset."),
    "BAD_USER_INPUT": Told(_OK, "An argument of one field cannot be taken.", "`path` names the field; correct it."),
    "BODY_TOO_LARGE": Told("413", "The body has more than 2 MiB.", "Send less at once."),
    "DOCUMENT_NOT_TRUSTED": Told(
        _SAID, "Only [trusted documents](trusted.md) are carried out here.", "Ask by the id of one."
    ),
    "FORBIDDEN": Told("403", "A page of another origin asked with a person's cookie.", "Ask from this server's pages."),
    "GRAPHQL_PARSE_FAILED": Told(_SAID, "The document is no GraphQL.", "`locations` says where."),
    "GRAPHQL_VALIDATION_FAILED": Told(
        _SAID,
        "The document or its variables do not fit the schema; `extensions.path` says where in the variables.",
        "Generate your client from `schema.graphql`.",
    ),
    "IDENTITY_BOUND": Told("409", "The provider's account is a person's already.", "Go on with it, or revoke that."),
    "INTERNAL_SERVER_ERROR": Told("200, 500", "Our fault.", "Tell us `extensions.requestId`."),
    "INTROSPECTION_OFF": Told(_SAID, "This server does not tell its schema.", "Read `schema.graphql`."),
    "METHOD_NOT_ALLOWED": Told("405", "Not GET or POST, or a mutation by GET.", "Send it with POST."),
    "NOT_ACCEPTABLE": Told("406", "`accept` names no form that is answered.", "Accept `application/json`."),
    "NOT_STORABLE": Told(_OK, "What was said cannot be stored in one piece.", "Say it shorter."),
    "NOT_YET_KNOWN": Told("200", "This server has not folded that position yet.", "Ask again."),
    "OPERATION_NOT_NAMED": Told(_SAID, "The document has several operations.", "Send `operationName`."),
    "PERSISTED_QUERY_NOT_FOUND": Told(
        _SAID, "No [trusted document](trusted.md) has this id.", "Send the text, as Apollo's link does by itself."
    ),
    "RATE_LIMITED": Told("429", "This token has spent its points.", "Wait `extensions.retryAfterSeconds`."),
    "TOO_COMPLEX": Told(_SAID, "The statement would be too large.", "Ask for less at once."),
    "TOO_DEEP": Told(_SAID, "More than 12 fields deep.", "Ask in two operations."),
    "TOO_MANY_ALIASES": Told(
        _SAID, "More than 100 fields again under another name.", "Ask for lists, or in several operations."
    ),
    "TOO_MANY_FIELDS": Told(_SAID, "More than 10,000 fields.", "Ask for less at once."),
    "TOO_MANY_LISTS": Told(_SAID, "More than 4 lists in lists.", "Ask in two operations."),
    "TOO_MANY_MUTATIONS": Told(_SAID, "More than 20 mutations in one operation.", "Send several."),
    "TOO_MANY_OPERATIONS": Told("WebSocket", "More than 100 under way on one socket.", "Complete some first."),
    "TOO_MANY_REPEATS": Told(_SAID, "The same fields again and again.", "Select each once."),
    "TOO_MANY_ROWS": Told(_SAID, "More rows than one answer holds.", "Make `first` or `last` smaller."),
    "TOO_MUCH_INTROSPECTION": Told(_SAID, "The schema times itself.", "Ask for it once, as tools do."),
    "TOO_MANY_SUBSCRIPTIONS": Told(
        "200", "This token follows as many subscriptions in this process as it may.", "End one first."
    ),
    "TOO_SLOW": Told("200, 500", "A statement took more than 15 seconds.", "Ask for less at once."),
    "UNAUTHENTICATED": Told("401", "No token, or one that is not honoured.", "Send `authorization: Bearer <token>`."),
    "UNAVAILABLE": Told(
        "200, 503",
        "The database, or the sign-in provider, does not answer now.",
        "Try again, with the same `commandId`.",
    ),
    "UNKNOWN_OPERATION": Told(_SAID, "No operation of the document has this name.", "Correct `operationName`."),
    "UNSUPPORTED_MEDIA_TYPE": Told("415", "The body is no JSON in UTF-8.", "Send `application/json`."),
}

_HEAD: Final = """# Errors

Made from the code by `make schema`. These stand in `errors`, with the code in `extensions.code`; what the rules say no
to is an answer and stands in `data`: [refusals.md](refusals.md). Codes never change; messages may. Two statuses with a
stroke are those for `application/json` and for `application/graphql-response+json`; over WebSocket and server-sent
events an error comes as a message. 200 beside another status: the fault met one field of an operation, and `data` is
there.

| Code | Status | What it means | What to do |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page docs/errors.md."""
    lines = (f"| `{code}` | {one.status} | {one.meaning} | {one.instead} |\n" for code, one in sorted(ERRORS.items()))
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
