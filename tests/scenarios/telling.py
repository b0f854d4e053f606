"""How the stories are told: it is a certain hour, somebody does something, others see it, also as it was then.

What people do are real commands on a real ledger, in the time of the story; what they see comes from the API. Time
passes only by `it_becomes`, and what is due by then happens by itself.
"""

from datetime import UTC, datetime
from typing import Any, Final

from domain.events.people import Role
from domain.ids import PersonId, parse
from domain.refusals import Refused
from infra.backend import Backend
from infra.deciding import Asker, Deciding, Done, Request
from infra.people.registration import open_workspace, register_person
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.graphql_api.client import Client

BEGIN: Final = "2025-01-06 08:00"
"""A Monday. All stories begin with a team that was formed an hour before work starts."""

TEAM: Final = {
    "Paula": (Role.PRODUCT_OWNER,),
    "Tom": (Role.TECHNICAL_PRODUCT_OWNER,),
    "Arno": (Role.ARCHITECT, Role.DEVELOPER),
    "Dora": (Role.DEVELOPER,),
    "Sam": (Role.SCRUM_MASTER,),
}
"""Who is there, unless a story says otherwise; Ada administers the workspace."""

ROOTS: Final = {"itm": "item", "pbk": "pushback", "sof": "signOff", "rnd": "round"}
"""The field of the API that shows a thing, by how its id begins."""


def moment(said: str) -> datetime:
    """'2025-01-06 08:00', in UTC."""
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


class Story:
    """A workspace, its people by name, and the hour it is."""

    def __init__(self, backend: Backend, ada: Asker) -> None:
        self.backend = backend
        self.people = {"Ada": ada}
        self.team = ""
        self.now = moment(BEGIN)
        self.client: Client

    def id(self, name: str) -> PersonId:
        """The id of somebody."""
        return self.people[name].person_id

    async def it_becomes(self, hour: str) -> None:
        """Time passes, and what is due by then happens in its time."""
        await self.backend.scheduler.run_until(self.people["Ada"].workspace_id, moment(hour))
        self.now = moment(hour)

    async def does(self, name: str, what: str, on: str | None = None, /, **said: Any) -> str:
        """Somebody does something ('raise pushback') to a thing; gives the id of what came of it."""
        return (await self.done(name, what, on, **said)).subject_id

    async def done(self, name: str, what: str, on: str | None = None, /, **said: Any) -> Done:
        """The same, with everything that was recorded."""
        request = Request(
            asker=self.people[name],
            command=what.replace(" ", "_"),
            command_id=uuid7(),
            target=on,
            arguments=said,
            occurred_at=self.now,
        )
        return await self.backend.deciding.execute(request)

    async def is_refused(self, name: str, what: str, on: str | None = None, /, **said: Any) -> Refused:
        """Somebody tries something that the rules do not allow; gives why not."""
        try:
            await self.done(name, what, on, **said)
        except Refused as refused:
            return refused
        raise AssertionError(f"{name} was allowed to {what}")

    async def joins(self, name: str, *roles: Role) -> None:
        """Somebody new comes to the team, and is given a token."""
        backend, ada = self.backend, self.people["Ada"]
        done = await register_person(
            backend.deciding, backend.ledger, ada, uuid7(), {"name": name}, occurred_at=self.now
        )
        self.people[name] = Asker(workspace_id=ada.workspace_id, person_id=PersonId(done.subject_id))
        for role in roles:
            await self.does("Ada", "assign role", self.team, person=done.subject_id, role=role)
        await self.gets_a_token(name)

    async def gets_a_token(self, name: str) -> None:
        """They may ask the API from now on."""
        person_id = self.id(name)
        issue = self.backend.credentials.issue
        self.client.tokens[person_id] = await issue(
            self.people["Ada"], uuid7(), person_id, "story", occurred_at=self.now
        )

    async def drafts(self, name: str, title: str, /, **said: Any) -> str:
        """Somebody writes an item."""
        return await self.does(name, "draft item", team=self.team, title=title, **said)

    async def digest(self, item: str) -> str:
        """What identifies the words of an item as they are now."""
        return str((await self.sees("Ada", item, "digest"))["digest"])

    async def revises(self, name: str, item: str, /, **said: Any) -> str:
        """Somebody changes an item; gives the id of the new revision."""
        await self.does(name, "revise item", item, expected_digest=await self.digest(item), **said)
        return str((await self.sees(name, item, "currentRevision { id }"))["currentRevision"]["id"])

    async def signs(self, name: str, item: str, /, **said: Any) -> str:
        """Somebody signs what an item says now."""
        return await self.does(name, "grant sign off", item, expected_digest=await self.digest(item), **said)

    async def sees(self, name: str, thing: str, fields: str, at: str | None = None) -> Any:
        """What the API shows somebody of a thing; with `at`, as it was then."""
        root = ROOTS[parse(thing).prefix]
        query = f"query($id: ID!, $asOf: AsOf) {{ {root}(id: $id, asOf: $asOf) {{ {fields} }} }}"
        return (await self.asks(name, query, at, id=thing))[root]

    async def asks(self, name: str, query: str, at: str | None = None, **said: Any) -> Any:
        """The answer to any question to the API, once all that happened can be seen."""
        await self.backend.projector.catch_up(self.people["Ada"].workspace_id)
        then = {"time": moment(at).isoformat()} if at else None
        return await self.client.ask(self.people[name], query, asOf=then, **said)


async def begin(backend: Backend) -> Story:
    """A workspace is opened and a team formed; nobody is in it."""
    story = Story(backend, await open_workspace(backend.ledger, "Radio North", "Ada", moment(BEGIN)))
    story.team = await story.does("Ada", "form team", name="Player")
    return story


def cast_of(story: Story, deciding: Deciding) -> Cast:
    """The administrator in every part: who calls the API is said call by call."""
    ada = story.people["Ada"]
    return Cast(deciding, ada, ada, ada, ada, ada, story.team)
