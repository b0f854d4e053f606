"""`pushback events`: the ledger of a workspace as JSON lines, as far as it goes or for ever."""

from typing import Any, Final
from uuid import UUID

import click
import msgspec

from cli.choosing import choose_workspace, workspace_option
from cli.terminal.session import run
from domain.entry import Entry, Event, disclosed
from infra.backend import Backend
from projections.entries import envelope

_PAGE_ENTRIES: Final = 500
_LOOK_SECONDS: Final = 5.0


@click.command()
@click.option(
    "--after", "position", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Leave out what is up to it."
)
@click.option("--follow", is_flag=True, help="Go on with what is recorded from now on, until interrupted.")
@workspace_option
def events(position: int, follow: bool, workspace: str | None) -> None:  # noqa: FBT001 - an option of the command line
    """Print the entries of the ledger as JSON lines, in order, each once.

    To resume, pass the position of the last line you have.
    """

    async def work(backend: Backend) -> None:
        workspace_id = (await choose_workspace(backend, workspace)).workspace_id
        reached = await _print_after(backend, workspace_id, position)
        if follow:
            await _follow(backend, workspace_id, reached)

    run(work)


async def _follow(backend: Backend, workspace_id: UUID, position: int) -> None:
    with backend.wakes.follow(workspace_id) as following:
        while True:
            position = await _print_after(backend, workspace_id, position)
            await following.wait(_LOOK_SECONDS)


async def _print_after(backend: Backend, workspace_id: UUID, position: int) -> int:
    """Print what is there after a position; the last position printed."""
    while entries := await backend.ledger.read_after(workspace_id, position, _PAGE_ENTRIES):
        click.echo(b"\n".join(msgspec.json.encode(line(entry)) for entry in entries))
        position = entries[-1].position
    return position


def line(entry: Entry[Event]) -> dict[str, Any]:
    """An entry as programs read it: its envelope, then the event's own fields."""
    return {
        "position": entry.position,
        "kind": type(entry.event).TOPIC,
        **envelope(entry),
        "is_erased": entry.is_erased,
        "event": msgspec.to_builtins(disclosed(entry).event),
    }
