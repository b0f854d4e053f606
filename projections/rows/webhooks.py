"""The webhooks of a workspace: which other systems are told what."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import WebhookRegistered, WebhookRevoked
from domain.ids import PersonId, WebhookId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one


class Webhook(Row, frozen=True, kw_only=True):
    """Another system that is told what happens, without its whole address and its secret."""

    id: WebhookId
    address: str
    kinds: tuple[str, ...]
    person_id: PersonId | None
    with_text: bool
    registered: Annotated[int, Points(WebhookRegistered)]
    revoked: Annotated[int, Points(WebhookRevoked)] | None = None

    person = one("Person", "person_id", doc="Whose turn it must be; null when it does not matter.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("whk", stream_key("wsp", entry.stream_id), entry.event.webhook),)


def _evolve(row: Webhook | None, entry: Entry[Any], _item: object) -> Webhook | None:
    match entry.event:
        case WebhookRegistered() as said:
            (key,) = _keys(entry)
            return Webhook(
                id=WebhookId(key),
                address=said.address,
                kinds=said.kinds,
                person_id=said.person_id,
                with_text=said.with_text,
                registered=entry.position,
            )
        case WebhookRevoked() if row:
            return replace(row, revoked=entry.position)
        case _:
            return row


PROJECTION = Projection(Webhook, frozenset({WebhookRegistered, WebhookRevoked}), _keys, _evolve)
