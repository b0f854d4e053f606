"""Load, decide, append, against the real ledger."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from domain.events.item import Track
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.policy import Settings
from domain.refusals import (
    AlreadyTerminal,
    CommandIdReused,
    NotAuthorised,
    RaiserOnly,
    Refused,
    StaleDigest,
    UnknownItem,
    UnknownPushback,
    UnknownTeam,
)
from infra.cluster import Cluster, Role
from infra.deciding import Deciding, Done
from infra.ledger import Ledger
from infra.pool import Pool, plain
from tests.cast import Cast, assemble, do


class Process(NamedTuple):
    """What one server process would have."""

    pool: Pool
    ledger: Ledger
    deciding: Deciding


@pytest.fixture
async def here(cluster: Cluster) -> AsyncIterator[Process]:
    pool = plain(cluster, Role.APP, 4)
    ledger = Ledger(pool)
    yield Process(pool, ledger, Deciding(ledger, pool))
    await ledger.close()
    await pool.close()


@pytest.fixture
async def there(cluster: Cluster) -> AsyncIterator[Process]:
    pool = plain(cluster, Role.APP, 4)
    ledger = Ledger(pool)
    yield Process(pool, ledger, Deciding(ledger, pool))
    await ledger.close()
    await pool.close()


@pytest.fixture
async def cast(here: Process) -> Cast:
    return await assemble(here.ledger, here.deciding)


def digest_of(done: Done) -> str:
    event: Any = done.entries[0].event
    return str(event.digest)


def ordinal_of(done: Done) -> int:
    event: Any = done.entries[0].event
    return int(event.pushback)


async def test_every_entry_names_the_role_and_the_assignment_it_relied_on(cast: Cast) -> None:
    item = await cast.item()
    raised = await cast.do(cast.arno, "raise_pushback", item.subject_id, statement="No volumes are given")
    act = raised.entries[0].act
    assert (act.actor, act.acting_role) == (cast.arno.person_id, "ARCHITECT")
    assert act.authorised_by.startswith("asg_" + cast.team[4:])


async def test_the_same_command_sent_twice_acts_once_and_answers_the_same(cast: Cast) -> None:
    item = await cast.item()
    command_id = uuid4()
    said: dict[str, Any] = {"statement": "No volumes are given", "command_id": command_id}
    first = await do(cast.deciding, cast.arno, "raise_pushback", item.subject_id, **said)
    again = await do(cast.deciding, cast.arno, "raise_pushback", item.subject_id, **said)
    assert again == first


async def test_the_same_command_sent_by_many_at_once_acts_once(cast: Cast, there: Process) -> None:
    item = await cast.item()
    said: dict[str, Any] = {"statement": "No volumes are given", "command_id": uuid4()}
    sides = (cast.deciding, there.deciding) * 8
    answers = await asyncio.gather(*(do(d, cast.arno, "raise_pushback", item.subject_id, **said) for d in sides))
    assert len({answer.position for answer in answers}) == 1
    assert {answer.subject_id for answer in answers} == {answers[0].subject_id}


async def test_a_command_id_is_not_used_for_another_request(cast: Cast) -> None:
    item = await cast.item()
    command_id = uuid4()
    await do(cast.deciding, cast.arno, "raise_pushback", item.subject_id, statement="One", command_id=command_id)
    with pytest.raises(CommandIdReused):
        await do(cast.deciding, cast.arno, "raise_pushback", item.subject_id, statement="Two", command_id=command_id)


async def test_a_retry_is_answered_as_the_first_time_even_where_it_would_be_refused_now(cast: Cast) -> None:
    item = await cast.item()
    raised = await cast.do(cast.arno, "raise_pushback", item.subject_id, statement="No volumes are given")
    command_id = uuid4()
    first = await do(cast.deciding, cast.arno, "withdraw_pushback", raised.subject_id, command_id=command_id)
    assert await do(cast.deciding, cast.arno, "withdraw_pushback", raised.subject_id, command_id=command_id) == first
    with pytest.raises(AlreadyTerminal):
        await cast.do(cast.arno, "withdraw_pushback", raised.subject_id)


async def test_no_refusal_comes_from_a_stale_cache(cast: Cast, there: Process) -> None:
    item = await cast.item()
    raised = await cast.do(cast.arno, "raise_pushback", item.subject_id, statement="No volumes are given")
    with pytest.raises(Refused):  # the other process now holds the state without an answer
        await do(there.deciding, cast.arno, "settle_pushback", raised.subject_id)
    await cast.do(cast.paula, "answer_pushback", raised.subject_id, text="Ten million a day")
    settled = await do(there.deciding, cast.arno, "settle_pushback", raised.subject_id)
    assert type(settled.entries[0].event).__name__ == "PushbackAnswered"


async def test_a_role_given_elsewhere_counts_at_once(cast: Cast, there: Process) -> None:
    item = await cast.item()
    with pytest.raises(NotAuthorised) as refused:
        await do(there.deciding, cast.ada, "raise_pushback", item.subject_id, statement="As administrator?")
    assert cast.arno.person_id in refused.value.person_ids
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.ada.person_id, role="SCRUM_MASTER")
    await do(there.deciding, cast.ada, "raise_pushback", item.subject_id, statement="As Scrum Master")


async def test_two_processes_writing_one_item_both_get_through(cast: Cast, there: Process) -> None:
    item = await cast.item()
    sides = (cast.deciding, there.deciding) * 20
    done = await asyncio.gather(
        *(do(d, cast.arno, "raise_pushback", item.subject_id, statement=f"Point {n}") for n, d in enumerate(sides))
    )
    assert sorted(ordinal_of(answer) for answer in done) == [*range(1, len(sides) + 1)]
    assert sorted(answer.entries[0].version for answer in done) == [*range(2, len(sides) + 2)]


async def test_ids_of_another_workspace_are_answered_like_unknown_ones(cast: Cast, here: Process) -> None:
    other = await assemble(here.ledger, here.deciding)
    item = await other.item()
    raised = await other.do(other.arno, "raise_pushback", item.subject_id, statement="No volumes are given")
    for target in (item.subject_id, "itm_" + "0" * 26, "itm_nonsense", "", "pbk_1", cast.team):
        with pytest.raises(UnknownItem):
            await cast.do(cast.arno, "raise_pushback", target, statement="Anybody there?")
    with pytest.raises(UnknownPushback):
        await cast.do(cast.paula, "answer_pushback", raised.subject_id, text="Mine now")
    with pytest.raises(UnknownTeam):
        await cast.do(cast.paula, "draft_item", team=other.team, title="On your backlog")
    mine = await cast.item()
    with pytest.raises(UnknownItem):
        await cast.do(cast.paula, "rank_item", mine.subject_id, above=item.subject_id)


async def test_a_stale_digest_is_told_what_happened_since(cast: Cast) -> None:
    item = await cast.item()
    shown = digest_of(item)
    revised = await cast.do(cast.paula, "revise_item", item.subject_id, expected_digest=shown, why="The law says so")
    with pytest.raises(StaleDigest) as refused:
        await cast.do(cast.paula, "grant_sign_off", item.subject_id, label=Label.ACCEPTANCE, expected_digest=shown)
    assert refused.value.current == digest_of(revised)
    assert refused.value.positions_since == (revised.position,)


async def test_revising_and_signing_at_once_never_signs_what_was_not_shown(cast: Cast, there: Process) -> None:
    for _ in range(10):
        item = await cast.item()
        shown = digest_of(item)
        await asyncio.gather(
            cast.do(cast.paula, "revise_item", item.subject_id, expected_digest=shown, why="The law says so"),
            do(
                there.deciding, cast.paula, "grant_sign_off", item.subject_id,
                label=Label.ACCEPTANCE, expected_digest=shown,
            ),
            return_exceptions=True,
        )  # fmt: skip
        entries = await cast.deciding._ledger.read_stream(cast.ada.workspace_id, item.entries[0].stream_id)
        kinds = [type(entry.event).__name__ for entry in entries]
        assert kinds in (
            ["ItemDrafted", "ItemRevised"],
            ["ItemDrafted", "SignOffGranted", "QuorumReached", "ItemRevised", "SignOffVoided"],
        )


async def test_allowed_is_what_the_rules_would_not_refuse(cast: Cast) -> None:
    item = await cast.item()
    raised = await cast.do(
        cast.arno, "raise_pushback", item.subject_id, statement="No", stance=Stance.BLOCKING, lifts_when="Numbers"
    )
    now = datetime.now(UTC)
    assert set(await cast.deciding.allowed(cast.paula, raised.subject_id, now)) == {
        "answer_pushback", "concede_pushback", "sort_pushback", "propose_override", "escalate_pushback",
        "note_conversation",
    }  # fmt: skip
    assert set(await cast.deciding.allowed(cast.arno, raised.subject_id, now)) == {
        "sort_pushback",
        "amend_pushback",
        "change_stance",
        "reassign_pushback",
        "withdraw_pushback",
        "escalate_pushback",
        "note_conversation",
    }
    with pytest.raises(RaiserOnly):
        await cast.do(cast.paula, "withdraw_pushback", raised.subject_id)


async def test_two_who_sign_at_once_are_enough_together_and_it_is_said_once(cast: Cast, there: Process) -> None:
    settings = Settings(acceptance_quorum=2)
    await cast.do(cast.paula, "adopt_policy", cast.team, why="It is dear", settings=settings)
    for _ in range(5):
        item = await cast.item(track=Track.TECHNICAL)
        shown = digest_of(item)
        said: dict[str, Any] = {"label": Label.ACCEPTANCE, "expected_digest": shown}
        await asyncio.gather(
            cast.do(cast.paula, "grant_sign_off", item.subject_id, **said),
            do(there.deciding, cast.tom, "grant_sign_off", item.subject_id, **said),
        )
        entries = await cast.deciding._ledger.read_stream(cast.ada.workspace_id, item.entries[0].stream_id)
        kinds = [type(entry.event).__name__ for entry in entries]
        assert kinds == ["ItemDrafted", "SignOffGranted", "SignOffGranted", "QuorumReached"]
