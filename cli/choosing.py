"""Which workspace a command means, who acts, and which person, team or token a name at a terminal stands for."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

import click

from cli.terminal.failures import UnknownName
from domain.events.people import Role
from domain.ids import MalformedId, PersonId, parse
from infra.backend import Backend
from infra.deciding import Asker, Done, Request
from infra.people.directory import Directory, Workspace, workspaces
from infra.uuid7 import uuid7

F = TypeVar("F", bound=Callable[..., Any])


class Named(Protocol):
    """A row that can be meant by its id or by its name."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...


N = TypeVar("N", bound=Named)


class Chosen(NamedTuple):
    """What the options of a command said: a workspace by name or id, and the token of who acts."""

    workspace: str | None
    token: str | None


def workspace_option(command: F) -> F:
    """Adds --workspace."""
    return click.option(
        "-w", "--workspace", envvar="PUSHBACK_WORKSPACE", help="Its name or id; not needed when there is only one."
    )(command)


def acting_options(command: F) -> F:
    """Adds --workspace and --token."""
    token = click.option(
        "--token",
        envvar="PUSHBACK_TOKEN",
        help="Who acts, by their access token. Without it the workspace's first administrator does, by no token.",
    )
    return workspace_option(token(command))


async def choose_workspace(backend: Backend, wanted: str | None) -> Workspace:
    """The one that is meant; raises UnknownName."""
    known = await workspaces(backend.cluster)
    if wanted is None:
        if len(known) == 1:
            return known[0]
        raise UnknownName(_which(known))
    found = [each for each in known if wanted == each.name or _id_of(wanted) == each.workspace_id]
    if len(found) != 1:
        raise UnknownName(f"{'two workspaces are' if found else 'no workspace is'} called {wanted!r}: {_which(known)}")
    return found[0]


class Acting(NamedTuple):
    """A command's way to act in a workspace: who does it, and what is there."""

    backend: Backend
    asker: Asker
    directory: Directory

    async def do(self, command: str, target: str | None, **arguments: Any) -> Done:
        """Carry out a command, and have the read tables show it; raises Refused."""
        given = {name: value for name, value in arguments.items() if value is not None}
        request = Request(asker=self.asker, command=command, command_id=uuid7(), target=target, arguments=given)
        done = await self.backend.deciding.execute(request)
        await self.backend.projector.reach(self.asker.workspace_id, done.position)
        return done


async def directory_of(backend: Backend, workspace_id: UUID) -> Directory:
    """What is there, as the ledger stands now."""
    await backend.projector.catch_up(workspace_id)
    return Directory(backend.reads, workspace_id)


async def act(backend: Backend, chosen: Chosen) -> Acting:
    """Who acts where; raises UnknownName, UnknownToken."""
    if chosen.token:
        asker = await backend.identities.asker(chosen.token)
        return Acting(backend, asker, await directory_of(backend, asker.workspace_id))
    workspace = await choose_workspace(backend, chosen.workspace)
    directory = await directory_of(backend, workspace.workspace_id)
    held = [each for each in await directory.assignments() if each.role is Role.ADMINISTRATOR and each.is_held]
    if not held:
        raise UnknownName(f"nobody administers {workspace.name!r}: set PUSHBACK_TOKEN to say who acts")
    asker = Asker(workspace_id=workspace.workspace_id, person_id=PersonId(held[0].person_id))
    return Acting(backend, asker, directory)


def find(rows: Sequence[N], wanted: str, kind: str) -> N:
    """The row with this id or name, in whatever case; raises UnknownName."""
    found = [row for row in rows if row.id == wanted] or [
        row for row in rows if (row.name or "").casefold() == wanted.casefold()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownName(f"{len(found)} are called {wanted!r}; give an id: {', '.join(row.id for row in found)}")
    raise UnknownName(f"no {kind} here is called {wanted!r}: see pushback {kind} list")


def moment(text: str) -> datetime:
    """A day or a time at the command line; without a zone it is UTC."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a time such as 2027-01-31 or 2027-01-31T18:00") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _which(known: Sequence[Workspace]) -> str:
    if not known:
        return "there is no workspace yet; make one with pushback init NAME --administrator NAME"
    return "name one with --workspace: " + ", ".join(repr(each.name) for each in known)


def _id_of(text: str) -> UUID | None:
    try:
        return parse(text).stream_id if text.startswith("wsp_") else UUID(text)
    except (MalformedId, ValueError):
        return None
