"""A rule is kept as policy says: not at all, noted, or required."""

from domain.policy import Level, Policy, Rule
from domain.refusals import PolicyForbids
from tests.given import refused

RULE = Rule.AUTHOR_DOES_NOT_SIGN


def test_a_rule_that_is_off_is_not_even_noted() -> None:
    assert Policy(levels={RULE: Level.OFF}).weigh(RULE, is_met=False) == ()


def test_a_rule_that_advises_is_noted_where_it_is_not_met() -> None:
    policy = Policy(levels={RULE: Level.ADVISE})
    assert policy.weigh(RULE, is_met=False) == (RULE,)
    assert policy.weigh(RULE, is_met=True) == ()


def test_a_rule_that_is_required_refuses_where_it_is_not_met() -> None:
    policy = Policy(levels={RULE: Level.REQUIRE})
    assert policy.weigh(RULE, is_met=True) == ()
    with refused(PolicyForbids):
        policy.weigh(RULE, is_met=False)


def test_authors_may_sign_and_implementers_not_where_nobody_decided() -> None:
    assert Policy().level(Rule.AUTHOR_DOES_NOT_SIGN) is Level.OFF
    assert Policy().level(Rule.IMPLEMENTER_DOES_NOT_SIGN) is Level.REQUIRE
