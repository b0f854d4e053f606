"""`pushback erase`: forget what people typed, or a name, for a legal reason."""

import click

from cli.choosing import Chosen, act, acting_options, find
from cli.terminal.session import run
from infra.backend import Backend
from infra.people.erasure import Erasure
from infra.uuid7 import uuid7


@click.group()
def erase() -> None:
    """Forget what people typed, or a name, for a legal reason. What they decided stays, and stays provable."""


basis_option = click.option("--basis", required=True, metavar="TEXT", help="The legal reason; it is recorded.")


@erase.command()
@click.argument("positions", nargs=-1, required=True, type=click.IntRange(min=1))
@basis_option
@acting_options
def entries(positions: tuple[int, ...], basis: str, workspace: str | None, token: str | None) -> None:
    """Erase the texts of the entries at these POSITIONS of the ledger. It cannot be undone."""

    async def work(backend: Backend) -> int:
        acting = await act(backend, Chosen(workspace, token))
        erasure = Erasure(backend.cluster, backend.ledger, backend.deciding)
        done = await erasure.erase_prose(acting.asker, uuid7(), positions, basis)
        await backend.projector.catch_up(acting.asker.workspace_id)
        return done.position

    click.echo(f"Erased; the ledger says so at position {run(work)}.")


@erase.command()
@click.argument("person")
@basis_option
@acting_options
def name(person: str, basis: str, workspace: str | None, token: str | None) -> None:
    """Erase the name, e-mail address and account of PERSON (name or id). It cannot be undone."""

    async def work(backend: Backend) -> int:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        erasure = Erasure(backend.cluster, backend.ledger, backend.deciding)
        done = await erasure.erase_name(acting.asker, uuid7(), found.id, basis)
        await backend.projector.catch_up(acting.asker.workspace_id)
        return done.position

    click.echo(f"Erased; the ledger says so at position {run(work)}.")
