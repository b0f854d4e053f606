"""What a command is: a pure function that answers with events and the authority they rely on, or refuses."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

from domain.authority import Authority
from domain.entry import Event


class Decided(NamedTuple):
    """The events that follow from a command, all in the stream it was decided on, and by what authority."""

    authority: Authority
    events: tuple[Event, ...]


def decided(authority: Authority, *events: Event) -> Decided:
    """The answer of a command that is not refused."""
    return Decided(authority, events)


@dataclass(frozen=True)
class Command:
    """A command and how it is reached.

    `decide(state, who, [ordinal,] *, ...)` gets the state of the stream it writes to; when it acts on a thing inside
    (a pushback, a sign-off), its third parameter is that thing's ordinal and is named after it. A keyword parameter
    whose type is another aggregate's state is given by id and joins the read set. `allowed` refuses whoever could
    not do it whatever the arguments, `subject` is the read model the answer shows, `opens` says that a new stream
    begins.
    """

    decide: Callable[..., Decided]
    subject: str
    allowed: Callable[..., Any] | None = None
    opens: bool = False

    @property
    def name(self) -> str:
        """What the command is called: its function's name."""
        return self.decide.__name__

    @property
    def doc(self) -> str:
        """What it does, for people."""
        return inspect.cleandoc(self.decide.__doc__ or "")

    @property
    def state(self) -> type:
        """The state class of the stream it writes to."""
        state: type = self.types[self._parameters[0].name]
        return state

    @property
    def thing(self) -> str | None:
        """The name of the thing inside the stream that it acts on, if it does."""
        names = [p.name for p in self._parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        return names[2] if len(names) > 2 else None  # noqa: PLR2004 - after state and who

    @property
    def arguments(self) -> dict[str, inspect.Parameter]:
        """The keyword arguments a caller gives, by name, annotations resolved."""
        types = self.types
        keywords = [p for p in self._parameters if p.kind is p.KEYWORD_ONLY]
        return {p.name: p.replace(annotation=types[p.name]) for p in keywords}

    @property
    def types(self) -> dict[str, Any]:
        """The resolved annotations of its parameters."""
        return get_type_hints(self.decide)

    @property
    def _parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.decide).parameters.values())
