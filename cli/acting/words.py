"""`pushback ask`, `answer` and `turn`: what a person says from the terminal, and what waits for them."""

from typing import Final

import click
import msgspec

from cli.choosing import Chosen, act, acting_options, find
from cli.terminal.failures import UnknownName
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run
from infra.backend import Backend
from infra.deciding import Done
from infra.people.waiting import Waiting, items_called, waiting_for

_ANSWERS: Final = {"qst": "answer_question", "pbk": "answer_pushback"}


class Said(msgspec.Struct, frozen=True):
    """The id of the question or pushback that was spoken of, and where the ledger has it."""

    id: str
    position: int


@click.command()
@click.argument("item")
@click.argument("text")
@click.option("--to", "asked", metavar="PERSON", help="Who should answer; the item's author, unless given.")
@acting_options
@json_option
def ask(  # noqa: PLR0917 - click gives them by name
    item: str,
    text: str,
    asked: str | None,
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Ask TEXT about ITEM (its id, its key in the tracker, or its title) and print the question's id."""
    chosen = speaker(workspace, token)

    async def work(backend: Backend) -> Said:
        acting = await act(backend, chosen)
        known = await items_called(backend.reads, acting.asker.workspace_id, item)
        to = find(await acting.directory.people(), asked, "person").id if asked else None
        return _said(await acting.do("ask_question", _item(known, item), text=text, routed_to=to))

    _print(run(work), as_json=as_json)


@click.command()
@click.argument("to", metavar="QUESTION|PUSHBACK")
@click.argument("text")
@acting_options
@json_option
def answer(to: str, text: str, workspace: str | None, token: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """Answer a question (qst_...) or a pushback (pbk_...) with TEXT. Who asked or raised it says whether that does."""
    command = _ANSWERS.get(to.partition("_")[0])
    if command is None:
        raise UnknownName(f"{to!r} is not the id of a question or a pushback: see pushback turn")
    chosen = speaker(workspace, token)

    async def work(backend: Backend) -> Said:
        acting = await act(backend, chosen)
        return _said(await acting.do(command, to, text=text))

    _print(run(work), as_json=as_json)


@click.command()
@acting_options
@json_option
def turn(workspace: str | None, token: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List what waits for you, longest first."""
    chosen = speaker(workspace, token)

    async def work(backend: Backend) -> tuple[Waiting, ...]:
        acting = await act(backend, chosen)
        return await waiting_for(backend.reads, acting.asker.workspace_id, acting.asker.person_id)

    rows = run(work)
    print_json(rows) if as_json else print_rows(rows, "id", "rule", "since", "item", "text")


def speaker(workspace: str | None, token: str | None) -> Chosen:
    """Who acts, by a token: words are somebody's own; raises UnknownName."""
    if not token:
        raise UnknownName("say who you are: set PUSHBACK_TOKEN, which pushback token issue PERSON prints")
    return Chosen(workspace, token)


def _item(known: tuple[str, ...], wanted: str) -> str:
    if len(known) > 1:
        raise UnknownName(f"{len(known)} items are called {wanted!r}; give an id: {', '.join(known)}")
    return known[0] if known else wanted


def _said(done: Done) -> Said:
    return Said(done.subject_id, done.position)


def _print(said: Said, *, as_json: bool) -> None:
    print_json(said) if as_json else click.echo(said.id)
