"""Which refusals each mutation may answer with: in its description, and as the page docs/refusals.md."""

from collections.abc import Iterable
from typing import Final

from domain.commands import COMMANDS
from domain.decision import Command
from domain.reasons import reasons
from domain.refusals import REFUSALS, CommandIdReused, Refused, TooBusy
from graphql_api.types.fields import camel
from infra.states import UNKNOWN

ANY: Final[tuple[type[Refused], ...]] = (CommandIdReused, TooBusy)
"""What any mutation may answer with, whatever it does."""

_HEAD: Final = """# Why a command is refused

Made from the code by `make schema`. A refusal is an answer, not an error: a command that is refused leaves no trace and
may be given again. Clients branch on the code, which never changes; people read the message. `Refusal` also says what
is unmet, who could do it, and what has happened since the content that was shown. Tokens and erasures are commands of
`pushback` on the command line, all others are mutations.

"""


def refusals_of(command: Command) -> tuple[type[Refused], ...]:
    """What the rules of a command may answer, and what an id that leads nowhere is answered with, by code."""
    prefixes = [state.PREFIX for state in command.references.values()]
    unknown = {UNKNOWN[prefix] for prefix in prefixes if prefix in UNKNOWN}
    if not command.opens:
        unknown.add(UNKNOWN[command.target_prefix])
    return tuple(sorted({*reasons(command), *unknown}, key=lambda refusal: refusal.code))


def description(command: Command) -> str:
    """What a mutation does, and why it may be refused."""
    codes = ", ".join(refusal.code for refusal in refusals_of(command))
    return f"{command.doc}\n\nRefused with: {codes}."


def page() -> str:
    """Every refusal with its message, the commands that it may come from, and what is suggested instead."""
    return _HEAD + _table(("Code", "Message", "From", "Instead"), (_line(refusal) for refusal in _told()))


def _told() -> list[type[Refused]]:
    return [refusal for _, refusal in sorted(REFUSALS.items()) if refusal in ANY or _from(refusal)]


def _line(refusal: type[Refused]) -> tuple[str, ...]:
    commands = "any" if refusal in ANY else _names(_from(refusal))
    return f"`{refusal.code}`", str(refusal()), commands, _names(refusal.suggested)


def _from(refusal: type[Refused]) -> list[str]:
    given = (command for command in COMMANDS.values() if not command.by_system)
    return [command.name for command in given if refusal in refusals_of(command)]


def _names(commands: Iterable[str]) -> str:
    return ", ".join(f"`{camel(name)}`" for name in commands)


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    rows = [head, ("---",) * len(head), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - what it is for
