"""What a command is: a pure function that answers with events and the authority they rely on, or refuses."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Any, ClassVar, Final, NamedTuple, Protocol, get_args, get_origin, get_type_hints

from domain.authority import Authority
from domain.entry import Event
from domain.events.people import Scope

NAMED_MAX: Final = 50
"""Of what a list of a command names, no more is loaded than this and one; who takes a list refuses a longer one."""


class Aggregate(Protocol):
    """A state class: what rules read of one stream. Its empty instance is a stream that does not exist."""

    PREFIX: ClassVar[str]


class Decided(NamedTuple):
    """The events that follow from a command, all in the stream it was decided on, and by what authority."""

    authority: Authority
    events: tuple[Event, ...]


def decided(authority: Authority, *events: Event) -> Decided:
    """The answer of a command that is not refused."""
    return Decided(authority, events)


_THINGS: Final = {
    "pushback": "pbk", "sign_off": "sof", "sign_off_request": "srq", "question": "qst", "assignment": "asg",
    "credential": "crd", "round": "rnd", "delegation": "dlg", "webhook": "whk",
}  # fmt: skip
"""The id prefix of each thing inside a stream that a command may act on."""


@dataclass(frozen=True)
class Command:
    """A command and how it is reached.

    `decide(state, who, [ordinal,] *, ...)` gets the state of the stream it writes to; when it acts on a thing inside
    (a pushback, a sign-off), its third parameter is that thing's ordinal and is named after it. A keyword parameter
    whose type is another aggregate's state, or a tuple of them, is given by id and joins the read set. `allowed`
    refuses whoever could not do it whatever the arguments, `subject` is the read model the answer shows, `opens` says
    that a new stream begins, `by_system` that only the scheduler gives it, when its time has come,
    `gate` that it lets an item pass: what the rules refuse there is recorded, `everywhere` that it is decided on what
    is held in every team, too. `scope` is what a credential needs.
    """

    decide: Callable[..., Decided]
    subject: str
    allowed: Callable[..., Any] | None = None
    opens: bool = False
    by_system: bool = False
    gate: bool = False
    everywhere: bool = False
    scope: Scope = Scope.WRITE

    @property
    def name(self) -> str:
        """What the command is called: its function's name."""
        return self.decide.__name__

    @property
    def doc(self) -> str:
        """What it does, for people."""
        return inspect.cleandoc(self.decide.__doc__ or "")

    @cached_property
    def state(self) -> type[Aggregate]:
        """The state class of the stream it writes to."""
        state: type[Aggregate] = self.types[self._parameters[0].name]
        return state

    @cached_property
    def thing(self) -> str | None:
        """The name of the thing inside the stream that it acts on, if it does."""
        names = [p.name for p in self._parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        return names[2] if len(names) > 2 else None  # noqa: PLR2004 - after state and who

    @cached_property
    def arguments(self) -> dict[str, inspect.Parameter]:
        """The keyword arguments a caller gives, by name, annotations resolved."""
        types = self.types
        keywords = [p for p in self._parameters if p.kind is p.KEYWORD_ONLY]
        return {p.name: p.replace(annotation=types[p.name]) for p in keywords}

    @cached_property
    def references(self) -> dict[str, type[Aggregate]]:
        """The keyword arguments that are another aggregate's state, given by id."""
        return {name: state for name, p in self.arguments.items() if (state := _state(p.annotation)) is not None}

    @cached_property
    def target_prefix(self) -> str:
        """The prefix of the ids it acts on."""
        prefix: str = _THINGS[self.thing] if self.thing else self.state.PREFIX
        return prefix

    @cached_property
    def types(self) -> dict[str, Any]:
        """The resolved annotations of its parameters."""
        return get_type_hints(self.decide)

    @property
    def _parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.decide).parameters.values())


def _state(annotation: Any) -> type[Aggregate] | None:  # noqa: ANN401 - any annotation
    """The aggregate's state class that an annotation names, optional, several or not."""
    if isinstance(annotation, UnionType) or get_origin(annotation) is tuple:
        return next((found for option in get_args(annotation) if (found := _state(option)) is not None), None)
    return annotation if hasattr(annotation, "PREFIX") else None
