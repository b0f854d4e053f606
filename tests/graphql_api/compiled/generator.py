"""Random documents over a schema: deep ones, with fragments, aliases, conditions, and variables in every place."""

import base64
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_non_null_type,
)

THEN: Final = "{position: $at}"
VARIABLE_SETS: Final = 3
SKIPPED_FIELDS: Final = frozenset({"version", "viewer", "availableActions", "readiness", "policy"})
"""Root fields that SQL does not answer."""


@dataclass(frozen=True)
class Generated:
    """A document and several sets of variables for it."""

    text: str
    variables: tuple[dict[str, Any], ...]


def now(text: str) -> str:
    """The same document, asked of now."""
    text = text.replace(f", asOf: {THEN}", "").replace(f"(asOf: {THEN})", "")
    return text.replace(", $at: Position!", "").replace("$at: Position!, ", "").replace("($at: Position!)", "")


@dataclass(frozen=True)
class Known:
    """Values worth asking for: ids by `Query.field` or argument, keys of cursors by `Type.field`, positions, times."""

    ids: Mapping[str, Sequence[str]]
    keys: Mapping[str, Sequence[tuple[Any, ...]]]
    positions: int
    times: Sequence[str]


@dataclass
class Generator:
    """One document in the making."""

    schema: GraphQLSchema
    known: Known
    random: random.Random
    asks_then: bool = False
    """Whether every root field asks for the position `$at`, and none for a moment of its own."""
    fragments: list[str] = field(default_factory=list)
    declared: dict[str, str] = field(default_factory=dict)
    values: list[dict[str, Any]] = field(default_factory=lambda: [{} for _ in range(VARIABLE_SETS)])
    _aliases: int = 0

    def document(self) -> Generated:
        """A query of one to three root fields."""
        root = self.schema.query_type
        assert root is not None
        names = [name for name in root.fields if name not in SKIPPED_FIELDS]
        roots = self.random.choices(names, k=self.random.choice((1, 1, 2, 3)))
        chosen = [self._field(root, name, self.random.choice((2, 3, 3, 4, 5))) for name in roots]
        declared = ", ".join(f"${name}: {told}" for name, told in self.declared.items())
        text = f"query Q{f'({declared})' if declared else ''} {{ {' '.join(chosen)} }} {' '.join(self.fragments)}"
        return Generated(text, tuple(self.values))

    def _field(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        definition: GraphQLField = parent.fields[name]
        self._aliases += 1
        arguments = self._arguments(parent, name, definition)
        needs_alias = bool(arguments) or self.random.random() < 0.15
        alias = f"a{self._aliases}{'x' * (70 if self.random.random() < 0.05 else 0)}: " if needs_alias else ""
        below: Any = get_named_type(definition.type)
        selected = "" if is_leaf_type(below) else self._selection(below, depth - 1)
        return f"{alias}{name}{arguments}{self._condition()}{selected}"

    def _selection(self, parent: Any, depth: int) -> str:
        names = [name for name, told in parent.fields.items() if depth > 0 or is_leaf_type(get_named_type(told.type))]
        names = names or ["__typename"]
        wanted = self.random.sample(names, min(len(names), self.random.choice((1, 2, 3, 5))))
        parts = [name if name == "__typename" else self._part(parent, name, depth) for name in wanted]
        if is_abstract_type(parent):
            kinds = self.random.sample(self.schema.get_possible_types(parent), 2)
            parts += [f"... on {kind.name}{self._condition()}{self._selection(kind, depth)}" for kind in kinds]
        if self.random.random() < 0.15:
            parts.insert(self.random.randrange(len(parts) + 1), "__typename")
        return f" {{ {' '.join(parts)} }}"

    def _part(self, parent: Any, name: str, depth: int) -> str:
        """A field, perhaps inside a fragment, perhaps twice."""
        told = self._field(parent, name, depth)
        chance = self.random.random()
        if chance < 0.08:
            wider = [f"on {one.name}" for one in parent.interfaces if name in one.fields]
            return f"... {self.random.choice(['', f'on {parent.name}', *wider])}{self._condition()} {{ {told} }}"
        if chance < 0.16:
            fragment = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {fragment} on {parent.name} {{ {told} }}")
            return f"...{fragment}{self._condition()}" + f" ...{fragment}" * (self.random.random() < 0.3)
        return f"{told} {told}" if chance < 0.2 else told

    def _condition(self) -> str:
        if self.random.random() > 0.1:
            return ""
        directive = self.random.choice(("skip", "include"))
        if self.random.random() < 0.5:
            return f" @{directive}(if: {self.random.choice(('true', 'false'))})"
        name = self._declare("Boolean!", lambda: self.random.random() < 0.5)
        return f" @{directive}(if: ${name})"

    def _arguments(self, parent: Any, name: str, definition: GraphQLField) -> str:
        chosen: dict[str, str] = {}
        paging = self._paging(parent, definition)
        for argument, told in definition.args.items():
            if argument == "asOf" and self.asks_then:
                chosen[argument] = THEN
                self.declared["at"] = "Position!"
                continue
            wanted = argument in paging or is_non_null_type(told.type)
            if argument not in ("first", "last", "after", "before"):
                wanted = wanted or self.random.random() < (0.35 if argument == "asOf" else 0.1)
            if wanted:
                chosen[argument] = self._value(f"{parent.name}.{name}", argument, told)
        return f"({', '.join(f'{argument}: {value}' for argument, value in chosen.items())})" if chosen else ""

    def _paging(self, parent: Any, definition: GraphQLField) -> set[str]:
        """Which of the paging arguments to give: at the root one of first and last has to be."""
        if "first" not in definition.args:
            return set()
        is_root = parent is self.schema.query_type
        direction = self.random.choice(["first", "last"] if is_root else ["first", "first", "last", "last", ""])
        bounds = {name for name in ("after", "before") if self.random.random() < 0.25}
        return bounds | ({direction} if direction else set())

    def _value(self, place: str, name: str, argument: GraphQLArgument) -> str:
        """A literal, or a variable with a value in each set; where null may be, sometimes null or nothing at all."""
        size = name in ("first", "last")
        may_lack = not is_non_null_type(argument.type) and not size

        def draw() -> Any:
            return self._draw(place, name, get_named_type(argument.type))

        if name == "asOf" and self.random.random() < 0.3:
            inner = self._declare("Position!", lambda: self.random.randint(0, self.known.positions))
            return f"{{position: ${inner}}}"
        if self.random.random() < 0.5:
            return self._literal(draw(), argument)
        kind = str(argument.type).removesuffix("!") + "!" * ((size and self.random.random() < 0.5) or not may_lack)
        default = ""
        if may_lack and self.random.random() < 0.2:
            default = f" = {self._literal(draw(), argument)}"
        return f"${self._declare(kind + default, draw, may_lack=may_lack)}"

    def _declare(self, kind: str, draw: Any, *, may_lack: bool = False) -> str:
        same = [name for name, told in self.declared.items() if told == kind == "Boolean!"]
        if same and self.random.random() < 0.3:
            return self.random.choice(same)
        name = f"v{len(self.declared)}"
        self.declared[name] = kind
        for values in self.values:
            chance = self.random.random() if may_lack else 1
            if chance > 0.3:
                values[name] = draw()
            elif chance > 0.15:
                values[name] = None
        return name

    def _draw(self, place: str, name: str, kind: Any) -> Any:
        if name in ("first", "last"):
            return self.random.choice((1, 1, 2, 2, 3, 3, 4, 7))
        if name in ("after", "before"):
            return self._cursor(place)
        if name == "asOf":
            if self.random.random() < 0.6:
                return {"position": self.random.randint(0, self.known.positions)}
            return {"time": self.random.choice(self.known.times)}
        if kind.name == "DateTime":
            return self.random.choice(self.known.times)
        if is_enum_type(kind):
            return self.random.choice(list(kind.values))
        if kind.name == "Boolean":
            return self.random.random() < 0.5
        known = self.known.ids.get(place, self.known.ids.get(name, ()))
        strange = ("unknown", "itm_' OR true --", "")
        return self.random.choice(strange if not known or self.random.random() < 0.08 else known)

    def _cursor(self, place: str) -> str:
        key = self.random.choice(self.known.keys[place])
        return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")

    def _literal(self, value: Any, argument: GraphQLArgument) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name}: {json.dumps(told)}" for name, told in value.items()) + "}"
        if is_enum_type(get_named_type(argument.type)):
            return str(value)
        return json.dumps(value)
