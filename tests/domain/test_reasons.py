"""What a command may be refused with is read from its code: whatever way leads there, and nothing is left out."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from domain.commands import COMMANDS
from domain.decision import Command
from domain.reasons import reasons
from domain.refusals import Refused
from tests.domain.test_item_at_random import ARGUMENTS, SAID, AnItem

FOLDER: Final = Path(__file__).parent
GIVEN_BY: Final = Counter(refusal for command in COMMANDS.values() for refusal in reasons(command))
OWN: Final = [(c, refusal) for c in COMMANDS.values() for refusal in reasons(c) if GIVEN_BY[refusal] == 1]
"""Refusals that one command alone gives."""


def codes(name: str) -> set[str]:
    return {refusal.code for refusal in reasons(COMMANDS[name])}


@pytest.mark.parametrize(
    ("command", "code", "way"),
    [
        ("set_calendar", "UNKNOWN_TIME_ZONE", "the function itself"),
        ("end_workspace_role", "UNKNOWN_ASSIGNMENT", "a function that it calls"),
        ("form_team", "TEXT_TOO_LONG", "a function of another module, through a second one"),
        ("form_team", "NOT_AUTHORISED", "a method of an argument"),
        ("grant_sign_off", "POLICY_FORBIDS", "a method of what an argument holds"),
        ("draft_item", "TEXT_MISSING", "a function in a loop within it"),
    ],
)
def test_a_refusal_is_found_by_every_way_that_leads_to_it(command: str, code: str, way: str) -> None:
    assert code in codes(command), way


def test_what_a_command_has_nothing_to_do_with_is_not_told() -> None:
    assert codes("end_role_on_time") == {"NOT_AUTHORISED", "NOT_YET_DUE", "UNKNOWN_ASSIGNMENT"}
    assert "STALE_DIGEST" not in codes("ask_question")


def test_what_is_never_delegated_says_nothing_of_delegations() -> None:
    for name in ("register_person", "assign_role", "adopt_workspace_policy", "add_reason", "issue_credential"):
        assert "DELEGATION_EXPIRED" not in codes(name), name
    assert "DELEGATION_EXPIRED" in codes("adopt_policy")
    decided_over = {name for name in COMMANDS if "ACTS_FOR_PARTY" in codes(name)}
    assert {"propose_override", "raise_pushback", "settle_pushback", "close_question"} & decided_over
    assert not {"draft_item", "grant_sign_off", "adopt_policy", "cast_vote"} & decided_over


def test_what_is_no_decision_says_nothing_of_who_may_decide() -> None:
    told = {"POLICY_FORBIDS", "SERVICE_CANNOT_DECIDE"}
    for name in ("register_person", "form_team", "draft_item", "declare_absence", "end_role", "set_calendar"):
        assert not codes(name) & told, name
    assert codes("assign_role") >= told, "an auditor with a role that decides, a service as the Product Owner"
    for name in ("grant_sign_off", "propose_override", "raise_pushback", "adopt_policy", "cast_vote", "rank_item"):
        assert codes(name) >= told, name


@pytest.mark.parametrize(("command", "refusal"), OWN, ids=[f"{c.name}-{refusal.code}" for c, refusal in OWN])
def test_a_refusal_that_one_command_gives_is_met_by_a_test_of_it(command: Command, refusal: type[Refused]) -> None:
    told = f"a test that says `with refused({refusal.__name__})` of {command.name} is missing"
    assert any(refusal.__name__ in met and command.name in named for met, named in TESTS), told


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_tried_is_refused_only_with_what_is_told(seed: int) -> None:
    story = AnItem()
    story.chance_is_set(seed)
    for _ in range(seed):
        story.somebody_does_what_they_are_offered()
    for command, by, ordinal in story.acts():
        arguments = {name: story.chance.choice(ARGUMENTS.get(name, SAID)) for name in command.arguments}
        try:
            command.decide(story.item, by, *ordinal, **arguments)
        except Refused as refused:
            seen = type(refused)
        else:
            continue
        assert seen in reasons(command), command.name


def of_the_domain() -> Iterator[tuple[set[str], set[str]]]:
    """Of each test of the domain: what it says is refused, and everything that it or its helpers name."""
    for path in FOLDER.rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        helpers = {name: names(node) for node in body for name in defined(node)}
        for node in body:
            met = set(refused_in(node)) if isinstance(node, ast.FunctionDef) else set()
            if met:
                yield met, reached(names(node), helpers)


def refused_in(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "refused":
            yield from (argument.id for argument in call.args if isinstance(argument, ast.Name))


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def names(node: ast.AST) -> set[str]:
    """Names, attributes and texts in a piece of code."""
    nodes = [*ast.walk(node)]
    texts = {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    dotted = {each.attr for each in nodes if isinstance(each, ast.Attribute)}
    return texts | dotted | {each.id for each in nodes if isinstance(each, ast.Name)}


def reached(start: set[str], helpers: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(helpers.get(name, ()))
    return found


TESTS: Final = [*of_the_domain()]
