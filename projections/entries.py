"""The read copy of the ledger: each event in today's form, so that SQL never meets an old one."""

from typing import Any

from domain.entry import Entry, Event
from domain.events import (
    CredentialIssued,
    CredentialRevoked,
    PersonRegistered,
    RoleAssigned,
    RoleAssignmentEnded,
    TeamFormed,
    WorkspaceOpened,
)
from domain.ids import stream_key, thing_key

_OF_PERSON: tuple[type[Event], ...] = (PersonRegistered, CredentialIssued, CredentialRevoked)
_OF_TEAM: tuple[type[Event], ...] = (TeamFormed, RoleAssigned, RoleAssignmentEnded)


def subject_id(entry: Entry[Any]) -> str:
    """The id of the thing whose stream the entry belongs to."""
    if entry.stream_id == entry.workspace_id or isinstance(entry.event, WorkspaceOpened):
        return stream_key("wsp", entry.stream_id)
    if isinstance(entry.event, _OF_PERSON):
        return stream_key("psn", entry.stream_id)
    return stream_key("tem" if isinstance(entry.event, _OF_TEAM) else "itm", entry.stream_id)


def pushback_id(entry: Entry[Any]) -> str | None:
    """The pushback that the entry speaks of, if any."""
    ordinal = getattr(entry.event, "pushback", None)
    return None if ordinal is None else thing_key("pbk", stream_key("itm", entry.stream_id), ordinal)
