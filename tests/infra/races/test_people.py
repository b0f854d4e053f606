"""Two people act on who owns a team at once, in two processes: its version decides, and everybody can see why."""

import asyncio
from typing import Any, Final

from domain import ids
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.refusals import NotAuthorised
from domain.state.team import Team
from infra.deciding import Asker, Done
from infra.ledger import Ledger
from infra.states import States
from tests.cast import Cast, do
from tests.infra.test_deciding import Process, cast, digest_of, here, there  # noqa: F401 - fixtures

ROUNDS: Final = 6
HANDED: Final[dict[str, Any]] = {"why": "A new product"}


async def owners(ledger: Ledger, cast: Cast) -> dict[str, str]:  # noqa: F811 - a fixture
    """The Product Owners of the team, by the ids of their assignments."""
    known = await States(ledger).load(cast.ada.workspace_id, ids.stream_id(cast.team), Team)
    owning = [grant for grant in known.state.grants.values() if grant.role is Role.PRODUCT_OWNER]
    return {grant.assignment_id: grant.person_id for grant in owning}


async def test_two_who_hand_over_at_once_leave_one_owner_and_each_says_by_what(
    cast: Cast,  # noqa: F811 - a fixture
    here: Process,  # noqa: F811 - a fixture
    there: Process,  # noqa: F811 - a fixture
) -> None:
    people: dict[str, Asker] = {each.person_id: each for each in (cast.paula, cast.arno, cast.dora)}
    for _ in range(ROUNDS):
        ((assignment, owner_id),) = (await owners(here.ledger, cast)).items()
        owner, (first, second) = people[owner_id], [key for key in people if key != owner_id]
        handed = await asyncio.gather(
            cast.do(owner, "hand_over_product_owner", cast.team, person=first, **HANDED),
            do(there.deciding, owner, "hand_over_product_owner", cast.team, person=second, **HANDED),
            return_exceptions=True,
        )
        (done,) = [each for each in handed if isinstance(each, Done)]
        assert [type(each) for each in handed if not isinstance(each, Done)] == [NotAuthorised]
        assert {entry.act.authorised_by for entry in done.entries} == {assignment}
        assert await owners(here.ledger, cast) == {done.subject_id: done.entries[0].event.person_id}  # type: ignore[attr-defined]


async def test_who_hands_over_accepts_an_item_before_that_or_not_at_all(
    cast: Cast,  # noqa: F811 - a fixture
    here: Process,  # noqa: F811 - a fixture
    there: Process,  # noqa: F811 - a fixture
) -> None:
    owner, heir = cast.paula, cast.dora
    for _ in range(ROUNDS):
        item = await cast.do(cast.tom, "draft_item", team=cast.team, title="Keep listening data")
        ((assignment, _),) = (await owners(here.ledger, cast)).items()
        said: dict[str, Any] = {"label": Label.ACCEPTANCE, "expected_digest": digest_of(item)}
        accepted, handed = await asyncio.gather(
            cast.do(owner, "grant_sign_off", item.subject_id, **said),
            do(there.deciding, owner, "hand_over_product_owner", cast.team, person=heir.person_id, **HANDED),
            return_exceptions=True,
        )
        assert isinstance(handed, Done)
        if isinstance(accepted, Done):
            assert accepted.entries[0].act.authorised_by == assignment
            assert accepted.entries[0].position < handed.entries[0].position
        else:
            assert isinstance(accepted, NotAuthorised)
        owner, heir = heir, owner
