"""`pushback webhook`: which other systems are told what happens, and how that goes."""

from typing import Any, Final

import click
from msgspec.structs import replace

from cli.choosing import Chosen, act, acting_options, choose_workspace, find, workspace_option
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run
from infra.backend import Backend
from infra.deciding import Request
from infra.uuid7 import uuid7
from infra.webhooks.registry import State

_COLUMNS: Final = ("id", "url", "position", "delivered_at", "failures", "last_error", "try_at", "paused_since")


@click.group()
def webhook() -> None:
    """Webhooks: other systems that are told what happens."""


@webhook.command()
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only such events, like PushbackRaised.")
@click.option("--person", help="Only what makes or leaves it the turn of this person (name or id).")
@click.option("--with-text", is_flag=True, help="Tell also what people typed.")
@acting_options
@json_option
def add(  # noqa: PLR0917 - click gives them by name
    url: str,
    kinds: tuple[str, ...],
    person: str | None,
    with_text: bool,  # noqa: FBT001 - an option of the command line
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Tell URL what happens from now on, and print the secret that signs it. It is shown only once."""

    async def work(backend: Backend) -> dict[str, str]:
        acting = await act(backend, Chosen(workspace, token))
        arguments: dict[str, Any] = {"url": url, "kinds": kinds, "with_text": with_text}
        if person:
            arguments["person"] = find(await acting.directory.people(), person, "person").id
        request = Request(
            asker=acting.asker,
            command="register_webhook",
            command_id=uuid7(),
            target=acting.asker.workspace_key,
            arguments=arguments,
        )
        registered = await backend.webhooks.register(request)
        await backend.projector.catch_up(acting.asker.workspace_id)
        return {"id": registered.done.subject_id, "secret": registered.secret}

    added = run(work)
    print_json(added) if as_json else click.echo(added["secret"])


@webhook.command()
@click.argument("webhook_id", metavar="WEBHOOK")
@acting_options
def remove(webhook_id: str, workspace: str | None, token: str | None) -> None:
    """Tell the webhook with this id (whk_..., as `pushback webhook list` shows it) nothing more."""

    async def work(backend: Backend) -> None:
        asker = (await act(backend, Chosen(workspace, token))).asker
        request = Request(asker=asker, command="revoke_webhook", command_id=uuid7(), target=webhook_id)
        await backend.webhooks.revoke(request)
        await backend.projector.catch_up(asker.workspace_id)

    run(work)


@webhook.command(name="list")
@workspace_option
@json_option
def list_(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List a workspace's webhooks: how far they are, and what fails."""

    async def work(backend: Backend) -> tuple[State, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await backend.webhooks.states(chosen.workspace_id)

    rows = [_shown(state) for state in run(work)]
    print_json(rows) if as_json else print_rows(rows, *_COLUMNS)


def _shown(state: State) -> State:
    """Of its address only the host, since the rest may be a secret."""
    return replace(state, url="/".join(state.url.replace("?", "/").split("/")[:3]))
