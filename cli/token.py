"""`pushback token` and `pushback invite`: issue, revoke and list what lets people in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from cli.choosing import Chosen, act, acting_options, choose_workspace, directory_of, find, moment, workspace_option
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run, settings
from domain.events.people import Scope
from graphql_api.types.issued import path_to_join
from infra.backend import Backend
from infra.people.directory import Token
from infra.uuid7 import uuid7

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def token() -> None:
    """Access tokens: who may use the API as whom."""


def _scope_option(default: Scope, text: str) -> Callable[[F], F]:
    """Adds --scope."""
    choice = click.Choice([scope.lower() for scope in Scope])
    return click.option("--scope", type=choice, default=default.lower(), show_default=True, help=text)


@token.command()
@click.argument("person")
@_scope_option(
    Scope.ADMIN, "How far it goes: to read, also to act, also to administer people, their tokens, teams and roles."
)
@click.option("--label", default="terminal", show_default=True, help="What its holder will know it by.")
@click.option("--expires", type=moment, metavar="TIME", help="When it stops being valid; never, unless given.")
@acting_options
@json_option
def issue(  # noqa: PLR0917 - click gives them by name
    person: str,
    scope: str,
    label: str,
    expires: datetime | None,
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Print a new token of PERSON (name or id). It is shown only once."""

    async def work(backend: Backend) -> dict[str, str]:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        text = await backend.credentials.issue(acting.asker, uuid7(), found.id, label, expires, scopes=_up_to(scope))
        await backend.projector.catch_up(acting.asker.workspace_id)
        return {"person": found.id, "token": text}

    issued = run(work)
    print_json(issued) if as_json else click.echo(issued["token"])


@token.command()
@click.argument("person")
@click.option("--sub", "subject", required=True, help="The account, as the provider's tokens name it in `sub`.")
@_scope_option(Scope.WRITE, "How far it goes, as for a token.")
@acting_options
def bind(person: str, subject: str, scope: str, workspace: str | None, token: str | None) -> None:
    """Let the sign-in provider's tokens of an account act as PERSON (name or id). Prints the binding's id."""

    async def work(backend: Backend) -> str:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        done = await backend.identities.bind(acting.asker, uuid7(), found.id, subject, _up_to(scope))
        await backend.projector.catch_up(acting.asker.workspace_id)
        return done.subject_id

    click.echo(run(work))


@token.command()
@click.argument("credential")
@acting_options
def revoke(credential: str, workspace: str | None, token: str | None) -> None:
    """End the token with this id (crd_..., as `pushback token list` shows it)."""

    async def work(backend: Backend) -> None:
        acting = await act(backend, Chosen(workspace, token))
        await backend.credentials.revoke(acting.asker, uuid7(), credential)
        await backend.projector.catch_up(acting.asker.workspace_id)

    run(work)


@click.command()
@click.argument("person")
@click.option("--url", help="Where the server is reached; on this machine, unless given.")
@acting_options
@json_option
def invite(person: str, url: str | None, workspace: str | None, token: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """Print a link that signs PERSON (name or id) in, once and within a week. It is shown only once."""

    async def work(backend: Backend) -> dict[str, str]:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        code = await backend.credentials.invite(acting.asker, uuid7(), found.id)
        await backend.projector.catch_up(acting.asker.workspace_id)
        address = (url or f"http://localhost:{settings().port}").rstrip("/")
        return {"person": found.id, "link": address + path_to_join(code)}

    invited = run(work)
    print_json(invited) if as_json else click.echo(invited["link"])


@token.command(name="list")
@workspace_option
@json_option
def list_(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List the tokens of a workspace, without their secrets."""

    async def work(backend: Backend) -> tuple[Token, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await (await directory_of(backend, chosen.workspace_id)).tokens()

    rows = run(work)
    columns = ("id", "person", "kind", "scopes", "label", "expires_at", "is_live")
    print_json(rows) if as_json else print_rows(rows, *columns)


def _up_to(scope: str) -> tuple[Scope, ...]:
    """A scope and those below it."""
    return tuple(Scope)[: tuple(Scope).index(Scope[scope.upper()]) + 1]
