"""Who holds and lends what, read from the history of a team alone: what the rules should have gone by."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain import ids
from domain.entry import Entry, Event
from domain.events import (
    DelegationExpired,
    DelegationGranted,
    DelegationRevoked,
    ProductOwnerHandedOver,
    RoleAssigned,
    RoleAssignmentEnded,
)
from domain.events.people import Role
from tests.given import TEAM


class ReadsHistory:
    """What was said, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Entry[Event]] = []
        self.times: dict[int, datetime] = {}

    def said(self, *kinds: type[Any]) -> Iterator[tuple[Entry[Any], datetime]]:
        """What was said of these kinds, and when."""
        return ((line, self.times[line.position]) for line in self.lines if isinstance(line.event, kinds))

    def held(self) -> dict[str, RoleAssigned]:
        """The assignments that nobody ended, by id, read from history."""
        assigned: dict[str, RoleAssigned] = {}
        for line, _ in self.said(RoleAssigned, ProductOwnerHandedOver, RoleAssignmentEnded):
            place = ids.stream_key("tem" if line.stream_id == TEAM else "wsp", line.stream_id)
            key = ids.thing_key("asg", place, line.event.assignment)
            if isinstance(line.event, RoleAssignmentEnded):
                del assigned[key]
            elif isinstance(line.event, ProductOwnerHandedOver):
                assigned[key] = owning(line.event)
            else:
                assigned[key] = line.event
        return assigned

    def roles_of(self, key: str, now: datetime) -> set[Role]:
        """The roles that give somebody powers at a time, read from history."""
        live = [each for each in self.held().values() if each.person_id == key and lasts(each, now)]
        return {each.role for each in live}

    def lent(self) -> dict[str, Any]:
        """The delegations that nobody revoked and that did not expire, by id, read from history."""
        granted: dict[str, Any] = {}
        for line, _ in self.said(DelegationGranted, DelegationRevoked, DelegationExpired):
            key = ids.thing_key("dlg", ids.stream_key("tem", TEAM), line.event.delegation)
            if isinstance(line.event, DelegationGranted):
                granted[key] = line.event
            else:
                del granted[key]
        return granted


def owning(handed: ProductOwnerHandedOver) -> RoleAssigned:
    """What a hand-over gives, as an assignment."""
    ordinal, role = handed.assignment, Role.PRODUCT_OWNER
    return RoleAssigned(assignment=ordinal, person_id=handed.person_id, role=role, starts_at=handed.starts_at)


def lasts(term: Any, now: datetime) -> bool:
    """Whether a term is running."""
    return term.starts_at <= now and (term.ends_at is None or now < term.ends_at)
