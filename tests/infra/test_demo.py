"""The demo workspace: everything in it came by the real commands, it tells half a year, and it can be gone on with."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.entry import ActorKind, Entry
from domain.events import (
    ConversationConfirmed,
    ConversationNoted,
    DissentRecorded,
    EstimateRecorded,
    HoldSubstantiated,
    ItemDrafted,
    PushbackAnswered,
    PushbackConceded,
    PushbackJoined,
    PushbackOverridden,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
    RoleAssigned,
    RoundConcluded,
    SignOffCarriedForward,
    SignOffGranted,
    SignOffRevoked,
    SignOffVoided,
    TeamFormed,
)
from domain.events.estimation import RoundOutcome
from domain.events.override import Understanding
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.ids import parse
from domain.state.item import Item, evolve
from domain.state.pushback import Phase
from infra.cluster import Cluster
from infra.cluster import Role as Login
from infra.deciding import Deciding
from infra.demo import workspace as demo
from infra.demo.clock import Period
from infra.demo.company import COMPANY, OBJECTIONS, stories
from infra.demo.stage import DemoRefused, Stage, Step
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.ledger import Ledger
from infra.pool import Pool, plain
from infra.scheduling.scheduler import Scheduler

pytestmark = pytest.mark.xdist_group("demo")
MARGIN = timedelta(days=1)
OPENINGS = ((10, 23), (12, 3), (14, 17), (15, 8), (16, 13))
"""Days and hours; on the last, the first item of a backlog was moved up where there was no other."""


class Desk:
    """One process's services over a database."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.pool: Pool = plain(cluster, Login.APP, 4)
        self.ledger = Ledger(self.pool)
        self.deciding = Deciding(self.ledger, self.pool)
        self.folds = folds(cluster, 2)
        self.projector = Projector(self.folds)
        self.scheduler = Scheduler(self.deciding, self.projector, self.folds)

    async def make(self, steps_max: int | None = None) -> demo.Demo:
        """Make the demo, and fall over after so many steps."""
        told = 0

        def tell(_period: Period, _at: datetime) -> None:
            nonlocal told
            told += 1
            if told == steps_max:
                raise KilledError

        await ensure_read_schema(self._cluster)
        return await demo.make_demo(self.ledger, self.deciding, self.scheduler, tell)

    async def entries(self) -> list[Entry[Any]]:
        return await self.ledger.read_after(demo.DEMO_ID, 0, 100_000)

    async def close(self) -> None:
        await self.ledger.close()
        await self.projector.close()
        await self.folds.close()
        await self.pool.close()


class KilledError(Exception):
    """The process ends here."""


@pytest.fixture(scope="session")
def told(cluster: Cluster) -> tuple[Entry[Any], ...]:
    """Every entry of the demo, made in one go."""

    async def tell() -> tuple[Entry[Any], ...]:
        desk = Desk(cluster)
        await desk.make()
        entries = await desk.entries()
        await desk.close()
        return tuple(entries)

    return asyncio.run(tell())


@pytest.fixture
async def desk(cluster: Cluster, told: tuple[Entry[Any], ...]) -> AsyncIterator[Desk]:
    assert told
    desk = Desk(cluster)
    yield desk
    await desk.close()


def of(told: tuple[Entry[Any], ...], *kinds: type) -> list[Entry[Any]]:
    return [entry for entry in told if isinstance(entry.event, kinds)]


def items(told: tuple[Entry[Any], ...]) -> list[Item]:
    streams: dict[UUID, list[Entry[Any]]] = {}
    for entry in told:
        streams.setdefault(entry.stream_id, []).append(entry)
    return [
        reduce(evolve, entries, Item()) for entries in streams.values() if isinstance(entries[0].event, ItemDrafted)
    ]


def test_ten_teams_have_hundreds_of_items_on_both_backlogs(told: tuple[Entry[Any], ...]) -> None:
    assert len(of(told, TeamFormed)) == 10
    drafted = of(told, ItemDrafted)
    assert len(drafted) >= 300
    backlogs = {(entry.event.team_id, entry.event.track) for entry in drafted}
    assert len(backlogs) == 20


def test_pushbacks_end_in_every_way_and_many_have_not_ended(told: tuple[Entry[Any], ...]) -> None:
    for outcome in (PushbackAnswered, PushbackSettledByRevision, PushbackConceded, PushbackWithdrawn):
        assert len(of(told, outcome)) > 20
    assert len(of(told, PushbackVerificationRejected)) > 20
    phases = [pushback.phase for item in items(told) for pushback in item.pushbacks.values()]
    assert phases.count(Phase.OPEN) > 5
    assert phases.count(Phase.RESPONDED) > 1, "the others were reminded, and lapsed"
    assert sum(bool(item.blocks) for item in items(told)) > 1


def test_sign_offs_are_voided_carried_and_taken_back(told: tuple[Entry[Any], ...]) -> None:
    assert len(of(told, SignOffVoided)) > 50
    assert len(of(told, SignOffCarriedForward)) > 50
    assert len(of(told, SignOffRevoked)) > 3
    assert {entry.event.label for entry in of(told, SignOffGranted)} == set(Label)


def test_teams_estimate_in_rounds_override_hold_join_and_talk(told: tuple[Entry[Any], ...]) -> None:
    outcomes = [entry.event.outcome for entry in of(told, RoundConcluded)]
    assert outcomes == [RoundOutcome.NOT_ESTIMABLE, RoundOutcome.AGREED]
    (overridden,) = of(told, PushbackOverridden)
    assert overridden.event.understanding is Understanding.DISPUTED
    assert len(of(told, DissentRecorded)) == 1
    for kind in (HoldSubstantiated, PushbackJoined, ConversationNoted, ConversationConfirmed):
        assert len(of(told, kind)) == 1
    phases = [pushback.phase for item in items(told) for pushback in item.pushbacks.values()]
    assert phases.count(Phase.HELD) == phases.count(Phase.OVERRIDE_PENDING) == 1, "as it is now"


def test_it_tells_of_months_that_end_a_few_hours_ago(told: tuple[Entry[Any], ...]) -> None:
    first, last = told[0], told[-1]
    assert last.effective_at - first.effective_at > timedelta(days=180)
    assert timedelta(hours=1) < last.recorded_at - last.effective_at < timedelta(hours=4)
    yesterday = last.effective_at - MARGIN
    assert sum(entry.effective_at > yesterday for entry in told) >= 6


def test_every_time_is_claimed_and_none_comes_before_an_earlier_one(told: tuple[Entry[Any], ...]) -> None:
    people = [entry for entry in told if entry.act.actor_kind is not ActorKind.SYSTEM]
    assert [entry.act.occurred_at for entry in people] == [entry.effective_at for entry in people]
    assert all(entry.act.occurred_at for entry in told)


async def test_the_past_can_be_asked_for_by_its_time(desk: Desk, told: tuple[Entry[Any], ...]) -> None:
    middle = told[0].effective_at + (told[-1].effective_at - told[0].effective_at) / 2
    position = await desk.ledger.position_at(demo.DEMO_ID, middle)
    assert told[position - 1].effective_at <= middle < told[position].effective_at
    assert 1000 < position < len(told) - 1000


def test_only_developers_have_estimated(told: tuple[Entry[Any], ...]) -> None:
    assert {entry.act.acting_role for entry in of(told, EstimateRecorded)} == {Role.DEVELOPER}


def test_owners_of_both_kinds_accept_what_they_wrote_themselves(told: tuple[Entry[Any], ...]) -> None:
    authors = {entry.stream_id: entry.act.actor for entry in of(told, ItemDrafted)}
    own = [entry for entry in of(told, SignOffGranted) if entry.act.actor == authors[entry.stream_id]]
    accepted = {entry.act.acting_role for entry in own if entry.event.label is Label.ACCEPTANCE}
    assert accepted == {Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER}


def test_what_was_accepted_in_a_term_outlasts_it(told: tuple[Entry[Any], ...]) -> None:
    term = next(entry for entry in of(told, RoleAssigned) if entry.event.ends_at)
    assert term.event.role is Role.TECHNICAL_PRODUCT_OWNER
    assert timedelta(days=85) < term.event.ends_at - term.event.starts_at < timedelta(days=95)
    assert term.event.ends_at < told[-1].effective_at - MARGIN
    own = [entry for entry in told if entry.act.actor == term.event.person_id]
    assert max(entry.effective_at for entry in own) < term.event.ends_at
    live = [s for item in items(told) for s in item.sign_offs.values() if s.signer_id == term.event.person_id]
    assert sum(sign_off.is_live for sign_off in live) >= 4


async def test_the_disputed_item_waits_for_its_product_owner(desk: Desk, told: tuple[Entry[Any], ...]) -> None:
    made = await desk.make()
    assert parse(made.pushback_id).stream_id == parse(made.item_id).stream_id
    item = next(item for item in items(told) if item.id == made.item_id)
    contested = item.pushbacks[parse(made.pushback_id).ordinal]
    assert contested.phase is Phase.OPEN
    assert item.blocks == (parse(made.pushback_id).ordinal,)
    assert item.live_estimate == 0
    assert len(item.sign_offs) >= 3
    assert not any(sign_off.is_live for sign_off in item.sign_offs.values())


async def test_a_second_run_adds_nothing(desk: Desk, told: tuple[Entry[Any], ...]) -> None:
    await desk.make()
    assert await desk.ledger.head(demo.DEMO_ID) == len(told)


@pytest.mark.parametrize("steps", [40, pytest.param(1500, marks=pytest.mark.slow)])
async def test_a_killed_run_is_gone_on_with(
    steps: int, fresh_cluster: Cluster, told: tuple[Entry[Any], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "opening", lambda _now: told[0].effective_at)
    killed = Desk(fresh_cluster)
    with pytest.raises(KilledError):
        await killed.make(steps)
    await killed.close()
    monkeypatch.setattr(demo, "opening", lambda now: now)
    following = Desk(fresh_cluster)
    await following.make()
    entries = await following.entries()
    await following.close()
    assert [shape(entry) for entry in entries] == [shape(entry) for entry in told]


@pytest.mark.slow
@pytest.mark.parametrize("opened_at", [datetime(2026, 5, day, hour, tzinfo=UTC) for day, hour in OPENINGS])
async def test_whenever_it_is_made_nothing_in_it_is_refused(
    opened_at: datetime, fresh_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "opening", lambda _now: opened_at)
    desk = Desk(fresh_cluster)
    made = await desk.make()
    assert made.period.start == opened_at
    await desk.close()


def shape(entry: Entry[Any]) -> tuple[str, datetime, str, str | None]:
    """What is the same in every demo that was opened at the same time: all but ids and salts."""
    title = getattr(entry.event, "title", None) or getattr(entry.event, "statement", None)
    return type(entry.event).TOPIC, entry.effective_at, entry.act.acting_role, title


async def test_a_workspace_whose_opening_was_cut_short_is_opened(
    fresh_cluster: Cluster, told: tuple[Entry[Any], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "opening", lambda _now: told[0].effective_at)
    desk = Desk(fresh_cluster)
    await desk.ledger.open_workspace(demo.DEMO_ID, "cut short")
    with pytest.raises(KilledError):
        await desk.make(1)
    assert await desk.ledger.head(demo.DEMO_ID) == 4
    await desk.close()


async def test_a_step_against_the_rules_ends_the_demo_with_its_name(desk: Desk) -> None:
    made = await desk.make()
    stage = Stage(desk.deciding, desk.ledger, desk.scheduler, made.administrator, made.period)

    def wrong() -> Any:
        yield Step(made.period.end, COMPANY.administrator, "revise_item", made.item_id, {"expected_digest": ""})

    with pytest.raises(DemoRefused, match=r"^wrong/\d+/1: Wim Aldous may not revise_item: NOT_AUTHORISED"):
        await stage.play({f"wrong/{uuid4().int}": wrong()}, lambda _at: None)


def test_every_sentence_of_the_company_can_be_said_by_every_team() -> None:
    figures = {"days": 1, "ms": 1, "count": 1}
    for cast in COMPANY.teams:
        assert len(stories(cast)) == 32
        assert len({story.title for story in stories(cast)}) == 32
        for each in OBJECTIONS:
            said = (each.says, each.lifts_when, each.answer, each.not_yet, each.fix, each.concession, each.withdrawal)
            assert "{" not in " ".join(said).format(**cast.words, **figures)
