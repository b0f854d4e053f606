"""What clients rely on: the checked-in SDL is the schema's, and everything in it says what it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    print_schema,
)
from graphql.utilities import find_breaking_changes

from domain.commands import COMMANDS
from domain.commands.words import ARGUMENTS
from domain.refusals import REFUSALS
from graphql_api.schema import make_schema

CHECKED_IN = Path(__file__).parents[2] / "schema.graphql"
RELEASED = Path(__file__).parents[1] / "vectors" / "schema_released.graphql"
MEANT_TO_BREAK: dict[str, str] = {
    "Field Refusal.position was removed.": "It is recordedPosition: a position that may be null cannot be asked for "
    "beside that of a success, in one document without aliases.",
}
"""Changes since the last release, as the test names them, each with its reason."""
SCHEMA = make_schema()._schema
WORDLESS = {"String", "Int", "Float", "Boolean", "ID", "DateTime", "UUID"}


def test_the_schema_changes_only_on_purpose() -> None:
    """`make schema` writes the file; a change that breaks clients is named here first."""
    checked_in = CHECKED_IN.read_text()
    breaking = [change.description for change in find_breaking_changes(build_schema(checked_in), SCHEMA)]
    assert not breaking, f"these changes break clients: {breaking}"
    assert make_schema().as_str() + "\n" == checked_in, "run `make schema` and commit schema.graphql"


def test_no_client_of_the_last_release_breaks() -> None:
    """What is meant to break is in MEANT_TO_BREAK, with its reason (docs/api-changes.md)."""
    released = build_schema(RELEASED.read_text())
    breaking = {change.description for change in find_breaking_changes(released, SCHEMA)}
    assert breaking - set(MEANT_TO_BREAK) == set(), "these changes break clients of the last release"
    assert set(MEANT_TO_BREAK) - breaking == set(), "these changes are not there any more"


def test_what_is_deprecated_says_what_to_use_instead() -> None:
    for shown in SCHEMA.type_map.values():
        for called, member in members(shown):
            reason = member.deprecation_reason
            assert reason is None or reason.startswith("Use "), f"{shown.name}.{called}: {reason}"


def test_a_renamed_field_is_named_as_breaking() -> None:
    without = build_schema(print_schema(SCHEMA).replace("narrative: String\n", "tale: String\n"))
    named = [change.description for change in find_breaking_changes(SCHEMA, without)]
    assert any("Item.narrative" in text for text in named), named


@pytest.mark.parametrize("name", sorted(set(SCHEMA.type_map) - WORDLESS))
def test_everything_has_a_description(name: str) -> None:
    shown = SCHEMA.type_map[name]
    if is_introspection_type(shown) or name.endswith("Result"):
        return
    assert shown.description, name
    for called, member in members(shown):
        assert member.description, f"{name}.{called}"
        for argument, definition in getattr(member, "args", {}).items():
            assert definition.description, f"{name}.{called}({argument}:)"


def test_every_directive_and_each_of_its_arguments_has_a_description() -> None:
    for directive in SCHEMA.directives:
        assert directive.description, directive.name
        assert all(argument.description for argument in directive.args.values()), directive.name


def members(shown: GraphQLNamedType) -> Iterator[tuple[str, Any]]:
    """Fields, input fields and values by name."""
    if isinstance(shown, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        yield from shown.fields.items()
    if isinstance(shown, GraphQLEnumType):
        yield from shown.values.items()


def test_nothing_is_updated_or_deleted() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    assert not [name for name in mutation.fields if name.startswith(("update", "delete", "remove"))]


DOORS = {"openSession", "bindIdentity", "acceptWithIdentity", "eraseProse", "eraseName"}
"""Commands that touch more than the ledger: they are reached otherwise."""


def test_every_command_is_a_mutation_or_has_a_door_of_its_own() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    given = [name for name, command in COMMANDS.items() if not command.by_system]
    named = {"".join(word.title() if n else word for n, word in enumerate(name.split("_"))) for name in given}
    assert named - set(mutation.fields) == DOORS


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: str(command.name))
def test_every_argument_says_what_it_means(command: object) -> None:
    assert not [name for name in command.arguments if name not in ARGUMENTS and name not in UNSAID]  # type: ignore[attr-defined]


UNSAID = {"commitment", "account", "expires_at"}
"""Arguments that no client gives."""


def test_every_refusal_says_what_to_do() -> None:
    for code, refused in REFUSALS.items():
        assert (refused.__doc__ or "").strip().endswith("."), code
        assert code == code.upper(), code
