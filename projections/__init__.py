"""Read models: for each noun a row class, its relations, and a pure fold. Nothing here does I/O."""

from projections.declare import Projection
from projections.rows import (
    definitions,
    items,
    people,
    policies,
    pushbacks,
    questions,
    refusals,
    revisions,
    sign_off_requests,
    sign_offs,
    teams,
    turns,
    verdicts,
    webhooks,
)
from projections.rows.estimation import estimates, rounds, votes
from projections.rows.standing_in import delegations

PROJECTIONS: tuple[Projection, ...] = (
    items.PROJECTION,
    revisions.PROJECTION,
    pushbacks.PROJECTION,
    questions.PROJECTION,
    sign_offs.PROJECTION,
    sign_off_requests.PROJECTION,
    estimates.PROJECTION,
    verdicts.PROJECTION,
    delegations.PROJECTION,
    rounds.PROJECTION,
    votes.PROJECTION,
    people.PEOPLE,
    people.CREDENTIALS,
    people.WORKSPACES,
    teams.TEAMS,
    teams.ASSIGNMENTS,
    policies.PROJECTION,
    policies.REASONS,
    webhooks.PROJECTION,
    definitions.PROJECTION,
    refusals.PROJECTION,
    turns.PROJECTION,
)
"""Every read model. The item's comes first, for others read its row; what is derived from others' rows comes last."""
