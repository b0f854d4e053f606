"""How the broadcaster of the demo begins: people are registered, teams formed, roles given, one of them for a term."""

from datetime import timedelta
from typing import Final

from domain.events.people import Role
from infra.deciding import Done
from infra.demo.company import COMPANY, Cast
from infra.demo.stage import Career, Stage, Step

TERM_OWNER: Final = "Jonas Lindqvist"
TERM_TEAM: Final = "Archive"
TERM_STARTS: Final = timedelta(days=30)
TERM: Final = timedelta(days=92)
MOVER: Final = "Nils Abernathy"

_MOVES_AFTER: Final = timedelta(days=96)
_BEAT: Final = timedelta(seconds=19)


def founding(stage: Stage) -> Career:
    """Everybody and every team, in the first hours."""
    at, administrator = stage.period.start, COMPANY.administrator
    for name in (*COMPANY.people, TERM_OWNER, MOVER):
        at += _BEAT
        address = name.lower().replace(" ", ".") + "@halden.example"
        yield Step(at, administrator, "register_person", None, {"name": name, "email": address})
    at += _BEAT
    chief = {"person": stage.people[COMPANY.chief_architect], "role": Role.ARCHITECT}
    yield Step(at, administrator, "assign_workspace_role", stage.workspace, chief)
    for cast in COMPANY.teams:
        at += _BEAT
        yield Step(at, administrator, "form_team", None, {"name": cast.name, "kind": cast.kind})
        for role, name in _roles(cast):
            at += _BEAT
            arguments = {"person": stage.people[name], "role": role}
            yield Step(at, administrator, "assign_role", stage.teams[cast.name], arguments)


def _roles(cast: Cast) -> list[tuple[Role, str]]:
    technical = [(Role.TECHNICAL_PRODUCT_OWNER, cast.technical_owner)] if cast.technical_owner else []
    return [
        (Role.PRODUCT_OWNER, cast.owner),
        *technical,
        (Role.ARCHITECT, cast.architect),
        (Role.SCRUM_MASTER, cast.scrum_master),
        *((Role.DEVELOPER, name) for name in cast.developers),
    ]


def appointment(stage: Stage) -> Career:
    """A Technical Product Owner for three months, for one move of a database; the role ends by itself."""
    at = stage.period.start + TERM_STARTS
    arguments = {
        "person": stage.people[TERM_OWNER],
        "role": Role.TECHNICAL_PRODUCT_OWNER,
        "ends_at": at + TERM,
        "why": "For the move of the archive off its old database, three months.",
    }
    yield Step(at, COMPANY.administrator, "assign_role", stage.teams[TERM_TEAM], arguments)


def change_of_team(stage: Stage) -> Career:
    """A developer who leaves one team for another."""
    at, administrator = stage.period.start + timedelta(days=2), COMPANY.administrator
    arguments: dict[str, object] = {"person": stage.people[MOVER], "role": Role.DEVELOPER}
    joined: Done = yield Step(at, administrator, "assign_role", stage.teams["Live streaming"], arguments)
    at += _MOVES_AFTER
    why = {"why": "Joins the Delivery platform."}
    yield Step(at, administrator, "end_role", joined.subject_id, why)
    yield Step(at + _BEAT, administrator, "assign_role", stage.teams["Delivery platform"], arguments)


def audit(stage: Stage) -> Career:
    """The last thing that happens: the yearly audit begins."""
    arguments = {"person": stage.people[COMPANY.auditor], "role": Role.AUDITOR, "why": "The yearly audit begins."}
    yield Step(stage.period.end, COMPANY.administrator, "assign_workspace_role", stage.workspace, arguments)
