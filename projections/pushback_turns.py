"""Whose turn a pushback is, by its row."""

from domain.authority import HOLDERS, Power, ownership
from domain.events.endings import Debt
from domain.ids import PersonId
from projections.rows.pushback_row import Pushback, PushbackState
from projections.turns import TurnRule, Whose

_RULING = (Power.RULE_ON_ESCALATION, Power.STAND_IN_FOR_CHIEFS)
_ARBITERS: tuple[str, ...] = (*HOLDERS[Power.RULE_ON_ESCALATION], *HOLDERS[Power.STAND_IN_FOR_CHIEFS])


def whose(row: Pushback) -> Whose | None:
    """Whose turn it is: the item's side answers, also any owner of its track; the raiser settles.

    Nobody else settles or replies. An answer falls back to the item's side, who may concede, and a reply to the ladder.
    """
    raisers = (row.raiser_id, row.holder_id, *row.joined_ids)
    authors = () if row.author_id is None else (row.author_id,)
    owning = ownership(row.track)
    match row.state:
        case PushbackState.HELD:
            return Whose(TurnRule.SUBSTANTIATE_HOLD, row.turn_id, (), authors)
        case PushbackState.OPEN:
            return _holding(row, TurnRule.ANSWER_PUSHBACK, owning, raisers)
        case PushbackState.RESPONDED | PushbackState.AWAITING_VERIFICATION:
            return Whose(TurnRule.SETTLE_PUSHBACK, row.turn_id, HOLDERS[owning], raisers, authors, (owning,))
        case PushbackState.OVERRIDE_PENDING if row.understanding is None:
            return Whose(TurnRule.REPLY_TO_OVERRIDE, row.turn_id, (), authors)
        case PushbackState.OVERRIDE_PENDING:
            return _holding(row, TurnRule.STAND_BY_OVERRIDE, Power.OVERRIDE, raisers, needs=True)
        case PushbackState.ESCALATED:
            arbiters = row.arbiter_ids
            return Whose(
                TurnRule.RULE_ON_ESCALATION, row.turn_id, _ARBITERS, row.barred_ids, arbiters, _RULING, _RULING
            )
        case _ if row.owed is Debt.REQUIRED_CHANGE and row.change_made:
            return Whose(TurnRule.VERIFY_REQUIRED_CHANGE, row.turn_id, _ARBITERS, row.barred_ids, powers=_RULING)
        case _ if row.owed is Debt.REQUIRED_CHANGE:
            return _holding(row, TurnRule.MAKE_REQUIRED_CHANGE, owning, raisers)
        case _ if row.owed is Debt.RATIFICATION:
            part = tuple(dict.fromkeys(map(PersonId, row.overriding_ids)))
            is_another = row.turn_id != row.holder_id
            return _holding(row, TurnRule.RATIFY_OVERRIDE, Power.SECOND_OVERRIDE, part, needs=is_another)
        case _:
            return None


def _holding(
    row: Pushback, rule: TurnRule, power: Power, not_ids: tuple[PersonId, ...], *, needs: bool = False
) -> Whose:
    """A turn that falls to who holds this power, also for another; `needs` says that whose turn it is needs it too."""
    return Whose(rule, row.turn_id, HOLDERS[power], not_ids, powers=(power,), needs=(power,) if needs else ())
