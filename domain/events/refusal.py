"""A command at a gate that the rules refused: a fact of its own."""

from domain.entry import Event, ProseLines


class CommandRefused(Event, frozen=True, kw_only=True):
    """The rules refused a command at a gate, such as a sign-off, given by somebody with a role there.

    `thing` is the id of what inside the item it was to act on; `code` says why in one word, `unmet` what was missing.
    """

    refusal: int
    command: str
    code: str
    thing: str | None = None
    label: str | None = None
    unmet: ProseLines = None
