"""When the sign-offs of a label are enough: as many people as policy asks for, in the roles that it names."""

from collections.abc import Collection, Iterator, Mapping

from domain.authority import Who
from domain.entry import Event
from domain.events import QuorumLost, QuorumReached
from domain.events.sign_off import Label
from domain.policy import Policy
from domain.state.item import Item
from domain.state.sign_off import SignOffState


def live(item: Item, label: Label, *, without: Collection[int] = ()) -> dict[int, SignOffState]:
    """The live sign-offs of a label by ordinal, but for those that end now."""
    return {
        ordinal: sign_off
        for ordinal, sign_off in item.sign_offs.items()
        if sign_off.is_live and sign_off.label is label and ordinal not in without
    }


def suffices(policy: Policy, label: Label, sign_offs: Collection[SignOffState]) -> bool:
    """Whether they are enough. A person counts once, whoever they sign for, and so does whom they sign for."""
    people = min(len({sign_off.signer_id for sign_off in sign_offs}), len({sign_off.for_id for sign_off in sign_offs}))
    roles = policy.acceptance_roles if label is Label.ACCEPTANCE else ()
    return people >= policy.quorum(label) and set(roles) <= {sign_off.role for sign_off in sign_offs}


def reached(item: Item, who: Who, label: Label, sign_offs: Mapping[int, SignOffState]) -> tuple[QuorumReached, ...]:
    """The event, when these sign-offs are the first that are enough."""
    if label in item.quorums or not suffices(who.policy, label, sign_offs.values()):
        return ()
    return (
        QuorumReached(
            label=label,
            revision=item.revision,
            digest=item.digest,
            sign_offs=tuple(sign_offs),
            needed=who.policy.quorum(label),
        ),
    )


def lost(item: Item, who: Who, ended: Collection[int]) -> Iterator[Event]:
    """The event for each label whose quorum ends because these sign-offs do, while others of it are left."""
    for label in sorted(item.quorums):
        left = live(item, label, without=ended)
        if left and not suffices(who.policy, label, left.values()):
            yield QuorumLost(label=label, sign_offs=tuple(left), needed=who.policy.quorum(label))
