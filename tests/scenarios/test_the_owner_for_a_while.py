"""An architect is technical product owner while the database is replaced, and an architect again afterwards."""

from typing import Any

from domain.events.item import Track
from domain.events.people import Role
from domain.events.sign_off import Label
from tests.scenarios.telling import Story, moment

HELD = """query($team: ID!, $person: ID!, $asOf: AsOf) {
  roleAssignments(team: $team, person: $person, first: 9, asOf: $asOf) {
    nodes { id role title startsAt endsAt ended { actorKind } } } }"""


async def test_the_technical_product_owner_for_a_database_replacement_reverts_to_his_old_role(story: Story) -> None:
    # Rolf is an architect. From Monday until the end of March he also owns the replacement of the database.
    await story.joins("Rolf", Role.ARCHITECT)
    await story.it_becomes("2025-01-06 09:00")
    appointed = await story.does(
        "Ada", "assign role", story.team, person=story.id("Rolf"), role=Role.TECHNICAL_PRODUCT_OWNER,
        title="Replaces the database", track=Track.TECHNICAL, ends_at=moment("2025-04-01 00:00"),
        why="He knows both databases",
    )  # fmt: skip
    item = await story.drafts("Dora", "Copy the archive to the new database", track=Track.TECHNICAL)

    # In February he accepts what was done, by that appointment.
    await story.it_becomes("2025-02-20 14:00")
    signed = await story.signs("Rolf", item, label=Label.ACCEPTANCE)
    by = {"actingRole": "TECHNICAL_PRODUCT_OWNER", "authorisedBy": appointed, "state": "LIVE"}
    assert await story.sees("Dora", signed, "actingRole authorisedBy state") == by

    # April comes. Nobody does anything, and the appointment is over; what he was before, he still is.
    other = await story.drafts("Dora", "Switch the old database off", track=Track.TECHNICAL)
    await story.it_becomes("2025-04-02 09:00")
    refused = await story.is_refused("Rolf", "grant sign off", other, label=Label.ACCEPTANCE, expected_digest="any")
    assert (refused.code, refused.who_could) == ("NOT_AUTHORISED", ("TECHNICAL_PRODUCT_OWNER", "PRODUCT_OWNER"))
    assert set(refused.person_ids) == {story.id("Paula"), story.id("Tom")}
    drawn = await story.signs("Rolf", other, label=Label.ARCHITECTURE)
    assert (await story.sees("Dora", drawn, "actingRole")) == {"actingRole": "ARCHITECT"}

    # What he accepted stays accepted.
    after = await story.sees("Dora", item, "status signOffs(first: 9) { nodes { state signer { name } } }")
    assert after["status"] == "ACCEPTED"
    assert after["signOffs"]["nodes"] == [{"state": "LIVE", "signer": {"name": "Rolf"}}]

    await he_was_entitled_then(story, signed, appointed)


async def he_was_entitled_then(story: Story, signed: str, appointed: str) -> None:
    # Was he entitled then? The signature names the appointment, and who looks at that day finds it in force.
    async def held(at: str | None = None) -> dict[str, Any]:
        said = {"team": story.team, "person": story.id("Rolf")}
        nodes = (await story.asks("Dora", HELD, at, **said))["roleAssignments"]["nodes"]
        return {one["role"]: one["ended"] for one in nodes}

    then = await story.sees("Dora", signed, "grantedAt authorisedBy")
    assert then == {"grantedAt": "2025-02-20T14:00:00+00:00", "authorisedBy": appointed}
    assert await held("2025-01-06 08:30") == {"ARCHITECT": None}
    assert await held("2025-02-20 14:00") == {"ARCHITECT": None, "TECHNICAL_PRODUCT_OWNER": None}
    assert await held("2025-04-02 09:00") == {"ARCHITECT": None, "TECHNICAL_PRODUCT_OWNER": {"actorKind": "SYSTEM"}}
