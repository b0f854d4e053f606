"""Refusals about estimation rounds and the loop they may be in."""

from domain.refusals.refused import Refused


class UnknownRound(Refused):
    """There is no such estimation round in this workspace; check the id."""


class RoundIsOpen(Refused):
    """A round on this item is under way; conclude or cancel it first."""

    suggested = ("cast_vote", "reveal_votes", "conclude_round", "cancel_round")


class RoundEnded(Refused):
    """This round has ended and stays as it ended; open another one."""

    suggested = ("open_round",)


class RoundOnUnchangedRevision(Refused):
    """This content was found not estimable; revise more than its wording first, with what was missing."""

    suggested = ("revise_item",)


class RefusalsStand(Refused):
    """All see by now who cannot estimate this, and why; conclude the round with that."""

    suggested = ("conclude_round",)


class RefinementLoop(Refused):
    """Round after round found this not estimable; take one of the ways out first."""

    suggested = ("link_spike", "note_three_amigos", "split_item")


class NobodyToEstimate(Refused):
    """Nobody here may estimate; give somebody a role that may."""

    suggested = ("assign_role",)


class NotElector(Refused):
    """Only those who could estimate when the round opened have a vote in it; wait for the next round."""


class VoteAfterReveal(Refused):
    """The votes are revealed, so nobody votes any more; say why in a rationale, or vote in the next round."""

    suggested = ("give_rationale",)


class VoteUnclear(Refused):
    """A vote is a number of points, or what is missing to estimate it, or neither; say one of them."""


class NotAllVoted(Refused):
    """Some have not voted yet; wait for them, or reveal without them."""

    suggested = ("reveal_votes",)


class NotRevealed(Refused):
    """The votes are still hidden; reveal them first."""

    suggested = ("reveal_votes",)


class OnlyTheVotesDecide(Refused):
    """Here the votes decide alone; leave the points out, or name some between the lowest and the highest vote."""


class SpikeExpected(Refused):
    """Only another item of kind SPIKE that was not withdrawn can be linked as one; draft it first."""

    suggested = ("draft_item",)


class AlreadyLinked(Refused):
    """That item is a spike or a part of this one already; name another, or take another way out."""

    suggested = ("link_spike", "note_three_amigos", "split_item")


class NotThreePeople(Refused):
    """Three amigos are three people, one for each view; name somebody else."""


class PartExpected(Refused):
    """A part of an item is another item that was not withdrawn; draft it first."""

    suggested = ("draft_item",)
