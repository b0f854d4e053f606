"""Whose move it is: what a row says of it, and how the move falls to the next when a person is not there."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from domain.authority import READERS
from domain.events.people import Role
from domain.ids import PersonId


class TurnRule(StrEnum):
    """The rule by which it is somebody's turn, named after what they are asked to do."""

    ANSWER_PUSHBACK = "ANSWER_PUSHBACK"
    SETTLE_PUSHBACK = "SETTLE_PUSHBACK"
    REPLY_TO_OVERRIDE = "REPLY_TO_OVERRIDE"
    STAND_BY_OVERRIDE = "STAND_BY_OVERRIDE"
    RATIFY_OVERRIDE = "RATIFY_OVERRIDE"
    RULE_ON_ESCALATION = "RULE_ON_ESCALATION"
    MAKE_REQUIRED_CHANGE = "MAKE_REQUIRED_CHANGE"
    VERIFY_REQUIRED_CHANGE = "VERIFY_REQUIRED_CHANGE"
    ANSWER_QUESTION = "ANSWER_QUESTION"
    CLOSE_QUESTION = "CLOSE_QUESTION"
    SIGN_OFF = "SIGN_OFF"
    VOTE = "VOTE"
    REVEAL_VOTES = "REVEAL_VOTES"
    CONCLUDE_ROUND = "CONCLUDE_ROUND"


class Whose(NamedTuple):
    """Whose turn a thing is: a person's, or that of several people.

    Where none of them is there it is that of who holds one of the roles, but never of `not_ids`.
    """

    rule: TurnRule
    person_id: PersonId | None
    roles: tuple[str, ...]
    not_ids: tuple[PersonId, ...] = ()
    person_ids: tuple[PersonId, ...] = ()


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
    which one acts. Otherwise it is everybody's on the first step of the ladder on which somebody is.
    """
    return f"""CASE
        WHEN {_is_there(f"{turn}.person_id", turn)} THEN {turn}.person_id = {person}
        WHEN {_is_there(person, turn)} THEN {person} IN (
          SELECT b.person_id FROM (
            SELECT a.person_id, {_step(turn)} AS step, min({_step(turn)}) OVER () AS first_step
              FROM {{RoleAssignment}} a WHERE (a.team_id = {turn}.team_id OR a.team_id IS NULL) AND {_HOLDS}
          ) b WHERE b.step = b.first_step)
        ELSE false END"""  # noqa: S608 - names of columns


def _is_there(person: str, turn: str) -> str:
    """The condition that a person is there where a turn is: two sets that PostgreSQL makes once for all rows."""
    held = f"FROM {{RoleAssignment}} a WHERE {_HOLDS} AND a.team_id IS"
    return (
        f"(({person}, {turn}.team_id) IN (SELECT a.person_id, a.team_id {held} NOT NULL)"
        f" OR {person} IN (SELECT a.person_id {held} NULL))"
    )


_HOLDS: Final = " AND ".join(
    (
        f"a.ended IS NULL AND a.role NOT IN ({_words(READERS)})",
        "a.starts_at <= {clock} AND (a.ends_at IS NULL OR a.ends_at > {clock})",
        "a.person_id NOT IN (SELECT s.id FROM {Person} s WHERE s.kind = 'SERVICE')",
    )
)
"""The condition that an assignment `a` gives a human being a role to act in."""


def _step(turn: str) -> str:
    """On which step of the ladder an assignment `a` stands for a turn; null for none."""
    may = f" AND a.person_id <> ALL({turn}.not_ids)"
    steps = [f"WHEN a.person_id = ANY({turn}.person_ids) THEN 1", f"WHEN a.role = ANY({turn}.roles){may} THEN 2"]
    for step, roles in enumerate(LADDER, 3):
        steps.append(f"WHEN a.role IN ({_words(roles)}){'' if roles is LADDER[-1] else may} THEN {step}")
    return f"CASE {' '.join(steps)} END"
