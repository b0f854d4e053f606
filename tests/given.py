"""Histories and people for tests of the rules, without a database."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from msgspec.structs import replace

from domain.authority import Grant, Who
from domain.decision import Decided
from domain.entry import Act, ActorKind, Entry, Event
from domain.events import ItemDrafted, TeamFormed, WorkspaceOpened
from domain.events.item import ItemKind, Track
from domain.events.people import Role, TeamKind
from domain.ids import AssignmentId, ItemId, PersonId, TeamId, stream_key, thing_key
from domain.refusals import Refused
from domain.state import item, person, team
from domain.state.item import Item
from domain.state.person import Person
from domain.state.team import Team, Workspace

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORKSPACE: Final = uuid5(NAMESPACE_DNS, "workspace")
TEAM: Final = uuid5(NAMESPACE_DNS, "team")
ITEM: Final = uuid5(NAMESPACE_DNS, "item")
TEAM_ID: Final = TeamId(stream_key("tem", TEAM))
ITEM_ID: Final = ItemId(stream_key("itm", ITEM))
NEW_ITEM: Final = Item(id=ITEM_ID)

Said = tuple[str, Event]


def person_id(name: str) -> PersonId:
    """The id of a person of the tests."""
    return PersonId(stream_key("psn", uuid5(NAMESPACE_DNS, name)))


def who(name: str, *roles: Role, kind: ActorKind = ActorKind.HUMAN, now: datetime = NOW) -> Who:
    """A person who holds these roles in the team."""
    grants = tuple(
        Grant(
            assignment_id=AssignmentId(thing_key("asg", TEAM_ID, ordinal)),
            person_id=person_id(name),
            role=role,
            starts_at=NOW - timedelta(days=1),
            is_service=kind is ActorKind.SERVICE,
        )
        for ordinal, role in enumerate(roles, 1)
    )
    salt = sha256(f"{name} {now}".encode()).hexdigest()
    return Who(person_id=person_id(name), kind=kind, now=now, salt=salt, grants=grants)


def together(*people: Who, place: tuple[Grant, ...] | None = None) -> tuple[Who, ...]:
    """The people, each among all of them; `place` when others hold roles there."""
    everybody = tuple(grant for person in people for grant in person.grants) if place is None else place
    return tuple(replace(person, place=everybody) for person in people)


def entry(stream_id: UUID, version: int, actor_id: PersonId, event: Event) -> Entry[Event]:
    """A line of the ledger as it would be read."""
    act = Act(actor=actor_id, actor_kind=ActorKind.HUMAN, acting_role="DEVELOPER", authorised_by="asg_test")
    at = NOW + timedelta(minutes=version)
    return Entry(
        workspace_id=WORKSPACE,
        position=version,
        stream_id=stream_id,
        version=version,
        schema_version=type(event).class_version,
        recorded_at=at,
        effective_at=at,
        act=act,
        event=event,
    )


def entries(stream_id: UUID, *said: Said) -> list[Entry[Event]]:
    """('paula', ItemDrafted(...)), ... as the ledger would hold them."""
    return [entry(stream_id, version, person_id(name), event) for version, (name, event) in enumerate(said, 1)]


def erased(line: Entry[Event]) -> Entry[Event]:
    """The line without what was typed."""
    return replace(line, event=replace(line.event, **dict.fromkeys(line.event.PROSE)))


def given(*said: Said, stream_id: UUID = ITEM) -> Item:
    """An item with this history."""
    return reduce(item.evolve, entries(stream_id, *said), Item())


def given_team(*said: Said) -> Team:
    """A team that was formed and has this history."""
    formed = ("anna", TeamFormed(kind=TeamKind.FEATURE, name="Checkout"))
    return reduce(team.evolve_team, entries(TEAM, formed, *said), Team())


def given_workspace(*said: Said) -> Workspace:
    """A workspace that was opened and has this history."""
    opened = ("anna", WorkspaceOpened(name="Books"))
    return reduce(team.evolve_workspace, entries(WORKSPACE, opened, *said), Workspace())


def given_person(name: str, *said: Said) -> Person:
    """A person with this history."""
    return reduce(person.evolve, entries(uuid5(NAMESPACE_DNS, name), *said), Person())


def drafted(title: str = "Pay by card", track: Track = Track.FUNCTIONAL, **said: Any) -> ItemDrafted:
    """The event with which an item begins."""
    event: dict[str, Any] = {"team_id": TEAM_ID, "track": track, "kind": ItemKind.STORY, "rank": "V1", "title": title}
    return ItemDrafted(**{**event, "section_digests": {"title": "d" * 64}, "digest": f"digest of {title}", **said})


def after(state: Item, actor: Who, outcome: Decided) -> Item:
    """The item once what was decided is in the ledger, in whose name as well."""
    said = (entry(ITEM, 1, actor.person_id, event) for event in outcome.events)
    behind = outcome.authority.on_behalf_of
    return reduce(item.evolve, (replace(line, act=replace(line.act, on_behalf_of=behind)) for line in said), state)


def refused(refusal: type[Refused]) -> "pytest.RaisesExc[Refused]":
    """The block is refused for exactly this reason. test_refusals.py counts on this being how a test says so."""
    return pytest.raises(refusal, check=lambda raised: type(raised) is refusal)
