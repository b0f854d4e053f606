"""Everybody tries everything on one item: what never changes, and what always holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import reduce
from random import Random
from typing import Any, Final

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.authority import Who
from domain.commands import COMMANDS
from domain.commands.sign_offs.checklist import Check
from domain.content import EDITORIAL_SECTIONS, revision_digest, section_digests
from domain.decision import Command
from domain.entry import ActorKind, Entry, Event
from domain.events import (
    DefinitionAdopted,
    ItemChangeReclassified,
    ItemRevised,
    PushbackRaised,
)
from domain.events.definition import DefinitionUse
from domain.events.endings import OUTCOMES
from domain.events.escalation import Ruling
from domain.events.item import ChangeKind, CriterionKind
from domain.events.people import Role
from domain.events.pushback import Reason, ReasonCategory, ResponseKind, Stance
from domain.events.sign_off import Label
from domain.ids import PushbackId, RevisionId, thing_key
from domain.policy import Policy
from domain.refusals import Refused
from domain.state import item
from domain.state.definition import Definitions
from domain.state.item import Item
from domain.state.person import Person
from domain.state.pushback import Phase
from domain.state.question import QuestionPhase
from domain.state.reason import AddedReason, Reasons
from domain.wire import decode, encode
from tests.domain.estimation.at_random import KeepsRounds, of_rounds
from tests.domain.pushbacks.at_random import MarksWhatChanged, is_as_it_ended, of_conversations
from tests.given import ITEM, ITEM_ID, NEW_ITEM, NOW, TEAM_ID, entry, erased, given_team, together, who

PEOPLE: Final = together(
    who("paula", Role.PRODUCT_OWNER),
    who("petra", Role.PRODUCT_OWNER),
    who("ada", Role.ARCHITECT, Role.DEVELOPER),
    who("dora", Role.DEVELOPER),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
    who("olga", Role.AUDITOR),
    who("nobody"),
)
CLOCK: Final = who("clock", kind=ActorKind.SYSTEM)
SAID: Final = ("a", "b", "c", "")
SELDOM_SAID: Final = (None, None, None, None, "a", "b", "")
NEIGHBOUR: Final = msgspec.structs.replace(NEW_ITEM, id="itm_" + "7" * 26, team_id=TEAM_ID, revision=1, rank="V1")
ARGUMENTS: Final[dict[str, Sequence[Any]]] = {
    **of_rounds(NEIGHBOUR, PEOPLE),
    **of_conversations(PEOPLE),
    "criteria": (None, None, None, (), ("b",)),
    "revise_item.why": SELDOM_SAID,
    "criteria_kinds": (None, None, (CriterionKind.RETENTION,)),
    "stance": tuple(Stance),
    "reason": tuple(Reason),
    "reason_code": (*(None,) * 8, "LICENCE_UNCLEAR", "GONE"),
    "label": tuple(Label),
    "editorial": (True, True, False),
    "points": (0.0, 3.0, 1001.0),
    "revision": (None, RevisionId(thing_key("rev", ITEM_ID, 2))),
    "fixed_in": (None, None, None, *(RevisionId(thing_key("rev", ITEM_ID, number)) for number in range(1, 6))),
    "routed_to": (None, None, Person(), *(Person(id=person.person_id) for person in PEOPLE)),
    "anchors": (None, ("title",), ("criteria/1", "title"), ("value",), ("criteria/2",)),
    "recurrence_of": (None, None, *(PushbackId(thing_key("pbk", ITEM_ID, number)) for number in range(1, 4))),
    "kind": tuple(ResponseKind),
    "checklist": (None, None, (Check(criterion="a"),), (Check(criterion="a", met=False, waived_why="b"),)),
    "due_working_days": (None, 3, -1),
    "emergency": (True, False),
    "ruling": tuple(Ruling),
    "person": (Person(), *(Person(id=person.person_id) for person in PEOPLE)),
    "above": (None,),
    "below": (NEIGHBOUR,),
    **dict.fromkeys(("value", "constraints", "deployment", "narrative"), SELDOM_SAID),
}
"""What is given for an argument, of one command or of all; SAID for all others."""

ONE: Final[dict[str, Any]] = {"criteria": ("a",), "sections": ("criteria",), "evidence_required": (False,)}
POLICIES: Final = (Policy(), Policy(ready_quorum=2, acceptance_quorum=2, sign_off_expiry_days=1))
DEFINITIONS: Final[tuple[Definitions, ...]] = (
    {},
    given_team(
        ("paula", DefinitionAdopted(definition=1, number=1, use=DefinitionUse.DONE, **ONE)),
        ("paula", DefinitionAdopted(definition=2, number=1, use=DefinitionUse.READY, **ONE)),
    ).definitions,
)
REASONS: Final[Reasons] = {
    "LICENCE_UNCLEAR": AddedReason(number=1, category=ReasonCategory.ARCHITECTURE),
    "GONE": AddedReason(number=2, category=ReasonCategory.DATA, is_retired=True),
}
CURRENT: Final = 0.9
"""How often people act on what is there now."""
RESOLUTE: Final = 0.05
"""How often somebody who could withdraw the item does: nothing happens to it afterwards."""
Act = tuple[Command, Who, tuple[int, ...]]
ON_ITEMS: Final = [command for command in COMMANDS.values() if command.state is Item and not command.opens]


class AnItem(KeepsRounds, MarksWhatChanged, RuleBasedStateMachine):
    """Everybody tries everything on one item, at times after its text was erased."""

    def __init__(self) -> None:
        super().__init__()
        author = PEOPLE[0]
        outcome = COMMANDS["draft_item"].decide(NEW_ITEM, author, team=given_team(), title="a", criteria=("a",))
        self.lines: list[Entry[Event]] = []
        self.item = NEW_ITEM
        self.now = NOW
        self.policy, self.definitions = POLICIES[0], DEFINITIONS[0]
        self.append(author, outcome.events)

    def append(self, by: Who, events: tuple[Event, ...]) -> None:
        """What was decided becomes history."""
        for event in events:
            data, prose = encode(event, "n" * 22, "s" * 22)
            read = decode(event.TOPIC, event.class_version, data, prose)
            self.lines.append(entry(ITEM, len(self.lines) + 1, by.person_id, read))
            self.item = item.evolve(self.item, self.lines[-1])

    @initialize(seed=st.integers(0, 2**32))
    def chance_is_set(self, seed: int) -> None:
        self.chance = Random(seed)
        self.policy = self.chance.choice(POLICIES)
        self.definitions = self.chance.choice(DEFINITIONS)

    @rule()
    def somebody_does_what_they_are_offered(self) -> None:
        offered = [act for act in self.acts() if self.is_offered(*act)]
        if self.item.is_withdrawn:
            assert not offered
            return
        name = self.chance.choice(sorted({command.name for command, _, _ in offered}))
        self.attempt(*self.chance.choice([act for act in offered if act[0].name == name]))

    @rule()
    def somebody_tries_something(self) -> None:
        self.attempt(*self.chance.choice(self.acts()))

    def of_item(self) -> tuple[Mapping[int, Any], ...]:
        held = self.item
        return (held.pushbacks, held.sign_offs, held.questions, held.sign_off_requests, held.rounds)

    def acts(self) -> list[Act]:
        """Everything anybody could try, also on things that are not there, and what the clock could."""
        ordinals = range(1, max(map(len, self.of_item())) + 2)
        return [
            (command, by, ordinal)
            for command in ON_ITEMS
            for by in ((CLOCK,) if command.by_system else PEOPLE)
            for ordinal in (((n,) for n in ordinals) if command.thing else ((),))
        ]

    def is_offered(self, command: Command, by: Who, ordinal: tuple[int, ...]) -> bool:
        """Whether a client would show it to them."""
        assert command.allowed is not None
        try:
            command.allowed(self.item, by, *ordinal)
        except Refused:
            return False
        return True

    def attempt(self, command: Command, by: Who, ordinal: tuple[int, ...]) -> None:
        """One command, refused or not."""
        self.now += timedelta(seconds=1)
        place: dict[str, Any] = {"policy": self.policy, "definitions": (self.definitions,), "reasons": REASONS}
        passed = timedelta(days=30) if by.kind is ActorKind.SYSTEM else timedelta()
        by = msgspec.structs.replace(by, now=self.now + passed, salt=f"{len(self.lines):064}", **place)
        tried = {name: ARGUMENTS.get(f"{command.name}.{name}", ARGUMENTS.get(name, SAID)) for name in command.arguments}
        arguments = {name: self.chance.choice(values) for name, values in tried.items()}
        before = self.item
        if "expected_digest" in arguments:
            arguments["expected_digest"] = before.digest if self.chance.random() < CURRENT else "0" * 64
        if command.name == "withdraw_item" and self.chance.random() > RESOLUTE:
            return
        try:
            outcome = command.decide(before, by, *ordinal, **arguments)
        except Refused as refused:
            self.was_refused(command, by, refused)
            return
        assert not before.is_withdrawn, "only history is left of what was withdrawn"
        assert arguments.get("expected_digest") in {None, before.digest}, "what is done was shown"
        assert outcome.events, "a command writes something or is refused"
        assert self.is_offered(command, by, ordinal), "what is done was offered"
        assert command.by_system == (by.kind is ActorKind.SYSTEM)
        if not command.by_system:
            assert outcome.authority.authorised_by in {grant.assignment_id for grant in by.grants}
        self.append(by, outcome.events)
        self.follows(before)

    def was_refused(self, command: Command, by: Who, refused: Refused) -> None:
        """For who looks at that."""

    @precondition(lambda self: len(self.lines) % 9 == 0)
    @rule()
    def the_text_is_erased(self) -> None:
        self.lines = [erased(line) for line in self.lines]
        self.item = reduce(item.evolve, self.lines, Item())

    def follows(self, before: Item) -> None:
        """What a command may have changed, and what never changes."""
        assert self.item.revision - before.revision in (0, 1)
        for ordinal, pushback in before.pushbacks.items():
            if pushback.phase is Phase.CLOSED:
                assert is_as_it_ended(pushback, self.item.pushbacks[ordinal])
            assert self.item.pushbacks[ordinal].raiser_id == pushback.raiser_id
        self.marks_what_changed(before)
        for ordinal, question in before.questions.items():
            if question.phase is QuestionPhase.ENDED:
                assert self.item.questions[ordinal] == question
        self.keeps_rounds(before)
        for ordinal, sign_off in before.sign_offs.items():
            assert self.item.sign_offs[ordinal].digest_signed == sign_off.digest_signed
            assert sign_off.is_live or not self.item.sign_offs[ordinal].is_live
        new = [self.item.sign_offs[ordinal] for ordinal in set(self.item.sign_offs) - set(before.sign_offs)]
        assert all(sign_off.digest_signed == before.digest and not before.blocks for sign_off in new)
        if self.item.revision > before.revision and any(sign_off.is_live for sign_off in self.item.sign_offs.values()):
            named = [set(state.section_digests) - EDITORIAL_SECTIONS for state in (before, self.item)]
            assert named[0] == named[1]

    @invariant()
    def what_comes_back_had_ended(self) -> None:
        ended: set[int] = set()
        for line in self.lines:
            if isinstance(line.event, PushbackRaised):
                assert line.event.recurrence_of in ended | {None}
            if type(line.event) in OUTCOMES:
                ended.add(line.event.pushback)  # type: ignore[attr-defined]

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        votes = sorted(vote.ordinal for held in self.item.rounds.values() for vote in held.votes.values())
        revealed = [ordinal for ordinal in votes if ordinal]
        for numbers in (*self.of_item(), revealed):
            assert [*numbers] == [*range(1, len(numbers) + 1)]
        kinds = [type(line.event).__name__ for line in self.lines]
        assert self.item.revision == kinds.count("ItemDrafted") + kinds.count("ItemRevised")

    @invariant()
    def one_sign_off_is_live_for_a_person_and_label(self) -> None:
        live = Counter((s.signer_id, s.label) for s in self.item.sign_offs.values() if s.is_live)
        assert not live or max(live.values()) == 1

    @invariant()
    def a_label_has_its_quorum_as_long_as_enough_people_have_signed_it(self) -> None:
        for label in Label:
            people = {s.signer_id for s in self.item.sign_offs.values() if s.is_live and s.label is label}
            assert (label in self.item.quorums) == (len(people) >= self.policy.quorum(label))

    @invariant()
    def nothing_live_was_signed_before_the_last_substantive_revision(self) -> None:
        since = 1
        for event in (line.event for line in self.lines):
            is_graver = isinstance(event, ItemRevised) and event.change_kind is ChangeKind.SUBSTANTIVE
            if is_graver or isinstance(event, ItemChangeReclassified):
                since = max(since, event.revision)  # type: ignore[attr-defined]
        assert all(s.revision >= since for s in self.item.sign_offs.values() if s.is_live)
        assert all(one.revision >= since or one.section for one in self.item.confirmations.values())

    @invariant()
    def nothing_is_open_on_a_withdrawn_item(self) -> None:
        if self.item.is_withdrawn:
            assert not any(pushback.is_open for pushback in self.item.pushbacks.values())
            assert not any(question.is_open for question in self.item.questions.values())
            assert not any(asked.is_open for asked in self.item.sign_off_requests.values())
            assert not self.item.owing

    @invariant()
    def nobody_asks_themselves_or_somebody_who_is_not_here(self) -> None:
        here = {grant.person_id for grant in PEOPLE[0].place}
        for question in self.item.questions.values():
            assert question.routed_to in here - {question.asker_id}

    @invariant()
    def the_digest_is_that_of_the_text_as_long_as_there_is_one(self) -> None:
        written: Any = [line.event for line in self.lines if hasattr(line.event, "changed_sections")]
        drafted: Any = self.lines[0].event
        last = next((event for event in reversed(written) if hasattr(event, "digest")), drafted)
        if last.salt is not None:
            assert self.item.digest == revision_digest(section_digests(last.salt, self.item.content))

    @invariant()
    def a_fresh_fold_is_the_same(self) -> None:
        assert reduce(item.evolve, self.lines, Item()) == self.item


TestAnItem = AnItem.TestCase
TestAnItem.settings = settings(max_examples=150, stateful_step_count=100)
