"""The text of a vote is erased, before the reveal and after it: the round goes on without it."""

import pytest

from domain.events import PushbackRaised, RoundConcluded, VoteRevealed
from domain.events.estimation import RoundOutcome, VoteKind
from domain.events.pushback import Stance
from infra.cluster import Cluster
from infra.people.erasure import Erasure
from infra.uuid7 import uuid7
from tests.infra.estimation.conftest import Table

BASIS = "GDPR Article 17(1)(b)"
PRIVATE = "Ask Dora under 555 first"


@pytest.mark.parametrize("is_revealed", [False, True])
async def test_a_vote_whose_text_was_erased_still_counts_and_says_nothing(
    table: Table, cluster: Cluster, *, is_revealed: bool
) -> None:
    cast = table.cast
    item, opened = await table.opened()
    said = {"kind": VoteKind.CANNOT_ESTIMATE, "missing": PRIVATE, "why": PRIVATE}
    position = (await cast.do(cast.arno, "cast_vote", opened, **said)).position
    await cast.do(cast.dora, "cast_vote", opened, points=3.0)
    positions = [position]
    if is_revealed:
        shown = await cast.do(cast.paula, "reveal_votes", opened)
        positions += [entry.position for entry in shown.entries if isinstance(entry.event, VoteRevealed)]
    await Erasure(cluster, table.ledger, cast.deciding).erase_prose(cast.ada, uuid7(), positions, BASIS)
    if not is_revealed:
        await cast.do(cast.paula, "reveal_votes", opened)
    await cast.do(cast.paula, "conclude_round", opened)
    events = await table.history(item)
    assert PRIVATE not in repr(events)
    votes = {event.voter_id: event.kind for event in events if isinstance(event, VoteRevealed)}
    assert votes == {cast.arno.person_id: VoteKind.CANNOT_ESTIMATE, cast.dora.person_id: VoteKind.VALUE}
    (concluded,) = [event for event in events if isinstance(event, RoundConcluded)]
    assert (concluded.outcome, concluded.refuser_ids) == (RoundOutcome.NOT_ESTIMABLE, (cast.arno.person_id,))
    (raised,) = [event for event in events if isinstance(event, PushbackRaised)]
    assert (raised.raised_for, raised.stance) == (cast.arno.person_id, Stance.ADVISORY)
