"""Load, decide, append: the only way anything is written. A refusal is given only on states verified to be current."""

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

import msgspec
from msgspec import structs

from domain import ids
from domain.authority import Who, live_grants
from domain.commands import COMMANDS
from domain.commands.refusal import Attempt, recorded
from domain.decision import NAMED_MAX, Aggregate, Command, Decided
from domain.entry import Act, ActorKind, Entry, Event
from domain.ids import PersonId
from domain.refusals import CommandIdReused, Refused, StaleDigest, TooBusy
from domain.state.person import Person
from domain.state.policy import NO_POLICIES, policy, scopes
from domain.state.team import Team, Workspace
from infra.decisions.everywhere import Everywhere, everywhere
from infra.decisions.places import fits, stream, stream_of, team_of, track_of
from infra.decisions.reach import must_reach, reaches
from infra.decisions.request import Asker, Done, Request
from infra.ledger import Append, Conflict, DuplicateCommand, Ledger, NewEvent, Recorded
from infra.people.entitled import able, about
from infra.pool import Pool
from infra.states import States, opened
from infra.uuid7 import uuid7

__all__ = ["Appending", "Asker", "Deciding", "Done", "Request"]

ATTEMPTS_MAX: Final = 50
_SALT_BYTES: Final = 32
_KEY: Final = "select fingerprint_key from ledger.workspace where workspace_id = $1"
SUBJECTS: Final = {
    "Workspace": ("wsp", None),
    "Item": ("itm", None),
    "Pushback": ("pbk", "pushback"),
    "SignOff": ("sof", "sign_off"),
    "SignOffRequest": ("srq", "sign_off_request"),
    "Question": ("qst", "question"),
    "EstimationRound": ("rnd", "round"),
    "Person": ("psn", None),
    "Credential": ("crd", "credential"),
    "Team": ("tem", None),
    "RoleAssignment": ("asg", "assignment"),
    "Delegation": ("dlg", "delegation"),
    "PolicyVersion": ("pol", "policy"),
    "Definition": ("dfn", "definition"),
    "ReasonCode": ("rsn", "added_reason"),
    "Webhook": ("whk", "webhook"),
}
"""For each read model that a command's answer shows: its prefix, and the event field that holds its ordinal."""


Appending = Callable[[Append], Awaitable[tuple[Entry[Event], ...]]]
"""How a decision gets into the ledger: `Ledger.append`, or something that does what it does and more."""


class _View(NamedTuple):
    """What a decision is made on."""

    stream_id: UUID
    state: Any
    ordinal: tuple[int, ...]
    arguments: dict[str, Any]
    team: Team | None
    workspace: Workspace
    versions: dict[UUID, int]
    everywhere: Everywhere | None = None


class Deciding:
    """One process's decisions. The pool is the app's."""

    def __init__(self, ledger: Ledger, pool: Pool) -> None:
        self._ledger = ledger
        self._pool = pool
        self._states = States(ledger)
        self._keys: dict[UUID, bytes] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def execute(self, request: Request, append: Appending | None = None) -> Done:
        """Carry out a command; raises Refused, and whatever kept the ledger from answering.

        `append` is given by those who must write more than the ledger in the same transaction.
        """
        command = COMMANDS[request.command]
        must_reach(command, request)
        stream_id = (request.opens or uuid7()) if command.opens else stream(command, request.target)
        turn = self._turns.setdefault(stream_id.int, asyncio.Lock())
        async with turn:
            for _ in range(ATTEMPTS_MAX):
                done = await self._attempt(command, request, stream_id, append or self._ledger.append)
                if done is not None:
                    return done
        raise TooBusy

    async def kind_of(self, workspace_id: UUID, person_id: PersonId) -> ActorKind:
        """What stands behind what this person does; it never changes."""
        known = await self._states.load(workspace_id, ids.stream_id(person_id), Person)
        return ActorKind(known.state.kind)

    async def allowed(self, asker: Asker, target: str, now: datetime) -> tuple[str, ...]:
        """The commands that the asker could give on this thing now, arguments permitting."""
        fitting = [command for command in COMMANDS.values() if _may_be_given(command, asker, target)]
        views: dict[type[Aggregate], tuple[_View, Who]] = {}
        for command in {command.state: command for command in fitting}.values():
            request = Request(asker=asker, command=command.name, command_id=UUID(int=0), target=target, occurred_at=now)
            view = await self._view(command, request, ids.stream_id(target))
            views[command.state] = (view, _who(request, view))
        return tuple(command.name for command in fitting if _is_allowed(command, *views[command.state]))

    async def _attempt(self, command: Command, request: Request, stream_id: UUID, append: Appending) -> Done | None:
        """What it recorded, or None when it has to be decided again on newer states."""
        asker = request.asker
        view = await self._view(command, request, stream_id)
        if command.everywhere:
            seen = await everywhere(self._ledger, self._states, asker.workspace_id)
            view = view._replace(everywhere=seen, versions={**view.versions, **seen.versions})
        who = _who(request, view)
        fingerprint = await self._fingerprint(request)
        try:
            outcome: Decided = command.decide(view.state, who, *view.ordinal, **view.arguments)
        except Refused as refused:
            settled = await self._ledger.settle(asker.workspace_id, request.command_id, [*view.versions.items()])
            if settled.recorded:
                return _repeated(command, settled.recorded, fingerprint)
            if not settled.stale and await self._record(refused, command, request, view, append):
                await self._explain(refused, request, view)
                raise
            await self._states.refresh(asker.workspace_id, settled.stale or view.versions)
            return None
        try:
            entries = await append(_append(request, view, outcome, fingerprint))
        except Conflict:
            await self._states.refresh(asker.workspace_id, view.versions)
            return None
        except DuplicateCommand:
            return await self._answered_before(command, request, fingerprint)
        self._states.follow(entries, command.state if command.opens else None)
        return Done(entries, _subject_id(command, entries))

    async def _record(
        self, refused: Refused, command: Command, request: Request, view: _View, append: Appending
    ) -> bool:
        """Record a refusal that is a fact; False when its states have moved on and it has to be decided again.

        It has a command id of its own that follows from the request's: a retry is decided again, and recorded once.
        """
        if not command.gate or request.occurred_at is not None or append != self._ledger.append:
            return True
        attempt = Attempt(request.command, request.target if command.thing else None, request.arguments.get("label"))
        fact = recorded(view.state, _who(request, view), attempt, refused)
        if fact is None:
            return True
        own = structs.replace(request, command_id=uuid5(request.command_id, refused.code))
        try:
            entries = await append(_append(own, view, fact, await self._fingerprint(own)))
        except Conflict:
            return False
        except DuplicateCommand:
            settled = await self._ledger.settle(request.asker.workspace_id, own.command_id, ())
            entries = settled.recorded.entries if settled.recorded else ()
        self._states.follow(entries, None)
        refused.position = entries[-1].position if entries else None
        return True

    async def _explain(self, refused: Refused, request: Request, view: _View) -> None:
        """Add who could do it, and what happened since the content that was shown."""
        refused.person_ids = able(refused, _who(request, view))
        if isinstance(refused, StaleDigest):
            entries = await self._ledger.read_stream(request.asker.workspace_id, view.stream_id)
            digest = request.arguments["expected_digest"]
            shown = [e.position for e in entries if getattr(e.event, "digest", "") == digest]
            refused.positions_since = tuple(e.position for e in entries if shown and e.position > shown[0])

    async def _answered_before(self, command: Command, request: Request, fingerprint: bytes) -> Done | None:
        settled = await self._ledger.settle(request.asker.workspace_id, request.command_id, ())
        return _repeated(command, settled.recorded, fingerprint) if settled.recorded else None

    async def _view(self, command: Command, request: Request, stream_id: UUID) -> _View:
        workspace_id = request.asker.workspace_id
        versions: dict[UUID, int] = {}

        async def load(stream_id: UUID, aggregate: type[Aggregate]) -> Any:  # noqa: ANN401 - a state of the aggregate
            known = await self._states.load(workspace_id, stream_id, aggregate)
            versions[stream_id] = known.version
            return known.state

        state = opened(command.state, stream_id) if command.opens else await load(stream_id, command.state)
        if command.opens:
            versions[stream_id] = 0
        arguments = dict(request.arguments)
        for name, aggregate in command.references.items():
            given = arguments.get(name)
            if isinstance(given, tuple):
                named = given[: NAMED_MAX + 1]  # one more is refused, and tells as much as thousands would
                arguments[name] = tuple(
                    [await load(stream_of(key, aggregate.PREFIX, name), aggregate) for key in named]
                )
            elif given is not None:
                arguments[name] = await load(stream_of(given, aggregate.PREFIX, name), aggregate)
        team = team_of(state, arguments)
        if isinstance(team, str):
            team = await load(ids.stream_id(team), Team)
        workspace = await load(workspace_id, Workspace)
        ordinal = (ids.parse(request.target).ordinal,) if command.thing and request.target else ()
        return _View(stream_id, state, ordinal, arguments, team, workspace, versions)

    async def secret(self, workspace_id: UUID, said: bytes) -> bytes:
        """32 bytes that only this workspace's key makes of what is said."""
        if workspace_id not in self._keys:
            self._keys[workspace_id] = bytes(await self._pool.fetchval(workspace_id, _KEY, workspace_id))
        return hmac.digest(self._keys[workspace_id], said, sha256)

    async def _fingerprint(self, request: Request) -> bytes:
        said = (request.command, request.target, request.asker.person_id, request.arguments)
        return await self.secret(request.asker.workspace_id, msgspec.json.encode(said, order="sorted"))


def _may_be_given(command: Command, asker: Asker, target: str) -> bool:
    """Whether people give this command on such a thing, with the credential that the asker has."""
    return command.allowed is not None and not command.by_system and reaches(command, asker) and fits(command, target)


def _is_allowed(command: Command, view: _View, who: Who) -> bool:
    if command.allowed is None or not view.versions[view.stream_id]:
        return False
    try:
        command.allowed(view.state, who, *view.ordinal)
    except Refused:
        return False
    return True


def _who(request: Request, view: _View) -> Who:
    now, asker, workspace = request.occurred_at or datetime.now(UTC), request.asker, view.workspace
    on = about(view.state, view.arguments)
    places = (view.team, workspace) if view.team else (workspace,)
    grants = tuple(grant for place in places for grant in place.grants.values())
    adopted = scopes(
        workspace.policies, view.team.policies if view.team else NO_POLICIES, track_of(view.state, view.arguments)
    )
    return Who(
        person_id=asker.person_id,
        kind=asker.kind,
        now=now,
        salt=os.urandom(_SALT_BYTES).hex(),
        grants=live_grants(grants, asker.person_id, now, on),
        place=grants,
        delegations=tuple(view.team.delegations.values()) if view.team else (),
        elsewhere=view.everywhere.held if view.everywhere else (),
        about=on,
        calendar=(view.team or workspace).calendar,
        policy=policy(adopted),
        workspace_policies=workspace.policies,
        definitions=tuple(place.definitions for place in places),
        reasons=workspace.reasons,
    )


def _append(request: Request, view: _View, outcome: Decided, fingerprint: bytes) -> Append:
    asker = request.asker
    act = Act(
        actor=asker.person_id,
        actor_kind=asker.kind,
        acting_role=outcome.authority.role,
        authorised_by=outcome.authority.authorised_by,
        on_behalf_of=outcome.authority.on_behalf_of,
        credential=asker.credential_id,
        occurred_at=request.occurred_at,
    )
    version = view.versions[view.stream_id]
    events = tuple(NewEvent(view.stream_id, version + n, event, act) for n, event in enumerate(outcome.events, 1))
    reads = tuple((stream, read) for stream, read in view.versions.items() if stream != view.stream_id)
    teams = frozenset(view.everywhere.versions) if view.everywhere else None
    return Append(asker.workspace_id, request.command_id, fingerprint, events, reads, teams)


def _repeated(command: Command, recorded: Recorded, fingerprint: bytes) -> Done:
    if not hmac.compare_digest(recorded.fingerprint, fingerprint):
        raise CommandIdReused(path="commandId")
    return Done(recorded.entries, _subject_id(command, recorded.entries))


def _subject_id(command: Command, entries: tuple[Entry[Event], ...]) -> str:
    prefix, field = SUBJECTS[command.subject]
    key = ids.stream_key(prefix, entries[0].stream_id)
    return ids.thing_key(prefix, key, getattr(entries[0].event, field)) if field else key
