"""What the demo prints: where it is, links that open the page as each of two who disagree, and operations to paste."""

from datetime import datetime
from typing import Final

import msgspec

_BACKLOG: Final = """\
query OpenPushbacks {
  # Add asOf: {time: "%(half_way)s"} after the team to see it as it was then.
  backlog(team: "%(team_id)s", first: 20) {
    totalCount
    nodes {
      title status points isBlocked openPushbackCount
      author { name }
      pushbacks(first: 3) {
        nodes { statement stance reason state liftsWhen raiser { name } turn { name } }
      }
    }
  }
}"""
_ANSWER: Final = """\
mutation Answer {
  answerPushback(input: {
    pushback: "%(pushback_id)s"
    text: "Midnight in the country where it is shown; I make it a criterion."
  }) {
    ... on PushbackSuccess {
      position
      subject {
        state
        turn { name }
        item { title history(last: 10) { nodes { position kind effectiveAt actingRole actor { name } } } }
      }
    }
    ... on Refusal { code message whoCould { roles people { name } } suggested }
  }
}"""
_FOLLOW: Final = """\
subscription Follow {
  events(after: %(after)s) {
    position kind effectiveAt actingRole
    actor { name }
    ... on PushbackRaised { statement liftsWhen }
    ... on PushbackResponded { text }
    ... on PushbackVerificationRejected { why }
  }
}"""
_TAIL_ENTRIES: Final = 12


class Speaker(msgspec.Struct, frozen=True):
    """A person and their token."""

    name: str
    token: str


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is; `position` is the last one of the ledger."""

    page: str
    graphiql: str
    graphql: str
    product_owner: Speaker
    architect: Speaker
    team_id: str
    item_id: str
    pushback_id: str
    position: int
    half_way: datetime

    @property
    def operations(self) -> dict[str, str]:
        """By what one sees in them."""
        names = {
            "team_id": self.team_id,
            "pushback_id": self.pushback_id,
            "half_way": self.half_way.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "after": max(0, self.position - _TAIL_ENTRIES),
        }
        return {
            "A backlog with what is held against it": _BACKLOG % names,
            "An answer by the product owner, and the item's story (the architect is told why not)": _ANSWER % names,
            "What happens from now on, after the last dozen events": _FOLLOW % names,
        }


def as_text(guide: Guide) -> str:
    """For people."""
    operations = "\n\n".join(f"# {what}\n{text}" for what, text in guide.operations.items())
    return f"""
Page       {guide.page}
GraphiQL   {guide.graphiql}
GraphQL    {guide.graphql} (also from pages of other ports of this machine)

Two who disagree: open one link in your browser, the other in a private window or another browser
  {guide.product_owner.name}, product owner:  {guide.page}#token={guide.product_owner.token}
  {guide.architect.name}, architect:  {guide.page}#token={guide.architect.token}

Their tokens; send one as the header  Authorization: Bearer <token>
  {guide.product_owner.name}, product owner:  {guide.product_owner.token}
  {guide.architect.name}, architect:  {guide.architect.token}

GraphiQL as each of them
  {guide.graphiql}#token={guide.product_owner.token}
  {guide.graphiql}#token={guide.architect.token}

{operations}

Ctrl-C ends it; the data stays, and pushback demo goes on with it.
"""


def as_data(guide: Guide) -> dict[str, object]:
    """For programs."""
    return {**msgspec.to_builtins(guide), "operations": list(guide.operations.values())}
