"""What always holds of rounds while everybody tries everything on one item, and what they try."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis.stateful import invariant

from domain.authority import Who
from domain.entry import Entry, Event, disclosed
from domain.events import EstimateRecorded, VoteCast
from domain.events.estimation import VoteKind
from domain.events.item import ItemKind
from domain.events.pushback import Reason
from domain.state.item import Item
from domain.state.person import Person
from domain.state.round import RoundPhase, not_estimable, under_way
from tests.given import NEW_ITEM, NOW, person_id


def of_rounds(neighbour: Item, people: Sequence[Who]) -> dict[str, Sequence[Any]]:
    """What is given for an argument of a command on rounds."""
    return {
        "cast_vote.kind": tuple(VoteKind),
        "cast_vote.points": (None, 3.0, 5.0, 13.0, 7.0),
        "cast_vote.reason": (None, None, Reason.UNKNOWN_SOLUTION),
        "cast_vote.missing": (None, None, "a", "b"),
        "conclude_round.points": (None, None, 5.0),
        "closes_at": (None, None, NOW + timedelta(seconds=30)),
        "without_missing": (True, False),
        "spike": (neighbour, NEW_ITEM, msgspec.structs.replace(neighbour, kind=ItemKind.SPIKE)),
        "child": (neighbour, NEW_ITEM),
        **dict.fromkeys(("business", "development", "test"), tuple(Person(id=one.person_id) for one in people)),
    }


class KeepsRounds:
    """A part of the machine that tries everything."""

    lines: list[Entry[Event]]
    item: Item

    def keeps_rounds(self, before: Item) -> None:
        """What has ended stays, nobody votes after the reveal, and a revealed vote is the one that was cast."""
        for ordinal, held in before.rounds.items():
            now = self.item.rounds[ordinal]
            if held.phase is RoundPhase.ENDED:
                assert now == held
            assert (now.electorate, now.digest) == (held.electorate, held.digest)
            if held.phase is RoundPhase.REVEALED:
                assert now.votes == held.votes
            hidden = {voter: msgspec.structs.replace(vote, ordinal=0) for voter, vote in now.votes.items()}
            if now.phase is RoundPhase.REVEALED and held.phase is RoundPhase.OPEN:
                assert hidden == held.votes
        if self.item.estimates > before.estimates:
            recorded: Any = next(line.event for line in reversed(self.lines) if type(line.event) is EstimateRecorded)
            asked = before.rounds[recorded.round].digest if recorded.round else before.digest
            assert recorded.digest == asked
            assert (recorded.round or 0) == under_way(before.rounds)
        self.asks_no_more(before)

    @invariant()
    def one_round_at_most_is_under_way_and_none_on_a_withdrawn_item(self) -> None:
        is_open = [held.is_open for held in self.item.rounds.values()]
        assert sum(is_open) <= (not self.item.is_withdrawn)

    @invariant()
    def only_people_who_could_estimate_have_a_vote(self) -> None:
        for held in self.item.rounds.values():
            assert set(held.votes) <= set(held.electorate) <= {person_id("ada"), person_id("dora")}

    @invariant()
    def no_content_was_found_not_estimable_twice(self) -> None:
        digests = [held.digest for held in not_estimable(self.item.rounds)]
        assert len(set(digests)) == len(digests)

    def asks_no_more(self, before: Item) -> None:
        """No size is asked for or recorded of what was found not estimable, whatever its wording, or beside a round."""
        if not before.substance > max((held.revision for held in not_estimable(before.rounds)), default=0):
            assert len(self.item.rounds) == len(before.rounds)
            assert self.item.estimates == before.estimates

    @invariant()
    def nothing_in_the_open_speaks_of_a_hidden_vote(self) -> None:
        votes = [line.event for line in map(disclosed, self.lines) if isinstance(line.event, VoteCast)]
        assert all(vote == VoteCast(round=vote.round) for vote in votes)
