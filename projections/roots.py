"""Where queries begin: one row by its id, or a connection over all rows of a kind."""

from dataclasses import dataclass

from projections.declare import Many
from projections.rows.items import WITHDRAWN
from projections.turns import falls_to, teams_of


@dataclass(frozen=True)
class ById:
    """The row of `target` with the id given; null for an id that is unknown, malformed or of another workspace."""

    target: str
    doc: str = ""


@dataclass(frozen=True)
class All(Many):
    """A connection over all rows of `target`; arguments named in `required` must be given.

    `given` are further arguments that must be given: ids, by whose names a `where` calls them.
    """

    required: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


_ITEMS_BY = (
    "team_id", "track", "kind", "status", "author_id",
    "source", "source_key", "source_kind", "tracker_status", "tracker_merge",
)  # fmt: skip
_PUSHBACKS_BY = (
    "team_id", "track", "state", "stance", "reason", "reason_category", "reason_code", "outcome",
    "raiser_id", "holder_id", "author_id", "turn_id", "item_id", "raiser_role", "author_role",
)  # fmt: skip


def between(one: str, other: str) -> str:
    """The condition that a pushback stands between two people, whoever of them raised or joined it."""
    raisers = "ARRAY[{{row}}.raiser_id, {{row}}.holder_id] || {{row}}.joined_ids"
    sides = f"({{{{row}}}}.author_id = {{}} AND {{}} = ANY({raisers}))"
    return f"{sides.format(one, other)} OR {sides.format(other, one)}"


ROOTS: dict[str, ById | All] = {
    "workspace": ById("Workspace", "The workspace; there is one, the asker's."),
    "item": ById("Item", "A backlog item with everything on it."),
    "pushback": ById("Pushback", "A pushback."),
    "question": ById("Question", "A question on an item."),
    "sign_off": ById("SignOff", "A sign-off."),
    "sign_off_request": ById("SignOffRequest", "A request for a sign-off."),
    "definition": ById("Definition", "A version of what ready or done means."),
    "verdict": ById("Verdict", "What somebody said of an item in another tool."),
    "round": ById("EstimationRound", "An estimation round."),
    "person": ById("Person", "A person."),
    "refusal": ById("RecordedRefusal", "A refusal that was recorded."),
    "added_reason": ById("ReasonCode", "A reason for pushing back that the workspace added."),
    "policy_version": ById("PolicyVersion", "A version of a policy."),
    "team": ById("Team", "A team."),
    "teams": All("Team", "", order="id", by=("kind",), doc="All teams."),
    "people": All("Person", "", order="id", doc="Everybody who is registered."),
    "backlog": All(
        "Item",
        "",
        order="rank, id",
        by=("team_id", "track", "kind", "status"),
        required=("team_id",),
        doc="A team's backlog in its order; name the track for the functional or the technical one, the status for "
        "withdrawn items.",
        hides=WITHDRAWN,
    ),
    "items": All(
        "Item",
        "",
        order="changed DESC",
        by=_ITEMS_BY,
        doc="Items, last changed first.",
    ),
    "pushbacks": All("Pushback", "", order="raised DESC", by=_PUSHBACKS_BY, doc="The audit list, newest first."),
    "disagreements": All(
        "Pushback",
        "",
        order="raised DESC",
        by=("team_id", "track", "state", "stance", "reason", "outcome", "raiser_role"),
        where=between("{person}", "{other}"),
        given=("person", "other"),
        doc="Between two people: what one of them raised, took over or joined on an item of the other's; newest first.",
    ),
    "questions": All(
        "Question",
        "",
        order="asked DESC",
        by=("team_id", "state", "asker_id", "routed_to_id", "turn_id", "item_id"),
        doc="Questions, newest first; name the turn for those that wait for a person.",
    ),
    "sign_offs": All(
        "SignOff",
        "",
        order="granted DESC",
        by=("item_id", "team_id", "signer_id", "label", "state", "acting_role", "definition_id"),
        doc="Who accepted what, under which role, by which definition; newest first.",
    ),
    "sign_off_requests": All(
        "SignOffRequest",
        "",
        order="requested DESC",
        by=("item_id", "team_id", "label", "state", "requester_id", "asked_id", "turn_id"),
        doc="Who was asked to sign what, newest first; name the turn for those that wait for a person.",
    ),
    "definitions": All(
        "Definition",
        "",
        order="adopted DESC",
        by=("team_id", "use", "track", "kind", "state"),
        doc="What ready and done mean, newest first; without a team, everybody's.",
    ),
    "attention": All(
        "Turn",
        "",
        order="given, id",
        by=("team_id", "item_id", "rule"),
        where=falls_to("{row}", "{person}"),
        among=("team_id", teams_of("{person}")),
        given=("person",),
        doc="What waits for a person, longest first: their own turns, and those of people who are not there.",
    ),
    "turns": All(
        "Turn",
        "",
        order="given, id",
        by=("team_id", "item_id", "person_id", "rule"),
        doc="Whose turn it is, for everything that is open; waiting longest first.",
    ),
    "verdicts": All(
        "Verdict",
        "",
        order="recorded DESC",
        by=("item_id", "team_id", "person_id", "source", "kind", "state"),
        doc="What people said in another tool, newest first; none is a sign-off here.",
    ),
    "delegation": ById("Delegation", "A delegation."),
    "delegations": All(
        "Delegation", "", order="id", by=("team_id", "from_id", "person_id"), doc="Who may or might use whose powers."
    ),
    "rounds": All(
        "EstimationRound",
        "",
        order="opened DESC",
        by=("item_id", "team_id", "state", "opener_id", "turn_id"),
        doc="Estimation rounds, newest first.",
    ),
    "role_assignments": All(
        "RoleAssignment", "", order="id", by=("team_id", "person_id", "role"), doc="Who holds or held which role."
    ),
    "refusals": All(
        "RecordedRefusal",
        "",
        order="recorded DESC",
        by=("team_id", "item_id", "person_id", "command", "code", "label"),
        period="recorded",
        doc="What the rules refused at a gate, and to whom; newest first.",
    ),
    "reasons": All(
        "ReasonCode",
        "",
        order="number",
        by=("category", "is_retired"),
        doc="The reasons for pushing back that the workspace added to those that everybody has.",
    ),
    "webhook": ById("Webhook", "Another system that is or was told what happens."),
    "webhooks": All(
        "Webhook", "", order="registered DESC", doc="Which other systems are or were told what happens, newest first."
    ),
    "policy_versions": All(
        "PolicyVersion",
        "",
        order="adopted DESC",
        by=("team_id", "track"),
        doc="What was adopted as policy, newest first; name neither team nor track for all of it.",
    ),
    "events": All(
        "Event", "", order="position", by=("subject_id", "kind", "actor_id"), period="position", doc="The ledger."
    ),
}
"""Each root field of the query type that is answered by SQL. `Event` is the table of entries."""
