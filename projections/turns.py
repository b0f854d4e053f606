"""Whose move it is: what a row says of it, and how the move falls to the next when a person is not there."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.authority import READERS
from domain.entry import Choice
from domain.events.people import Mode, Power, Role
from domain.ids import PersonId


class TurnRule(Choice):
    """The rule by which it is somebody's turn, named after what they are asked to do."""

    SUBSTANTIATE_HOLD = "SUBSTANTIATE_HOLD", "To say what the concern is for which an item is held."
    ANSWER_PUSHBACK = "ANSWER_PUSHBACK", "To answer an open pushback, to concede, or to go ahead over it."
    SETTLE_PUSHBACK = "SETTLE_PUSHBACK", "To settle an answered pushback, or to say why not yet."
    REPLY_TO_OVERRIDE = "REPLY_TO_OVERRIDE", "To say whether an override restates the concern rightly."
    STAND_BY_OVERRIDE = "STAND_BY_OVERRIDE", "To let an override stand that was replied to, or to take it back."
    RATIFY_OVERRIDE = "RATIFY_OVERRIDE", "To ratify an emergency override after the fact."
    RULE_ON_ESCALATION = "RULE_ON_ESCALATION", "To rule on an escalated pushback, or to recuse oneself."
    MAKE_REQUIRED_CHANGE = "MAKE_REQUIRED_CHANGE", "To revise the item as a ruling asked."
    VERIFY_REQUIRED_CHANGE = (
        "VERIFY_REQUIRED_CHANGE",
        "To say whether the revision made the change that a ruling asked for.",
    )
    ANSWER_QUESTION = "ANSWER_QUESTION", "To answer a question that was asked of one."
    CLOSE_QUESTION = "CLOSE_QUESTION", "To close an answered question, or to make a pushback of it."
    SIGN_OFF = "SIGN_OFF", "To give a sign-off that was asked for, or to decline."
    VOTE = "VOTE", "To vote in an open round, or to say why one cannot."
    REVEAL_VOTES = "REVEAL_VOTES", "To reveal the votes of a round in which all voted."
    CONCLUDE_ROUND = "CONCLUDE_ROUND", "To conclude a round whose votes are seen."


class Whose(NamedTuple):
    """Whose turn a thing is: a person's, or that of several people.

    Where none of them is there it is that of who stands in for the person with one of the powers, then of who holds one
    of the roles, then of who stands in for one of those, but never of `not_ids` nor for them. `needs` are powers of
    which those whose turn it is have to hold one; none where the move is theirs whatever their role.
    """

    rule: TurnRule
    person_id: PersonId | None
    roles: tuple[str, ...]
    not_ids: tuple[PersonId, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    powers: tuple[Power, ...] = ()
    needs: tuple[Power, ...] = ()


LADDER: Final = (
    (Role.SCRUM_MASTER,),
    (Role.CHIEF_PRODUCT_OWNER, Role.CHIEF_TECHNICAL_PRODUCT_OWNER),
    (Role.ADMINISTRATOR,),
)
"""To whom a turn falls when nobody of its own is there, one after the other. The last take it whoever they are."""


def _words(roles: Iterable[Role]) -> str:
    return ", ".join(f"'{role}'" for role in sorted(roles))


def falls_to(turn: str, person: str) -> str:
    """The condition that a turn is, as things are, this person's to take; `turn` is its row, `person` their id.

    It is the person's whose turn it is while they are there: a human being with a role in the team or the workspace in
    which one acts, that gives what the move needs and whose mandate covers the item, and not away. Otherwise it is
    everybody's on the first step on which somebody is: the several whose turn it is, who stands in for the person, who
    holds a role, who stands in for one of those, then the ladder; and the administrators even when all are away.

    `teams_of` says in which teams such turns are.
    """
    return f"""CASE WHEN {_is_there(turn)} THEN {turn}.person_id = {person}
        WHEN {_may_stand(turn, person)} THEN {person} IN ({_on_first_step(turn)}) ELSE false END"""


def teams_of(person: str) -> str:
    """Where turns may fall to a person: in all teams with a role in the workspace, away or not; else in few."""
    held = f"FROM {{RoleAssignment}} a WHERE a.person_id = {person} AND {_HOLDS} AND a.team_id IS"
    lent = f"FROM {{Delegation}} d WHERE d.person_id = {person} AND d.ended IS NULL"
    return (
        f"SELECT a.team_id {held} NOT NULL UNION SELECT d.team_id {lent}"  # noqa: S608 - names of columns
        f" UNION SELECT t.id FROM {{Team}} t WHERE EXISTS (SELECT {held} NULL)"
    )


def fallen_to(turn: str) -> str:
    """The ids of everybody whom the same condition is true of."""
    there = _is_there(turn)
    return f"SELECT {turn}.person_id WHERE {there} UNION ALL {_on_first_step(turn)} AND ({there}) IS NOT TRUE"


def _is_there(turn: str) -> str:
    """The condition that whose turn it is is there: three sets that PostgreSQL makes once for all rows.

    Only for who is in the last, by an assignment that a mandate narrows, it looks whether that covers the item.
    """
    person = f"{turn}.person_id"
    held = f"FROM {{RoleAssignment}} a WHERE {_HOLDS} AND {_absent('a', 'NOT IN')} AND"
    whole = f"{held} {_IS_WHOLE} AND a.team_id IS"
    return (
        f"(({person}, {turn}.team_id) IN (SELECT a.person_id, a.team_id {whole} NOT NULL)"
        f" OR {person} IN (SELECT a.person_id {whole} NULL)"
        f" OR {person} IN (SELECT a.person_id {held} NOT {_IS_WHOLE})"
        f" AND EXISTS (SELECT {held} NOT {_IS_WHOLE} AND a.person_id = {person} AND {_is_over(turn)}))"
        f" AND (cardinality({turn}.needs) = 0"
        f" OR EXISTS (SELECT {held} a.person_id = {person} AND {_is_over(turn)} AND {_needed(turn)}))"
    )


def _is_over(turn: str) -> str:
    """The condition that an assignment `a` holds where the turn is, in its team or everywhere, and for its item."""
    track = f"(SELECT i.track FROM {{Item}} i WHERE i.id = {turn}.item_id)"  # noqa: S608 - names of columns
    return (
        f"(a.team_id = {turn}.team_id OR a.team_id IS NULL) AND (a.track IS NULL OR a.track = {track})"
        f" AND (cardinality(a.item_ids) = 0 OR {turn}.item_id = ANY(a.item_ids))"
    )


def _gives(turn: str) -> str:
    """The condition that an assignment `a` lets one make the move: with a power it leaves, and an adviser never."""
    return _with(f"{turn}.roles", f"{turn}.powers")


def _needed(turn: str) -> str:
    """The same of those whose turn it is, where that needs a power."""
    return _with(f"{turn}.needs_roles", f"{turn}.needs")


def _with(roles: str, powers: str) -> str:
    is_left = f"(cardinality(a.powers) = 0 OR a.powers && {powers})"
    return f"a.role = ANY({roles}) AND a.mode <> '{Mode.ADVISER}' AND {is_left}"


def _may_stand(turn: str, person: str) -> str:
    """The condition that a person may be on any step for a turn where they have a role, whoever is before them."""
    roles = f"SELECT a.role FROM {{RoleAssignment}} a WHERE a.person_id = {person} AND {_HOLDS}"  # noqa: S608 - names
    ladder = _words(role for roles in LADDER for role in roles)
    lent = f"SELECT unnest(d.powers) FROM {{Delegation}} d WHERE d.person_id = {person} AND d.ended IS NULL"  # noqa: S608 - names
    return (
        f"{person} = ANY ({turn}.person_ids) OR {turn}.roles || ARRAY[{ladder}] && ARRAY({roles})"
        f" OR {turn}.powers && ARRAY({lent})"
    )


def _on_first_step(turn: str) -> str:
    """The ids of who stands on the first step on which somebody does; ends with a condition."""
    return (
        "SELECT b.person_id FROM (SELECT c.person_id, c.step, min(c.step) OVER () AS first_step"  # noqa: S608 - names
        f" FROM ({_standing(turn)}) c) b WHERE b.step = b.first_step"
    )


def _standing(turn: str) -> str:
    """On which step each stands for a turn; null for none."""
    return (
        f"SELECT a.person_id, {_step(turn)} AS step FROM {{RoleAssignment}} a"  # noqa: S608 - names of columns
        f" WHERE {_is_over(turn)} AND {_HOLDS} UNION ALL {_standing_in(turn)}"
    )


def _absent(one: str, sort: str) -> str:
    return f"{one}.person_id {sort} (SELECT s.id FROM {{Person}} s WHERE s.is_absent)"  # noqa: S608 - names of columns


def _lasts(one: str) -> str:
    return f"{one}.starts_at <= {{clock}} AND ({one}.ends_at IS NULL OR {one}.ends_at > {{clock}})"


_IS_HUMAN: Final = "person_id NOT IN (SELECT s.id FROM {Person} s WHERE s.kind = 'SERVICE')"
_HOLDS: Final = f"a.ended IS NULL AND a.role NOT IN ({_words(READERS)}) AND {_lasts('a')} AND a.{_IS_HUMAN}"
"""The condition that an assignment `a` gives a human being a role to act in."""

_IS_WHOLE: Final = "(a.track IS NULL AND cardinality(a.item_ids) = 0)"
"""The condition that it does so for every item."""


def _standing_in(turn: str) -> str:
    """Who stands in, by a delegation `d`, for somebody who holds the role it takes: first for whose turn it is."""
    lender = f"SELECT a.person_id FROM {{RoleAssignment}} a WHERE {_HOLDS} AND {_gives(turn)} AND {_is_over(turn)}"  # noqa: S608 - names
    step = f"CASE WHEN d.from_id = {turn}.person_id THEN 2 ELSE 4 END"
    return (
        f"SELECT d.person_id, {step} FROM {{Delegation}} d WHERE d.team_id = {turn}.team_id"  # noqa: S608 - names
        f" AND d.ended IS NULL AND {_lasts('d')} AND d.powers && {turn}.powers"
        f" AND d.person_id <> ALL({turn}.not_ids) AND d.from_id <> ALL({turn}.not_ids)"
        f" AND {_absent('d', 'NOT IN')} AND d.{_IS_HUMAN} AND d.from_id IN ({lender})"
    )


def _step(turn: str) -> str:
    """On which step of the ladder an assignment `a` stands for a turn; null for none."""
    may = f" AND a.person_id <> ALL({turn}.not_ids)"
    last = f"CASE WHEN a.role IN ({_words(LADDER[-1])}) THEN {len(LADDER) + 5} END"
    named = f"a.person_id = ANY({turn}.person_ids) AND (cardinality({turn}.needs) = 0 OR {_needed(turn)})"
    steps = [f"WHEN {_absent('a', 'IN')} THEN {last}", f"WHEN {named} THEN 1", f"WHEN {_gives(turn)}{may} THEN 3"]
    for step, roles in enumerate(LADDER, 5):
        steps.append(f"WHEN a.role IN ({_words(roles)}){'' if roles is LADDER[-1] else may} THEN {step}")
    return f"CASE {' '.join(steps)} END"
