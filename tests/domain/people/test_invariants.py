"""What a team is never led into by what random people try on it, and that each of its rules is needed for that."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import settings

from domain.authority import HOLDERS, Authority, Delegation, Grant, Parties, Power, Who
from domain.commands import policy as policies
from domain.commands.people import delegations, hand_over, roles
from domain.events import AbsenceDeclared
from domain.refusals import AlreadyAssigned, OwnerIsWhole, OwnerOfBothKinds, Refused, SecondProductOwner
from domain.state import person
from domain.state.policy import Told
from tests.domain.people.at_random import ATeam
from tests.domain.sign_offs.test_invariants import BRIEFLY, UNTIL_IT_BREAKS, nothing, run

_EVOLVE: Final = person.evolve


def but_for(refusal: type[Refused], check: Callable[..., Any]) -> Callable[..., Any]:
    """The check without one of its refusals."""

    def checking(*said: Any) -> None:
        try:
            check(*said)
        except refusal:
            return

    return checking


def unchecked(_path: str, text: str | None) -> str | None:
    """Any text will do."""
    return text


def whatever_they_may(who: Who) -> tuple[Power, ...]:
    """Powers that are let to them too."""
    return tuple(power for power in Power if who.holds(power))


def whatever_was_let(who: Who, power: Power, _not_for: Parties = ()) -> Authority | None:
    """By a delegation that lasts, whether or not who gave it has the power still."""
    for each in who.delegations:
        if each.person_id == who.person_id and power in each.powers and each.holds(who.now):
            return Authority(HOLDERS[power][0], each.delegation_id, each.from_id)
    return None


def forgetful(held: Any, entry: Any) -> Any:
    """A person who is taken not to be away."""
    return held if isinstance(entry.event, AbsenceDeclared) and held.absence is None else _EVOLVE(held, entry)


def by_its_dates_alone(delegation: Delegation, _now: Any) -> bool:
    """Whatever the time is."""
    return not delegation.is_expired


RULES: Final[dict[str, tuple[Any, str, Any]]] = {
    "one product owner: no second": (roles, "_refuse_overlap", but_for(SecondProductOwner, roles._refuse_overlap)),
    "one product owner: always one": (roles, "_must_be_a_mandate", but_for(OwnerIsWhole, roles._must_be_a_mandate)),
    "a technical owner is no primary one": (
        roles,
        "_refuse_overlap",
        but_for(OwnerOfBothKinds, roles._refuse_overlap),
    ),
    "nor by a hand-over": (hand_over, "fitting", lambda _grants, _who, assigned: assigned),
    "nobody has a role twice": (roles, "_refuse_overlap", but_for(AlreadyAssigned, roles._refuse_overlap)),
    "no chain: only one's own powers are let": (delegations, "_own", whatever_they_may),
    "no chain: what was let ends with the role": (Who, "_delegated", whatever_was_let),
    "a delegation is bounded": (delegations, "_must_be_a_term", nothing),
    "authority as of the act: an assignment": (Grant, "holds", lambda grant, now: grant.starts_at <= now),
    "authority as of the act: a delegation": (Delegation, "holds", by_its_dates_alone),
    "where auditors must not decide they own nothing": (roles, "_is_apart", lambda *_: True),
    "a lock of the workspace binds the team": (Told, "allows", lambda *_: True),
    "a policy says why": (policies, "prose", unchecked),
    "one absence at a time": (person, "evolve", forgetful),
}


def test_with_all_rules_in_place_nothing_breaks() -> None:
    run(ATeam, settings(BRIEFLY, max_examples=60, stateful_step_count=40))


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_something_breaks(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, mutant = RULES[rule]
    monkeypatch.setattr(module, name, mutant)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(ATeam, settings(UNTIL_IT_BREAKS, stateful_step_count=50))
