"""Refusals about pushbacks."""

from domain.refusals.refused import Refused


class UnknownPushback(Refused):
    """There is no such pushback in this workspace; check the id."""


class LiftsWhenRequired(Refused):
    """A block says what would lift it; add one sentence, or raise it as advisory."""


class AnchorNotFound(Refused):
    """The item says nothing there; point at a section that says something, or at a criterion by number: criteria/2."""


class StillOpen(Refused):
    """That pushback has not ended, so it cannot come back; say it there."""

    suggested = ("amend_pushback", "reject_answer")


class OnlyAnAnswerFixes(Refused):
    """Only an answer names the revision that fixes it; leave out the kind, or the revision."""


class OwnItem(Refused):
    """Nobody pushes back on an item they drafted; revise it."""

    suggested = ("revise_item",)


class OwnPushback(Refused):
    """Nobody answers, concedes or overrides a pushback they raised; somebody else does, or withdraw it."""

    suggested = ("withdraw_pushback",)


class AlreadyTerminal(Refused):
    """This pushback has ended and stays as it ended; raise a new one if the concern is back."""

    suggested = ("raise_pushback",)


class NothingToSettle(Refused):
    """Nobody has answered this pushback yet; withdraw it if it is no longer a concern."""

    suggested = ("withdraw_pushback",)


class IsHeld(Refused):
    """Who raised this still has time to say what the concern is; until then they say it, or withdraw."""

    suggested = ("substantiate_hold", "withdraw_pushback")


class NotHeld(Refused):
    """This pushback holds nothing: what the concern is has been said; say it in other words, or withdraw."""

    suggested = ("amend_pushback", "withdraw_pushback")


class HeldBefore(Refused):
    """You had your time to look into what this item says; push back, or wait until more than its wording changes."""

    suggested = ("raise_pushback",)


class AlreadyJoined(Refused):
    """This pushback is yours already, or you joined it; say more in one of your own."""

    suggested = ("raise_pushback", "leave_pushback")


class SpokeForItem(Refused):
    """Who answered this pushback or goes ahead over it does not join it; agree with it by conceding."""

    suggested = ("concede_pushback", "rescind_override")


class NotJoined(Refused):
    """You have not joined this pushback; whose it is withdraws it."""

    suggested = ("join_pushback", "withdraw_pushback")


class TalkedAlone(Refused):
    """A conversation takes somebody else; name who was there besides you."""


class NotHeldYet(Refused):
    """A conversation is noted once it was held; say when that was, or leave it out."""


class UnknownConversation(Refused):
    """No conversation of this number is noted on this pushback; check the number."""


class NothingToConfirm(Refused):
    """Only who is named in a noted conversation, and has not yet said so, says whether it was as noted."""

    suggested = ("note_conversation",)


class NobodyIsSilent(Refused):
    """This pushback does not wait for its raiser's word like that, so nothing happens to it by itself."""


class RaiserOnly(Refused):
    """Only the person whose pushback this is can say that: who raised it, or took it over."""

    suggested = ("answer_pushback", "concede_pushback")


class ItemSideOnly(Refused):
    """Only the item's author or an owner of its track can say that."""


class NotLaterRevision(Refused):
    """A concern can only be fixed by a revision made after it was raised; revise the item first."""

    suggested = ("revise_item",)
