"""Every mutation says why it may be refused, and the page on refusals is as the code is."""

import re
from pathlib import Path
from typing import Final

import pytest

from domain.commands import COMMANDS
from domain.decision import Command
from domain.refusals import REFUSALS
from graphql_api.schema import make_schema
from graphql_api.types.fields import camel
from graphql_api.types.refusals import page, refusals_of

PAGE: Final = Path(__file__).parents[2] / "docs" / "refusals.md"
MUTATION: Final = make_schema()._schema.mutation_type


def test_the_page_is_as_the_code_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make schema`"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_mutation_says_what_it_may_be_refused_with(command: Command) -> None:
    assert MUTATION is not None
    field = MUTATION.fields.get(camel(command.name))
    if field is None:
        return
    told = re.search(r"\n\nRefused with: ([A-Z_, ]+)\.$", field.description or "")
    assert told is not None
    assert told[1].split(", ") == [refusal.code for refusal in refusals_of(command)]
    assert set(told[1].split(", ")) <= set(REFUSALS)
