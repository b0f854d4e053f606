"""`pushback demo`: the demo workspace on a running server, the tokens of two who disagree, and something to paste."""

import socket
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import click
import msgspec

from cli.choosing import directory_of, find
from cli.guide import Guide, Speaker, as_data, as_text
from cli.serve import HOST, answer, listen, url_of
from cli.terminal.printing import json_option, print_json
from cli.terminal.session import run, settings
from infra.backend import Backend
from infra.demo.clock import SPAN, Period
from infra.demo.company import COMPANY
from infra.demo.refinement import DISPUTED_TEAM
from infra.demo.workspace import Demo, make_demo
from infra.people.credentials import UnknownToken
from infra.uuid7 import uuid7

_TOKENS_FILE: Final = "demo-tokens.json"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Instead of PUSHBACK_PORT; 0 takes any free one.")
@click.option("--serve/--no-serve", "is_served", default=True, help="Start the server, or only make the workspace.")
@json_option
def demo(port: int | None, is_served: bool, as_json: bool) -> None:  # noqa: FBT001 - options of the command line
    """Make the demo workspace unless it is there, start the server, and say what to look at.

    A demo that was interrupted is gone on with. Its people and its past are made up; its rules are the real ones.
    """
    told = settings()
    chosen = told.port if port is None else port
    tokens_file = told.data / _TOKENS_FILE
    show = partial(_show, as_json=as_json)
    if not is_served:
        run(lambda backend: _make(backend, tokens_file, f"http://{HOST}:{chosen}/", show), told)
        return
    with listen(HOST, chosen) as listener:
        run(lambda backend: _serve(backend, tokens_file, listener, show), told)


async def _make(backend: Backend, tokens_file: Path, url: str, show: Callable[[Guide], None]) -> None:
    show(await _prepare(backend, tokens_file, url))


async def _serve(backend: Backend, tokens_file: Path, listener: socket.socket, show: Callable[[Guide], None]) -> None:
    guide = await _prepare(backend, tokens_file, url_of(listener))
    await answer(backend, listener, lambda: show(guide))


def _show(guide: Guide, *, as_json: bool) -> None:
    print_json(as_data(guide)) if as_json else click.echo(as_text(guide))


async def _prepare(backend: Backend, tokens_file: Path, url: str) -> Guide:
    with click.progressbar(
        length=SPAN.days, label="Half a year of ten teams", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        made = await make_demo(backend.ledger, backend.deciding, backend.scheduler, _days(bar.update))
    directory = await directory_of(backend, made.administrator.workspace_id)
    cast = next(cast for cast in COMPANY.teams if cast.name == DISPUTED_TEAM)
    people, kept = await directory.people(), _kept(tokens_file)
    for name in (cast.owner, cast.architect):
        kept[name] = await _token(backend, made, find(people, name, "person").id, kept.get(name))
        _keep(tokens_file, kept)
    team = find(await directory.teams(), cast.name, "team")
    head = await backend.ledger.head(made.administrator.workspace_id)
    await backend.projector.catch_up(made.administrator.workspace_id)
    return Guide(
        page=url,
        graphiql=f"{url}graphiql",
        graphql=f"{url}graphql",
        product_owner=Speaker(cast.owner, kept[cast.owner]),
        architect=Speaker(cast.architect, kept[cast.architect]),
        team_id=team.id,
        item_id=made.item_id,
        pushback_id=made.pushback_id,
        position=head,
        half_way=made.period.start + SPAN / 2,
    )


def _days(update: Callable[[int], None]) -> Callable[[Period, datetime], None]:
    """Tells the bar of each day that begins."""
    told = 0

    def tell(period: Period, at: datetime) -> None:
        nonlocal told
        days = (at - period.start).days
        update(days - told)
        told = days

    return tell


async def _token(backend: Backend, made: Demo, person_id: str, kept: str | None) -> str:
    """The token of a run before, or a new one when it is gone or no longer honoured."""
    if kept:
        try:
            await backend.credentials.asker(kept)
        except UnknownToken:
            pass
        else:
            return kept
    return await backend.credentials.issue(made.administrator, uuid7(), person_id, "pushback demo")


def _kept(path: Path) -> dict[str, str]:
    """The tokens of a run before: only hashes are in the database, and they are of a made-up company."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep(path: Path, tokens: dict[str, str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_bytes(msgspec.json.encode(tokens))
    new.rename(path)
