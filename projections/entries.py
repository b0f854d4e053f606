"""The read copy of the ledger: each event in today's form, so that SQL never meets an old one."""

from typing import Any, Final

from msgspec import to_builtins

from domain.entry import Entry, Event
from domain.events import (
    AbsenceBegan,
    AbsenceDeclared,
    AbsenceEnded,
    CredentialIssued,
    CredentialRevoked,
    DefinitionAdopted,
    DefinitionReplaced,
    DelegationExpired,
    DelegationGranted,
    DelegationRevoked,
    NameErased,
    PersonRegistered,
    PolicyAdopted,
    ProductOwnerHandedOver,
    ProseErased,
    ReasonAdded,
    ReasonRetired,
    RoleAssigned,
    RoleAssignmentEnded,
    TeamFormed,
    WebhookRegistered,
    WebhookRevoked,
    WorkspaceOpened,
)
from domain.ids import SYSTEM, PersonId, stream_key, thing_key

PREFIXES: Final[dict[type[Event], str]] = {
    WorkspaceOpened: "wsp",
    ProseErased: "wsp",
    PersonRegistered: "psn",
    AbsenceDeclared: "psn",
    AbsenceBegan: "psn",
    AbsenceEnded: "psn",
    CredentialIssued: "psn",
    CredentialRevoked: "psn",
    NameErased: "psn",
    TeamFormed: "tem",
    RoleAssigned: "tem",
    DelegationGranted: "tem",
    DelegationRevoked: "tem",
    DelegationExpired: "tem",
    ProductOwnerHandedOver: "tem",
    RoleAssignmentEnded: "tem",
    PolicyAdopted: "tem",
    ReasonAdded: "wsp",
    ReasonRetired: "wsp",
    WebhookRegistered: "wsp",
    WebhookRevoked: "wsp",
    DefinitionAdopted: "tem",
    DefinitionReplaced: "tem",
}
"""What stands in whose stream; everything else is said on an item."""


def subject_id(entry: Entry[Any]) -> str:
    """The id of the thing whose stream it belongs to. Roles and policy are those of a team or of the workspace."""
    if entry.stream_id == entry.workspace_id:
        return stream_key("wsp", entry.stream_id)
    return stream_key(PREFIXES.get(type(entry.event), "itm"), entry.stream_id)


def envelope(entry: Entry[Any]) -> dict[str, Any]:
    """What an entry says beside its event, by the names of the ledger's columns, for programs."""
    act = to_builtins(entry.act)
    return {
        "subject_id": subject_id(entry),
        "version": entry.version,
        "recorded_at": entry.recorded_at,
        "occurred_at": act.pop("occurred_at"),
        "effective_at": entry.effective_at,
        **act,
        "command_id": entry.command_id,
    }


def pushback_id(entry: Entry[Any]) -> str | None:
    """The pushback that the entry speaks of, if any."""
    ordinal = getattr(entry.event, "pushback", None)
    return None if ordinal is None else thing_key("pbk", stream_key("itm", entry.stream_id), ordinal)


def person_acting(entry: Entry[Any]) -> PersonId | None:
    """Who did it; None where it was nobody who is known, as in an import that does not say."""
    return None if entry.act.actor == SYSTEM else PersonId(entry.act.actor)
