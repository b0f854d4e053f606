"""Which refusals a command may give: read from the code that can be reached from its function.

A function leads to every function, class and table of this package that it names, and to every method and property
here that is called as something it names after a dot. So a refusal too many may be told, and none too few. What only
an authority to decide is refused with counts where the command names a power to decide.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, cast

from domain.authority import DECISIONS, Who, blocking, ownership
from domain.decision import Command
from domain.refusals import Refused

_PACKAGE: Final = "domain."
_COMMANDS: Final = "domain.commands."
_DECIDING: Final = cast("FunctionType", Who.to_decide)


@cache
def reasons(command: Command) -> tuple[type[Refused], ...]:
    """Every refusal that the command's rules can give, by code."""
    seeds = [function for function in (command.decide, command.allowed) if isinstance(function, FunctionType)]
    found = {thing for thing in _reached(seeds) if isinstance(thing, type) and issubclass(thing, Refused)}
    return tuple(sorted(found - {Refused}, key=lambda refusal: refusal.code))


def _reached(seeds: Iterable[FunctionType]) -> set[Any]:
    """The functions and refusals that can be reached from these functions."""
    plain = _beyond(seeds, {_DECIDING})
    decisions = {_DECIDING} & plain if any(map(_names_a_decision, plain)) else ()
    return plain | _beyond(decisions)


def _names_a_decision(thing: Any) -> bool:  # noqa: ANN401 - a function or a refusal
    """Whether it is a function of a command's that says which power to decide it takes."""
    if not isinstance(thing, FunctionType):
        return False
    is_commands = thing.__module__.startswith(_COMMANDS) or thing in {blocking, ownership}
    return is_commands and not DECISIONS.isdisjoint(_names(thing.__code__))


def _beyond(seeds: Iterable[FunctionType], stops: Collection[FunctionType] = ()) -> set[Any]:
    """What these lead to, without what the stops do."""
    reached: set[Any] = set()
    waiting: list[Any] = [*seeds]
    while waiting:
        thing = waiting.pop()
        if thing not in reached:
            reached.add(thing)
            waiting.extend(_named(thing) if isinstance(thing, FunctionType) and thing not in stops else ())
    return reached


@cache
def _named(function: FunctionType) -> tuple[Any, ...]:
    """The functions and refusals that a function names."""
    names = tuple(_names(function.__code__))
    held = [function.__globals__[name] for name in names if name in function.__globals__]
    modules = [vars(module) for module in held if isinstance(module, ModuleType) and _is_ours(module.__name__)]
    held += [module[name] for module in modules for name in names if name in module]
    held += [method for name in names for method in _methods().get(name, ())]
    return tuple(thing for each in held for thing in _things(each))


def _names(code: CodeType) -> Iterator[str]:
    """What a function's code names: globals, and whatever stands after a dot, also in the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _things(held: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever a module holds
    """The functions and refusals in a value, which may be a table of them."""
    plain = getattr(held, "__wrapped__", held)
    if isinstance(plain, FunctionType) and _is_ours(plain.__module__):
        yield plain
    elif isinstance(held, type) and issubclass(held, Refused):
        yield held
    elif isinstance(held, dict | tuple | list | frozenset):
        for each in [*held, *(held.values() if isinstance(held, dict) else ())]:
            yield from _things(each)


@cache
def _methods() -> dict[str, tuple[FunctionType, ...]]:
    """The methods and properties of this package's classes, by name."""
    found: dict[str, tuple[FunctionType, ...]] = {}
    for cls in _classes():
        for name, value in vars(cls).items():
            plain = getattr(value, "fget", None) or getattr(value, "func", None) or getattr(value, "__func__", value)
            if isinstance(plain, FunctionType) and not name.startswith("__"):
                found[name] = (*found.get(name, ()), plain)
    return found


def _classes() -> list[type]:
    modules = [module for name, module in sorted(sys.modules.items()) if _is_ours(name)]
    classes = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, type)}
    return [cls for cls in classes.values() if _is_ours(cls.__module__) and not issubclass(cls, Refused)]


def _is_ours(module: str) -> bool:
    return module.startswith(_PACKAGE)
