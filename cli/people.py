"""`pushback person`, `team` and `role`: who is there, in which teams, with which roles."""

from datetime import datetime
from typing import Final

import click

from cli.choosing import (
    Acting,
    Chosen,
    act,
    acting_options,
    choose_workspace,
    directory_of,
    find,
    moment,
    workspace_option,
)
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run
from domain.events.people import PersonKind, Role, TeamKind
from infra.backend import Backend
from infra.people.directory import Assignment, Person, Team
from infra.people.registration import register_person
from infra.uuid7 import uuid7

_ROLES: Final = [role.value.lower().replace("_", "-") for role in Role]
_KINDS: Final = [kind.value.lower() for kind in TeamKind]


@click.group()
def person() -> None:
    """People: registered once, known by their id for ever, by their name until it is erased."""


@person.command(name="add")
@click.argument("name")
@click.option("--email", help="Kept outside the ledger, like the name.")
@click.option("--account", help="Their account in another tool, by which an import knows them.")
@click.option("--service", "is_service", is_flag=True, help="A program: it may draft and object, and never decides.")
@acting_options
def add_person(  # noqa: PLR0917 - click gives them by name
    name: str,
    email: str | None,
    account: str | None,
    is_service: bool,  # noqa: FBT001 - an option of the command line
    workspace: str | None,
    token: str | None,
) -> None:
    """Register a person, or a program that acts in its own name, and print their id."""

    async def work(backend: Backend) -> str:
        acting = await act(backend, Chosen(workspace, token))
        kind = PersonKind.SERVICE if is_service else PersonKind.HUMAN
        said = {"name": name, "email": email, "account": account, "kind": kind}
        done = await register_person(backend.deciding, backend.ledger, acting.asker, uuid7(), said)
        await backend.projector.reach(acting.asker.workspace_id, done.position)
        return done.subject_id

    click.echo(run(work))


@person.command(name="list")
@workspace_option
@json_option
def list_people(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List everybody in a workspace."""

    async def work(backend: Backend) -> tuple[Person, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await (await directory_of(backend, chosen.workspace_id)).people()

    rows = run(work)
    print_json(rows) if as_json else print_rows(rows, "id", "name", "email", "account")


@click.group()
def team() -> None:
    """Teams: each has one backlog."""


@team.command(name="add")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), default=_KINDS[0], show_default=True, help="What it delivers.")
@acting_options
def add_team(name: str, kind: str, workspace: str | None, token: str | None) -> None:
    """Form a team and print its id."""

    async def work(backend: Backend) -> str:
        acting = await act(backend, Chosen(workspace, token))
        return (await acting.do("form_team", None, name=name, kind=TeamKind(kind.upper()))).subject_id

    click.echo(run(work))


@team.command(name="list")
@workspace_option
@json_option
def list_teams(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List the teams of a workspace."""

    async def work(backend: Backend) -> tuple[Team, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await (await directory_of(backend, chosen.workspace_id)).teams()

    rows = run(work)
    print_json(rows) if as_json else print_rows(rows, "id", "name", "kind")


@click.group()
def role() -> None:
    """Roles: who may do what, in a team or in the whole workspace, from when until when."""


@role.command(name="assign")
@click.argument("person")
@click.argument("role", type=click.Choice(_ROLES))
@click.option("--team", help="Its name or id. Without it the role holds in the whole workspace.")
@click.option("--from", "starts", type=moment, metavar="TIME", help="From when; from now on, unless given.")
@click.option("--until", "ends", type=moment, metavar="TIME", help="Until when; open, unless given.")
@click.option("--why", help="Why, for those who read the ledger later.")
@acting_options
def assign_role(  # noqa: PLR0917 - click gives them by name
    person: str,
    role: str,
    team: str | None,
    starts: datetime | None,
    ends: datetime | None,
    why: str | None,
    workspace: str | None,
    token: str | None,
) -> None:
    """Give PERSON (name or id) a ROLE and print the assignment's id."""

    async def work(backend: Backend) -> str:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        given: dict[str, object] = {
            "role": Role(role.upper().replace("-", "_")),
            "starts_at": starts,
            "ends_at": ends,
            "why": why,
        }
        return await _assign(acting, found.id, team, given)

    click.echo(run(work))


@role.command(name="hand-over")
@click.argument("team")
@click.argument("person")
@click.option("--why", required=True, help="Why, for those who read the ledger later.")
@acting_options
def hand_over(team: str, person: str, why: str, workspace: str | None, token: str | None) -> None:
    """Make PERSON the product owner of TEAM in place of who is, and print the new assignment's id."""

    async def work(backend: Backend) -> str:
        acting = await act(backend, Chosen(workspace, token))
        to = find(await acting.directory.people(), person, "person")
        place = find(await acting.directory.teams(), team, "team")
        return (await acting.do("hand_over_product_owner", place.id, person=to.id, why=why)).subject_id

    click.echo(run(work))


async def _assign(acting: Acting, person_id: str, team: str | None, given: dict[str, object]) -> str:
    if team is None:
        workspace = acting.asker.workspace_key
        return (await acting.do("assign_workspace_role", workspace, person=person_id, **given)).subject_id
    found = find(await acting.directory.teams(), team, "team")
    return (await acting.do("assign_role", found.id, person=person_id, **given)).subject_id


@role.command(name="end")
@click.argument("assignment")
@click.option("--why", help="Why, for those who read the ledger later.")
@acting_options
def end_role(assignment: str, why: str | None, workspace: str | None, token: str | None) -> None:
    """End the assignment with this id (asg_...). What was done in the role stays valid."""

    async def work(backend: Backend) -> None:
        acting = await act(backend, Chosen(workspace, token))
        known = [each for each in await acting.directory.assignments() if each.id == assignment]
        is_team = bool(known) and known[0].team_id is not None
        await acting.do("end_role" if is_team else "end_workspace_role", assignment, why=why)

    run(work)


@role.command(name="list")
@workspace_option
@json_option
def list_roles(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List who holds or held which role."""

    async def work(backend: Backend) -> tuple[Assignment, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await (await directory_of(backend, chosen.workspace_id)).assignments()

    rows = run(work)
    columns = ("id", "person", "role", "team", "starts_at", "ends_at", "is_held")
    print_json(rows) if as_json else print_rows(rows, *columns)
