"""The envelope that every event shows: who did it, when, and by what authority."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.entry import EVENTS, ActorKind, Choice
from domain.ids import CredentialId, ItemId, PersonId
from graphql_api.types.fields import Backed, backed, declare, sentence
from graphql_api.types.hints import read
from graphql_api.types.scalars import Position
from graphql_api.types.sources import EVENT, NODE, Column, Form, Link

_KINDS: Any = [(topic, (topic, sentence(event))) for topic, event in EVENTS.items()]
EventKind: Any = Choice("EventKind", _KINDS)
EventKind.__doc__ = "What can happen."


class Fact(NamedTuple):
    """A column of the table of entries: its annotation and what it means. `target` is the row that an id names."""

    hint: Any
    doc: str
    target: str | None = None


ENVELOPE: Final[dict[str, Fact]] = {
    "position": Fact(Position, "Its place in the workspace's ledger: contiguous, and the only order there is."),
    "kind": Fact(EventKind, "What happened."),
    "subject_id": Fact(ItemId, "The id of what it is about: an item, a team, a person or the workspace."),
    "version": Fact(int, "Its place among the events about the same subject, counted from 1."),
    "recorded_at": Fact(datetime, "When the ledger took it, by the server's clock."),
    "occurred_at": Fact(datetime | None, "When it happened by the claim of who recorded it; null for: then."),
    "effective_at": Fact(datetime, "When it counts from; never before the event before it."),
    "actor_id": Fact(PersonId, "Who did it; null where nobody did, as for the opening of a workspace.", "Person"),
    "actor_kind": Fact(ActorKind, "What stands behind it."),
    "acting_role": Fact(str, "The role in which it was done."),
    "authorised_by": Fact(str, "The role assignment, or the name of the rule, that allowed it."),
    "on_behalf_of_id": Fact(PersonId | None, "For whom it was done; null for oneself.", "Person"),
    "credential_id": Fact(CredentialId | None, "The id of the access token it came by."),
    "command_id": Fact(UUID | None, "The id of the command, on its first event only."),
}
"""The columns of `entry` that everybody may read, in the order in which they are shown."""


def declare_event() -> None:
    """The interface of all events."""
    fields = [_field(column, fact) for column, fact in ENVELOPE.items()]
    subject = backed("subject", NODE, Link(NODE, "{t}.subject_id"), "What it is about.")
    declare(EVENT, [*fields, subject], "Something that happened, with who did it and when.", is_interface=True)


def _field(column: str, fact: Fact) -> Backed:
    if fact.target:
        return backed(
            column.removesuffix("_id"), f"{fact.target} | None", Link(fact.target, f"{{t}}.{column}"), fact.doc
        )
    if fact.hint is Position:
        return backed(column, "Position", Column(column, Form.NUMBER, is_nullable=False), fact.doc)
    hint = read(fact.hint)
    return backed(column, hint.annotation, Column(column, hint.form, hint.is_nullable), fact.doc)
