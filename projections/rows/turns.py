"""Whose turn it is, since when and by which rule, for everything that is open: derived from the rows of the things."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Final

from msgspec.structs import replace

from domain.authority import HOLDERS
from domain.entry import Entry
from domain.ids import ItemId, PersonId, PushbackId, QuestionId, RoundId, SignOffRequestId, TeamId, TurnId, turn_key
from projections import pushback_turns
from projections.declare import INTERNAL, Points, Projection, Row, many, one
from projections.rows import pushbacks, questions, sign_off_requests
from projections.rows.estimation import rounds
from projections.turns import TurnRule, Whose, fallen_to


class Turn(Row, frozen=True, kw_only=True):
    """A move that somebody has to make. It is there as long as the thing is open."""

    id: TurnId
    rule: TurnRule
    team_id: TeamId
    item_id: ItemId
    pushback_id: PushbackId | None = None
    question_id: QuestionId | None = None
    sign_off_request_id: SignOffRequestId | None = None
    round_id: RoundId | None = None
    person_id: PersonId | None
    roles: tuple[str, ...]
    not_ids: Annotated[tuple[str, ...], INTERNAL] = ()
    person_ids: Annotated[tuple[str, ...], INTERNAL] = ()
    powers: Annotated[tuple[str, ...], INTERNAL] = ()
    needs: Annotated[tuple[str, ...], INTERNAL] = ()
    needs_roles: Annotated[tuple[str, ...], INTERNAL] = ()
    since: datetime
    given: Annotated[int, Points()]

    team = one("Team", "team_id", doc="Whose item it is on.")
    item = one("Item", "item_id", doc="The item it is on.")
    pushback = one("Pushback", "pushback_id", doc="The pushback that waits; null when it is something else.")
    question = one("Question", "question_id", doc="The question that waits; null when it is something else.")
    sign_off_request = one(
        "SignOffRequest", "sign_off_request_id", doc="The request that waits; null when it is something else."
    )
    round = one("EstimationRound", "round_id", doc="The round that waits; null when it is something else.")
    person = one("Person", "person_id", doc="Whose turn it is; null when it is several people's or nobody's own.")
    people = many(
        "Person",
        "",
        order="id",
        doc="To whom it falls now: the person, or who stands in for them while they are not there. Never empty.",
        where=f"{{row}}.id = ANY (ARRAY({fallen_to('{owner}')}))",
    )


_SOURCES: Final[dict[str, tuple[Projection, Callable[[Any], Whose | None], str]]] = {
    "pbk": (pushbacks.PROJECTION, pushback_turns.whose, "pushback_id"),
    "qst": (questions.PROJECTION, questions.whose, "question_id"),
    "srq": (sign_off_requests.PROJECTION, sign_off_requests.whose, "sign_off_request_id"),
    "rnd": (rounds.PROJECTION, rounds.whose, "round_id"),
}
"""Each sort of thing that can wait: its read model, whose turn it is by its row, the column that names it here."""


def _keys(entry: Entry[Any]) -> Iterable[str]:
    for projection, _, _ in _SOURCES.values():
        if type(entry.event) in projection.events:
            yield from map(turn_key, projection.keys(entry))


def _evolve(row: Turn | None, entry: Entry[Any], thing: Any) -> Turn | None:  # noqa: ANN401 - the row of any thing
    if thing is None:
        return None
    _, whose, column = _SOURCES[thing.id.partition("_")[0]]
    told = whose(thing)
    if told is None:
        return None
    turn = Turn(
        id=turn_key(thing.id),
        team_id=thing.team_id,
        item_id=thing.item_id,
        since=entry.effective_at,
        given=entry.position,
        **told._asdict(),
        needs_roles=tuple(dict.fromkeys(role for power in told.needs for role in HOLDERS[power])),
        **{column: thing.id},
    )
    is_same = row is not None and (row.rule, row.person_id) == (turn.rule, turn.person_id)
    return replace(turn, since=row.since, given=row.given) if row and is_same else turn


PROJECTION = Projection(
    Turn,
    frozenset(kind for projection, _, _ in _SOURCES.values() for kind in projection.events),
    _keys,
    _evolve,
    over={prefix: projection.row for prefix, (projection, _, _) in _SOURCES.items()},
)
