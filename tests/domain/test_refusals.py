"""Every refusal can happen, is met by a test, tells a person what to do, and keeps its code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from domain.commands import COMMANDS
from domain.refusals import REFUSALS, Refused

ROOT: Final = Path(__file__).parents[2]
CODES: Final = (ROOT / "tests" / "vectors" / "refusal_codes.txt").read_text(encoding="utf-8").split()


@cache
def raised_in(folder: str) -> set[str]:
    """The refusals that the code of a folder names anywhere but in an import."""
    names = {node.id for node in nodes(folder) if isinstance(node, ast.Name)}
    return names & {refusal.__name__ for refusal in REFUSALS.values()}


@cache
def met_in(folder: str) -> set[str]:
    """What the tests of a folder say is refused, in the words `with refused(...)`."""
    calls = [node for node in nodes(folder) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    met = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "refused"]
    return {name.id for name in met if isinstance(name, ast.Name)}


def nodes(folder: str) -> Iterator[ast.AST]:
    for path in (ROOT / folder).rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


DECIDED: Final = sorted(raised_in("domain") - {"Refused"})


@pytest.mark.parametrize("name", DECIDED)
def test_every_refusal_of_the_domain_is_met_by_a_test(name: str) -> None:
    assert name in met_in("tests/domain"), f"no test of the domain says `with refused({name})`: write one, or remove it"


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_every_refusal_can_happen(refusal: type[Refused]) -> None:
    assert refusal.__name__ in raised_in("domain") | raised_in("infra"), "nothing refuses so: remove it"


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_a_sentence_for_the_person_who_meets_it(refusal: type[Refused]) -> None:
    message = str(refusal())
    assert message[0].isupper()
    assert message.endswith(".")
    assert len(message) <= 120


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_what_a_refusal_suggests_is_a_command(refusal: type[Refused]) -> None:
    assert set(refusal.suggested) <= set(COMMANDS)


@pytest.mark.parametrize("code", CODES)
def test_a_code_that_clients_know_stays(code: str) -> None:
    assert code in REFUSALS, f"clients branch on {code}: keep the class name, or set its `code` by hand"


def test_every_code_is_written_down() -> None:
    assert sorted(set(REFUSALS) - set(CODES)) == [], "add the new codes to tests/vectors/refusal_codes.txt"
