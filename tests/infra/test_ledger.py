"""What the ledger takes, gives back and refuses, one process alone."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.entry import Act
from infra.cluster import Cluster, Role
from infra.ledger import (
    _SETTLE,
    Append,
    Conflict,
    DuplicateCommand,
    Ledger,
    Settled,
    UnknownWorkspace,
    Unstorable,
)
from infra.pool import Pool, plain
from tests.infra.saying import ACT, append, as_superuser, said


async def together(ledger: Ledger, appends: Sequence[Append]) -> list[Any]:
    """Submitted at once, so that they are one batch unless a rule keeps them apart: positions, or the error's class."""
    answers = await asyncio.gather(*(ledger.append(one) for one in appends), return_exceptions=True)
    return [type(one) if isinstance(one, BaseException) else [entry.position for entry in one] for one in answers]


async def test_what_was_appended_is_read_back_as_it_was_answered(ledger: Ledger, workspace_id: UUID) -> None:
    stream_id, other_id = uuid4(), uuid4()
    act = Act(
        actor="psn_a",
        actor_kind=ACT.actor_kind,
        acting_role="ARCHITECT",
        authorised_by="asg_a",
        on_behalf_of="psn_b",
        credential="crd_a",
        correlation_id=uuid4(),
        causation_id=uuid4(),
    )
    answered = await ledger.append(
        append(workspace_id, said(stream_id, 1, "why", act), said(other_id, 1), said(stream_id, 2))
    )
    assert [entry.position for entry in answered] == [1, 2, 3]
    assert await ledger.read_after(workspace_id, 0, 10) == list(answered)
    assert await ledger.read_stream(workspace_id, stream_id) == [answered[0], answered[2]]
    assert await ledger.read_stream(workspace_id, stream_id, 1) == [answered[2]]
    assert await ledger.read_after(workspace_id, 1, 1) == [answered[1]]
    assert await ledger.head(workspace_id) == 3


async def test_the_command_stands_on_its_first_entry_only(ledger: Ledger, workspace_id: UUID) -> None:
    command = append(workspace_id, said(uuid4(), 1), said(uuid4(), 1))
    first, second = await ledger.append(command)
    assert (first.command_id, second.command_id) == (command.command_id, None)


async def test_appends_that_wait_together_get_positions_without_a_gap(ledger: Ledger, workspace_id: UUID) -> None:
    positions = await together(ledger, [append(workspace_id, said(uuid4(), 1), said(uuid4(), 1)) for _ in range(20)])
    assert sorted(position for pair in positions for position in pair) == list(range(1, 41))
    assert all(pair[1] == pair[0] + 1 for pair in positions)


async def test_one_batch_serves_many_workspaces(ledger: Ledger) -> None:
    workspaces = [uuid4() for _ in range(10)]
    for workspace_id in workspaces:
        await ledger.open_workspace(workspace_id, "Testing")
    appends = [append(workspaces[index % 10], said(uuid4(), 1, str(index))) for index in range(30)]
    answers = await together(ledger, appends)
    for workspace_id in workspaces:
        entries = await ledger.read_after(workspace_id, 0, 10)
        assert [entry.position for entry in entries] == [1, 2, 3]
    assert sorted(answers) == [[1]] * 10 + [[2]] * 10 + [[3]] * 10


async def test_an_append_that_expects_an_old_version_fails_alone(ledger: Ledger, workspace_id: UUID) -> None:
    stream_id = uuid4()
    await ledger.append(append(workspace_id, said(stream_id, 1), said(stream_id, 2)))
    stale, ahead = append(workspace_id, said(stream_id, 2)), append(workspace_id, said(uuid4(), 2))
    fresh = [append(workspace_id, said(uuid4(), 1)) for _ in range(3)]
    assert await together(ledger, [fresh[0], stale, fresh[1], ahead, fresh[2]]) == [[3], Conflict, [4], Conflict, [5]]


async def test_what_an_append_has_read_must_still_be_so(ledger: Ledger, workspace_id: UUID) -> None:
    read_id = uuid4()
    unbegun = append(workspace_id, said(uuid4(), 1), reads=((read_id, 0),))
    assert await together(ledger, [unbegun]) == [[1]]
    await ledger.append(append(workspace_id, said(read_id, 1)))
    stale = append(workspace_id, said(uuid4(), 1), reads=((read_id, 0),))
    held = append(workspace_id, said(uuid4(), 1), reads=((read_id, 1),))
    assert await together(ledger, [stale, held]) == [Conflict, [3]]


async def test_all_who_rely_on_the_same_old_version_fail_and_nobody_else(ledger: Ledger, workspace_id: UUID) -> None:
    read_id, elsewhere = uuid4(), uuid4()
    await ledger.open_workspace(elsewhere, "Testing")
    await ledger.append(append(workspace_id, said(read_id, 1)))
    readers = [(workspace_id, 0), (workspace_id, 1), (workspace_id, 0), (elsewhere, 0), (workspace_id, 1)]
    appends = [append(reader, said(uuid4(), 1), reads=((read_id, version),)) for reader, version in readers]
    assert await together(ledger, appends) == [Conflict, [2], Conflict, [1], [3]]


async def test_of_one_who_reads_a_stream_and_one_who_writes_it_the_later_fails(
    ledger: Ledger, workspace_id: UUID
) -> None:
    read_id = uuid4()
    await ledger.append(append(workspace_id, said(read_id, 1)))
    reader = append(workspace_id, said(uuid4(), 1), reads=((read_id, 1),))
    writer = append(workspace_id, said(read_id, 2))
    assert await together(ledger, [reader, writer]) == [[2], [3]]
    late = append(workspace_id, said(uuid4(), 1), reads=((read_id, 2),))
    assert await together(ledger, [append(workspace_id, said(read_id, 3)), late]) == [[4], Conflict]


async def test_of_two_writers_on_one_stream_one_wins(ledger: Ledger, cluster: Cluster, workspace_id: UUID) -> None:
    pool = plain(cluster, Role.APP, 2)
    other, stream_id = Ledger(pool), uuid4()
    for version in range(1, 20):
        answers = await asyncio.gather(
            ledger.append(append(workspace_id, said(stream_id, version))),
            other.append(append(workspace_id, said(stream_id, version))),
            return_exceptions=True,
        )
        assert [type(answer) for answer in answers if not isinstance(answer, tuple)] == [Conflict]
    await other.close()
    await pool.close()


@pytest.mark.parametrize("processes", [1, 2])
async def test_the_same_command_twice_at_once_acts_once(
    ledger: Ledger, cluster: Cluster, workspace_id: UUID, processes: int
) -> None:
    pool = plain(cluster, Role.APP, 2)
    other = Ledger(pool) if processes == 2 else ledger
    for _ in range(10):
        command = append(workspace_id, said(uuid4(), 1))
        again = Append(workspace_id, command.command_id, command.fingerprint, (said(uuid4(), 1),))
        answers = await asyncio.gather(ledger.append(command), other.append(again), return_exceptions=True)
        assert [type(answer) for answer in answers if not isinstance(answer, tuple)] == [DuplicateCommand]
    assert await ledger.head(workspace_id) == 10
    await other.close()
    await pool.close()


async def test_a_repeated_command_is_told_so_even_when_its_stream_moved_on(ledger: Ledger, workspace_id: UUID) -> None:
    command = append(workspace_id, said(uuid4(), 1))
    await ledger.append(command)
    fresh = append(workspace_id, said(uuid4(), 1))
    assert await together(ledger, [command]) == [DuplicateCommand]
    assert await together(ledger, [fresh, command]) == [[2], DuplicateCommand]


async def test_a_batch_that_fails_as_a_whole_is_made_one_by_one(ledger: Ledger, workspace_id: UUID) -> None:
    wrong = append(workspace_id, said(uuid4(), 1, act=Act(**{**_fields(), "acting_role": "TWO\nLINES"})))
    unknown = append(uuid4(), said(uuid4(), 1))
    right = [append(workspace_id, said(uuid4(), 1)) for _ in range(2)]
    assert await together(ledger, [right[0], wrong, unknown, right[1]]) == [[1], Unstorable, UnknownWorkspace, [2]]


def _fields() -> dict[str, Any]:
    return {name: getattr(ACT, name) for name in ACT.__struct_fields__}


@pytest.mark.parametrize(
    "text", ["a\0b", "\ud800", "x" * (1 << 20)], ids=["NUL", "lone surrogate", "larger than a mebibyte"]
)
async def test_what_cannot_be_stored_is_refused(ledger: Ledger, workspace_id: UUID, text: str) -> None:
    with pytest.raises(Unstorable):
        await ledger.append(append(workspace_id, said(uuid4(), 1, text)))
    assert await ledger.head(workspace_id) == 0


async def test_a_backslash_before_u0000_is_not_a_nul(ledger: Ledger, workspace_id: UUID) -> None:
    await ledger.append(append(workspace_id, said(uuid4(), 1, "\\u0000")))
    (entry,) = await ledger.read_after(workspace_id, 0, 1)
    assert getattr(entry.event, "text", None) == "\\u0000"


@pytest.mark.parametrize(
    "changes",
    [{"actor": "a\0"}, {"actor": "a\nb"}, {"on_behalf_of": ""}, {"credential": ""}, {"actor": "x" * 1001}],
    ids=str,
)
async def test_the_envelope_holds_only_what_its_hash_can_tell_apart(
    ledger: Ledger, workspace_id: UUID, changes: dict[str, str]
) -> None:
    with pytest.raises(Unstorable):
        await ledger.append(append(workspace_id, said(uuid4(), 1, act=Act(**{**_fields(), **changes}))))


async def test_versions_of_a_stream_follow_each_other(ledger: Ledger, workspace_id: UUID) -> None:
    stream_id = uuid4()
    for versions in ([1, 3], [2, 1], [1, 1], [0]):
        with pytest.raises(Unstorable):
            await ledger.append(append(workspace_id, *(said(stream_id, version) for version in versions)))


async def test_a_command_appends_at_least_one_event(ledger: Ledger, workspace_id: UUID) -> None:
    with pytest.raises(Unstorable):
        await ledger.append(append(workspace_id))


async def test_who_stops_waiting_stops_nobody_else(ledger: Ledger, workspace_id: UUID) -> None:
    tasks = [asyncio.create_task(ledger.append(append(workspace_id, said(uuid4(), 1)))) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(answer, tuple) for answer in answers] == [True, True, False, True, True]


async def test_settle_tells_which_streams_moved_on(ledger: Ledger, workspace_id: UUID) -> None:
    moved_id, still_id, unbegun_id = uuid4(), uuid4(), uuid4()
    await ledger.append(append(workspace_id, said(moved_id, 1), said(moved_id, 2), said(still_id, 1)))
    settled = await ledger.settle(workspace_id, uuid4(), [(moved_id, 1), (still_id, 1), (unbegun_id, 0)])
    assert settled == Settled(frozenset({moved_id}), None)


async def test_settle_gives_all_that_a_command_recorded_and_nothing_else(ledger: Ledger, workspace_id: UUID) -> None:
    commands = [append(workspace_id, *(said(uuid4(), 1) for _ in range(count))) for count in (1, 3, 2)]
    answers = [await ledger.append(command) for command in commands]
    for command, answer in zip(commands, answers, strict=True):
        recorded = (await ledger.settle(workspace_id, command.command_id, ())).recorded
        assert recorded is not None
        assert (recorded.fingerprint, recorded.entries) == (command.fingerprint, answer)


async def test_the_answer_to_a_repeated_command_waits_for_a_write(
    ledger: Ledger, app_pool: Pool, workspace_id: UUID
) -> None:
    command = append(workspace_id, said(uuid4(), 1))
    await ledger.append(command)
    for command_id, writes in ((command.command_id, True), (uuid4(), False)):
        async with app_pool.connection(workspace_id) as connection, connection.transaction():
            await connection.fetch(_SETTLE, workspace_id, command_id, [], [])
            assert await connection.fetchval("select pg_current_xact_id_if_assigned() is not null") is writes


async def test_a_workspace_is_opened_once(ledger: Ledger, cluster: Cluster, workspace_id: UUID) -> None:
    assert not await ledger.open_workspace(workspace_id, "Again")
    (row,) = await as_superuser(cluster, "select * from ledger.workspace where workspace_id = $1", workspace_id)
    assert (row["name"], len(row["fingerprint_key"])) == ("Testing", 32)


async def test_an_unknown_workspace_is_told_so(ledger: Ledger) -> None:
    with pytest.raises(UnknownWorkspace):
        await ledger.append(append(uuid4(), said(uuid4(), 1)))
    with pytest.raises(UnknownWorkspace):
        await ledger.head(uuid4())
