"""A small cast for tests: a workspace with one team, and the people who disagree in it."""

from typing import Any, NamedTuple
from uuid import UUID

from domain.events.people import Role
from domain.ids import PersonId
from infra.deciding import Asker, Deciding, Done, Request
from infra.ledger import Ledger
from infra.people.registration import open_workspace, register_person
from infra.uuid7 import uuid7


class Cast(NamedTuple):
    """The people, and the team's id."""

    deciding: Deciding
    ada: Asker  # administrator
    paula: Asker  # product owner
    tom: Asker  # technical product owner
    arno: Asker  # architect
    dora: Asker  # developer
    team: str

    async def do(self, who: Asker, command: str, target: str | None = None, **arguments: Any) -> Done:
        """Carry out a command with a fresh command id."""
        return await do(self.deciding, who, command, target, **arguments)

    async def item(self, title: str = "Keep listening data for 90 days", **arguments: Any) -> Done:
        """An item drafted by the product owner."""
        return await self.do(self.paula, "draft_item", team=self.team, title=title, **arguments)


async def do(
    deciding: Deciding,
    who: Asker,
    command: str,
    target: str | None = None,
    *,
    command_id: UUID | None = None,
    **arguments: Any,
) -> Done:
    """Carry out a command; with a fresh command id unless one is given."""
    request = Request(asker=who, command=command, command_id=command_id or uuid7(), target=target, arguments=arguments)
    return await deciding.execute(request)


async def assemble(ledger: Ledger, deciding: Deciding) -> Cast:
    """Open a workspace and appoint everybody."""
    ada = await open_workspace(ledger, "Radio North", "Ada")
    team = (await do(deciding, ada, "form_team", name="Player")).subject_id
    roles = {
        "Paula": Role.PRODUCT_OWNER,
        "Tom": Role.TECHNICAL_PRODUCT_OWNER,
        "Arno": Role.ARCHITECT,
        "Dora": Role.DEVELOPER,
    }
    people = []
    for name, role in roles.items():
        person = (await register_person(deciding, ledger, ada, uuid7(), {"name": name})).subject_id
        await do(deciding, ada, "assign_role", team, person=person, role=role)
        people.append(Asker(workspace_id=ada.workspace_id, person_id=PersonId(person)))
    paula, tom, arno, dora = people
    return Cast(deciding, ada, paula, tom, arno, dora, team)
