"""Each rule of rounds has a test that dies without it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from domain.commands import challenge, revision
from domain.commands import item as items
from domain.commands.estimation import conclusion, loop, rounds, votes
from tests.domain.estimation import test_conclusions, test_loop, test_rounds, test_time_and_turns

Told = Callable[..., Any]


def nothing(*_: Any, **__: Any) -> tuple[()]:
    """A rule that says nothing."""
    return ()


RULES: Final[dict[str, tuple[Any, str, Told, Told]]] = {
    "a round that has ended takes no votes": (
        votes,
        "going_on",
        lambda item, round: item.rounds[round],
        test_rounds.test_a_round_is_called_off_with_a_why_or_goes_with_its_item,
    ),
    "there is one round at a time": (
        rounds,
        "under_way",
        lambda _: 0,
        test_rounds.test_there_is_one_round_at_a_time_on_what_was_shown_and_it_does_not_close_before_it_opens,
    ),
    "it is about what was shown": (
        rounds,
        "must_be_as_shown",
        nothing,
        test_rounds.test_there_is_one_round_at_a_time_on_what_was_shown_and_it_does_not_close_before_it_opens,
    ),
    "content that was found not estimable is not asked about again": (
        rounds,
        "not_estimable",
        nothing,
        test_rounds.test_there_is_no_other_round_on_content_that_was_found_not_estimable,
    ),
    "nobody estimates past a round": (
        items,
        "must_be_estimable",
        nothing,
        test_rounds.test_nobody_estimates_alone_what_a_round_asks_for_or_found_not_estimable,
    ),
    "a loop is left first": (
        rounds,
        "_unmet",
        nothing,
        test_loop.test_where_policy_requires_it_another_round_waits_for_a_way_out,
    ),
    "all votes are revealed": (
        rounds,
        "_votes",
        nothing,
        test_rounds.test_a_vote_is_explained_once_it_is_seen,
    ),
    "a vote says one thing": (
        votes,
        "_must_be_clear",
        nothing,
        lambda: test_rounds.test_a_vote_says_one_thing({"points": 3.0, "missing": "The volumes"}),
    ),
    "a substantive revision supersedes": (
        revision,
        "superseded",
        nothing,
        test_rounds.test_a_substantive_revision_ends_a_round_and_an_editorial_one_does_not,
    ),
    "a challenge supersedes": (
        challenge,
        "under_way",
        lambda _: 0,
        test_time_and_turns.test_a_challenge_supersedes_a_round_that_was_opened_before_what_is_challenged,
    ),
    "a withdrawn item has no round": (
        items,
        "gone",
        nothing,
        test_rounds.test_a_round_is_called_off_with_a_why_or_goes_with_its_item,
    ),
    "only votes that agree are an estimate": (
        conclusion,
        "agreed",
        lambda *_: 3.0,
        test_conclusions.test_abstentions_alone_are_no_consensus_and_another_round_may_follow_at_once,
    ),
    "who cannot estimate stops the item": (
        conclusion,
        "_raised",
        nothing,
        test_conclusions.test_one_who_cannot_estimate_stops_the_item_and_says_what_would_lift_it,
    ),
    "a loop is seen": (
        conclusion,
        "_loop",
        nothing,
        test_loop.test_two_such_rounds_are_a_loop_and_the_reasons_are_counted,
    ),
    "three amigos are here": (
        loop,
        "_present",
        lambda _who, _path, person: person.id,
        test_loop.test_three_amigos_are_three_people_who_are_here,
    ),
}
"""Where the rule lies, what it is without it, and the test that then fails."""


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_its_test_fails(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, mutant, test = RULES[rule]
    monkeypatch.setattr(module, name, mutant)
    with pytest.raises((AssertionError, pytest.fail.Exception, LookupError, ValueError)):
        test()
