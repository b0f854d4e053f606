"""The trusted documents of a process: found by id, and with every statement they may need compiled beforehand."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import chain, islice, zip_longest
from typing import Final

from graphql_api.compiler.refusals import refusal
from graphql_api.documents import Documents, Invalid
from graphql_api.transport.asked import Asked
from graphql_api.trusted.shapes import statements
from infra.settings import WrongSetting

PERSISTED_QUERY_NOT_FOUND: Final = "PERSISTED_QUERY_NOT_FOUND"
DOCUMENT_NOT_TRUSTED: Final = "DOCUMENT_NOT_TRUSTED"
STATEMENTS_MAX: Final = 1000
"""Kept prepared on each connection; the likeliest of every document are among them."""

_SHA256: Final = "sha256:"
_UNKNOWN: Final = "No trusted document here has this id; send the document's text, or have its manifest loaded."
_STRANGE: Final = "Only trusted documents are carried out here; ask by the id of one, or have its manifest loaded."


class Trusted:
    """Texts by id: the manifest's own, and the SHA-256 of each text, with or without the prefix of the draft.

    With `is_closed` nothing else is carried out. Raises WrongSetting when a document is not valid here.
    """

    def __init__(self, documents: Documents, texts: Mapping[str, str], *, is_closed: bool = False) -> None:
        self._documents = documents
        self._is_closed = is_closed
        self._texts = {sha256(text.encode()).hexdigest(): text for text in texts.values()} | dict(texts)
        self._known = frozenset(texts.values())
        for called, text in texts.items():
            self._keep(called, text)

    def _keep(self, called: str, text: str) -> None:
        try:
            self._documents.keep(text)
        except Invalid as invalid:
            reason = " ".join(invalid.errors[0].message.split())
            raise WrongSetting(f"PUSHBACK_DOCUMENTS: the document {called!r} is not valid here: {reason}") from invalid

    def text(self, asked: Asked) -> str:
        """The document that is asked for; raises Invalid."""
        text = self._named(asked)
        if text is None:
            text = asked.query
        if text is None:
            raise Invalid([refusal(PERSISTED_QUERY_NOT_FOUND, _UNKNOWN)])
        if self._is_closed and text not in self._known:
            raise Invalid([refusal(DOCUMENT_NOT_TRUSTED, _STRANGE)])
        return text

    def _named(self, asked: Asked) -> str | None:
        named = asked.document
        return None if named is None else self._texts.get(named) or self._texts.get(named.removeprefix(_SHA256))

    def names(self) -> list[str]:
        """What the operations are called."""
        found = (one.name for text in self._known for one in self._documents.read(text).operations)
        return [name for name in found if name is not None]

    def statements(self) -> list[str]:
        """What to have prepared, compiled now: the likeliest form of each document, then the next of each."""
        found = zip_longest(*(self._of(text) for text in sorted(self._known)))
        unlike = dict.fromkeys(sql for sql in chain.from_iterable(found) if sql is not None)
        return list(islice(unlike, STATEMENTS_MAX))

    def _of(self, text: str) -> Iterator[str]:
        for operation in self._documents.read(text).operations:
            yield from statements(operation)
