"""Why a command can be refused. The docstring is the message that the person reads: what is wrong, what to do now."""

import re
from typing import Any, ClassVar

REFUSALS: dict[str, type["Refused"]] = {}
"""Every refusal by its code. Codes are stable: clients branch on them."""


class Refused(Exception):
    """The rules do not allow this.

    `path` is the argument at fault, `unmet` what is missing in words, `who_could` the roles that may do it,
    `suggested` commands to try instead, `current` the digest that the content has now. Whoever gives the refusal to
    a person adds `person_ids`, who holds one of those roles, and `positions_since`, what happened since a stale digest.
    """

    code: ClassVar[str] = "REFUSED"
    suggested: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()
        REFUSALS[cls.code] = cls

    def __init__(
        self,
        *,
        path: str | None = None,
        unmet: tuple[str, ...] = (),
        who_could: tuple[str, ...] = (),
        current: str | None = None,
    ) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))
        self.path, self.unmet, self.who_could, self.current = path, unmet, who_could, current
        self.person_ids: tuple[str, ...] = ()
        self.positions_since: tuple[int, ...] = ()


class NotAuthorised(Refused):
    """Your roles here do not give the power to do this; somebody in one of the roles named can."""


class ServiceCannotDecide(Refused):
    """A service account records; it cannot sign, estimate, block or settle. A person has to do this."""


class UnknownItem(Refused):
    """There is no such item in this workspace; check the id."""


class UnknownTeam(Refused):
    """There is no such team in this workspace; check the id."""


class UnknownPerson(Refused):
    """There is no such person in this workspace; register them first."""


class UnknownWorkspace(Refused):
    """There is no such workspace."""


class UnknownPushback(Refused):
    """There is no such pushback in this workspace; check the id."""


class UnknownSignOff(Refused):
    """There is no such sign-off in this workspace; check the id."""


class UnknownQuestion(Refused):
    """There is no such question in this workspace; check the id."""


class UnknownRevision(Refused):
    """The item has no such revision; give the id of one it has."""


class UnknownAssignment(Refused):
    """There is no such role assignment that still holds; check the id."""


class UnknownCredential(Refused):
    """There is no such token that is still valid; check the id."""


class TextMissing(Refused):
    """This must say something; a few words are enough."""


class TextTooLong(Refused):
    """This text is longer than the ledger keeps for ever; shorten it, and link to the rest."""


class TextNotStorable(Refused):
    """This text holds a character that cannot be stored (NUL or half of a surrogate pair); remove it."""


class StaleDigest(Refused):
    """The item has changed since you read it; read what it says now, then decide again."""

    suggested = ("revise_item", "raise_pushback", "grant_sign_off")


class NothingChanged(Refused):
    """This says the same as before; change something or leave it."""


class NotEditorial(Refused):
    """Only the title and the narrative can change editorially; sign-offs of the rest are voided by any change."""


class LiftsWhenRequired(Refused):
    """A block says what would lift it; add one sentence, or raise it as advisory."""


class AnchorNotFound(Refused):
    """The item says nothing there; point at a section that says something, or at a criterion by number: criteria/2."""


class StillOpen(Refused):
    """That pushback has not ended, so it cannot come back; say it there."""

    suggested = ("amend_pushback", "reject_answer")


class OnlyAnAnswerFixes(Refused):
    """Only an answer names the revision that fixes it; leave out the kind, or the revision."""


class ItemIsWithdrawn(Refused):
    """This item was withdrawn, and only its history is left; draft a new one if it is wanted again."""

    suggested = ("draft_item",)


class OwnItem(Refused):
    """Nobody pushes back on an item they drafted; revise it."""

    suggested = ("revise_item",)


class OwnPushback(Refused):
    """Nobody answers or concedes a pushback they raised; somebody else of the item's side does, or withdraw it."""

    suggested = ("withdraw_pushback",)


class AlreadyTerminal(Refused):
    """This pushback has ended and stays as it ended; raise a new one if the concern is back."""

    suggested = ("raise_pushback",)


class NothingToSettle(Refused):
    """Nobody has answered this pushback yet; withdraw it if it is no longer a concern."""

    suggested = ("withdraw_pushback",)


class RaiserOnly(Refused):
    """Only the person whose pushback this is can say that: who raised it, or took it over."""

    suggested = ("answer_pushback", "concede_pushback")


class ItemSideOnly(Refused):
    """Only the item's author or an owner of its track can say that."""


class AskedOneself(Refused):
    """A question goes to somebody else; name another person, or leave it out."""


class NoRoleHere(Refused):
    """This person holds no role here, so nobody can expect an answer of them; name somebody who does."""


class NobodyToAsk(Refused):
    """Nobody else here would answer this as a rule; name the person who should."""


class NotAsked(Refused):
    """Only the person this question was put to, or an owner of the item's track, can say that."""


class OwnQuestion(Refused):
    """Nobody answers what they asked; close it if you know."""

    suggested = ("close_question",)


class AskerOnly(Refused):
    """Only the person who asked this can say that."""

    suggested = ("answer_question",)


class QuestionEnded(Refused):
    """This question has ended; ask again if something is still open."""

    suggested = ("ask_question",)


class NotLaterRevision(Refused):
    """A concern can only be fixed by a revision made after it was raised; revise the item first."""

    suggested = ("revise_item",)


class OpenBlockingPushback(Refused):
    """An open pushback blocks this item; settle it first."""

    suggested = ("answer_pushback", "settle_pushback", "withdraw_pushback")


class AlreadySigned(Refused):
    """You have already signed exactly this under this label."""


class NotLive(Refused):
    """This sign-off has already ended."""


class SignerOnly(Refused):
    """Only the signer can take a sign-off back."""


class OffScale(Refused):
    """An estimate is a number of story points from 0 to 1000."""


class RankNeedsNeighbour(Refused):
    """Say which item it comes below, or above which it goes, or both."""


class RankOutOfOrder(Refused):
    """The two items are no longer in the order you saw, or not in this item's backlog; read the backlog again."""


class SecondProductOwner(Refused):
    """A team has exactly one Product Owner at a time; end the other assignment first."""

    suggested = ("end_role",)


class OwnerOfBothKinds(Refused):
    """The Product Owner of a team cannot be its Technical Product Owner at the same time."""


class RoleNotHere(Refused):
    """This role is not given in this place; team roles are given in a team, the others in the workspace."""


class AlreadyAssigned(Refused):
    """This person already holds this role here for part of that time; end that assignment first."""

    suggested = ("end_role", "end_workspace_role")


class LastAdministrator(Refused):
    """Nobody else would administer the workspace for good; give another person the role first, without an end."""

    suggested = ("assign_workspace_role",)


class EndsBeforeItStarts(Refused):
    """The end lies before the start."""


class StartsInThePast(Refused):
    """Nobody held a role before it was given; leave the start out for now, or name a time to come."""


class AlreadyOpened(Refused):
    """This has already been opened."""


class CommandIdReused(Refused):
    """This command id was already used for another request; give each request an id of its own."""


class TooBusy(Refused):
    """Others keep changing the same thing; nothing was recorded, try again."""


class NothingToErase(Refused):
    """Name the positions of the entries whose text is to be erased."""
