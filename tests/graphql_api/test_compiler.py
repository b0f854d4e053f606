"""Queries as one SQL statement, against the oracle."""

from domain.entry import EVENTS
from domain.ids import stream_key
from tests.graphql_api.conftest import Desk
from tests.graphql_api.oracle import text
from tests.graphql_api.world import kinds

ITEM = """query($id: ID!) { item(id: $id) {
  id title narrative why criteria points isBlocked author { id name } team { id name }
  currentRevision { number digest sectionDigests { section digest } }
  pushbacks(first: 3) { totalCount nodes { id statement state raised { recordedAt } } pageInfo { hasNextPage endCursor } }
  history(last: 5) { nodes { __typename position kind actor { name } ... on PushbackRaised { pushback { id } stance }
    ... on ItemRevised { revision { number } changedSections } } }
} }"""


def test_the_world_has_every_kind_of_event(desk: Desk) -> None:
    assert kinds(desk.told.entries) == set(EVENTS.values())


async def test_an_item_with_everything_on_it(desk: Desk) -> None:
    for stream_id in desk.told.world.items:
        variables = {"id": stream_key("itm", stream_id)}
        assert text(await desk.compiled(ITEM, variables)) == text(desk.expected(ITEM, variables))
