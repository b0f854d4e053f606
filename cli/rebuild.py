"""`pushback rebuild`: fold the read models anew from the ledger."""

import sys
import time

import click

from cli.choosing import choose_workspace
from cli.terminal.printing import json_option, print_json
from cli.terminal.session import run
from infra.backend import Backend
from infra.folding.rebuild import rebuild_all, rebuild_workspace
from infra.people.directory import workspaces


@click.command()
@click.option("-w", "--workspace", envvar="PUSHBACK_WORKSPACE", help="Only this one, by name or id.")
@json_option
def rebuild(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """Fold the read models of all workspaces, or of one, again. Meanwhile the old ones answer."""
    begun = time.monotonic()
    entries = run(lambda backend: _rebuild(backend, workspace))
    seconds = round(time.monotonic() - begun, 3)
    if as_json:
        print_json({"entries": entries, "seconds": seconds})
    else:
        click.echo(f"{entries:,} entries folded in {seconds} s.")


async def _rebuild(backend: Backend, name: str | None) -> int:
    chosen = [await choose_workspace(backend, name)] if name else await workspaces(backend.cluster)
    total = sum(each.position for each in chosen)
    with click.progressbar(length=total, label="Folding", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        if name:
            return await rebuild_workspace(backend.cluster, chosen[0].workspace_id, bar.update)
        return await rebuild_all(backend.cluster, bar.update)
