"""A reason of the workspace's own: added, pushed back with, filtered by, retired and still told."""

from typing import Any, Final

from tests.graphql_api.client import Client

ADD: Final = """mutation($code: String!) { addReason(input: {code: $code, category: ARCHITECTURE,
  why: "It happened twice", description: "Nobody knows whether we may use it."}) {
  ... on ReasonCodeSuccess { subject { id code } }
  ... on Refusal { code } } }"""
PUSH: Final = """mutation($item: ID!, $code: String!) { raisePushback(input: {item: $item, statement: "May we?",
  reasonCode: $code}) { ... on PushbackSuccess { subject { id reason reasonCode reasonCategory } }
  ... on Refusal { code path unmet suggested } } }"""
RETIRE: Final = """mutation($code: String!) { retireReason(input: {code: $code, why: "Legal decides"}) {
  ... on ReasonCodeSuccess { position subject { isRetired retiredWhy } events { ... on ReasonRetired {
  addedReason { code } } } } ... on Refusal { code } } }"""
LISTED: Final = """query($asOf: AsOf) { reasons(first: 9, asOf: $asOf) { nodes { code category description isRetired } }
  pushbacks(first: 9, reasonCode: "LICENCE_UNCLEAR") { totalCount }
  none: pushbacks(first: 9, reasonCode: "TOO_LARGE") { totalCount } }"""


async def test_a_reason_is_added_used_found_and_retired(client: Client) -> None:
    cast, code = client.cast, "LICENCE_UNCLEAR"
    item = (await cast.item()).subject_id
    unknown = (await client.ask(cast.arno, PUSH, item=item, code=code))["raisePushback"]
    assert unknown == {
        "code": "UNKNOWN_REASON",
        "path": ["input", "reasonCode"],
        "unmet": [],
        "suggested": ["addReason"],
    }
    assert (await client.ask(cast.dora, ADD, code=code))["addReason"] == {"code": "NOT_AUTHORISED"}
    assert (await client.ask(cast.ada, ADD, code=code))["addReason"]["subject"]["code"] == code
    raised: Any = (await client.ask(cast.arno, PUSH, item=item, code=code))["raisePushback"]["subject"]
    assert (raised["reason"], raised["reasonCode"], raised["reasonCategory"]) == ("OTHER", code, "ARCHITECTURE")
    retired = (await client.ask(cast.ada, RETIRE, code=code))["retireReason"]
    assert retired["subject"] == {"isRetired": True, "retiredWhy": "Legal decides"}
    assert retired["events"] == [{"addedReason": {"code": code}}]
    told = {"code": code, "category": "ARCHITECTURE", "description": "Nobody knows whether we may use it."}
    seen = await client.ask(cast.dora, LISTED)
    assert seen["reasons"]["nodes"] == [{**told, "isRetired": True}]
    assert (seen["pushbacks"]["totalCount"], seen["none"]["totalCount"]) == (1, 0)
    earlier = await client.ask(cast.dora, LISTED, asOf={"position": retired["position"] - 1})
    assert earlier["reasons"]["nodes"] == [{**told, "isRetired": False}]
    assert (await client.ask(cast.arno, PUSH, item=item, code=code))["raisePushback"]["code"] == "UNKNOWN_REASON"
