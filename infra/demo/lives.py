"""The ordinary lives of the demo's items: drafted, disputed, estimated, signed, changed, accepted, or none of it."""

from typing import Final

from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from infra.demo.company import COMPANY, OBJECTIONS, Objection, Story
from infra.demo.teller import Teller, Told

_CRITERIA: Final = (
    "It works on {surface} with the keyboard alone.",
    "The {api} answers within {ms} ms, nine times out of ten.",
    "When {component} does not answer, people read why.",
    "Nothing of it is stored in {database} for longer than {days} days.",
    "{partner} need not change anything.",
    "It can be switched off within a minute.",
    "{count} {data} are enough to test it.",
    "The viewers' desk has read the text.",
    "It is off during {peak} unless somebody switches it on.",
)
_AFTERTHOUGHTS: Final = (
    "Also when the clocks change.",
    "The {surface} say when it was last brought up to date.",
    "Two people can do it at once.",
    "{partner} are told a week before.",
    "It is counted how often it is used, without names.",
    "After {days} days without use it is taken out again.",
)
_WORDINGS: Final = (
    "(Wording as agreed with the desk.)",
    "(Reworded in plain language.)",
    "(Names as in the glossary.)",
    "(Typing errors corrected.)",
)
_REVOKED: Final = (
    "I signed the wrong item.",
    "The figures it rests on have been corrected.",
    "I was shown a draft of the design that is not what we build.",
)
_MOVES: Final = ("Needed before {peak}.", "{partner} wait for it.", "Two others need it first.", None, None)


def life(teller: Teller, story: Story) -> Told:
    """One item from its draft to wherever chance brings it."""
    chance = teller.chance
    criteria = tuple(teller.words(text) for text in chance.sample(_CRITERIA, chance.choice((0, 0, 2, 3))))
    yield from teller.draft(_author(teller), story, criteria=criteria)
    for objection in _objections(teller):
        teller.pause(30)
        yield from _dispute(teller, objection)
    if teller.happens(0.3):
        teller.pause(20)
        why = chance.choice(_MOVES)
        yield from teller.move_up(teller.owner, chance.random() * 0.6, teller.words(why) if why else None)
    if teller.open_blocks or teller.happens(0.12):
        return
    yield from _agree(teller)
    yield from _accept(teller)


def _author(teller: Teller) -> str:
    cast = teller.cast
    if teller.track is Track.FUNCTIONAL:
        return cast.owner
    owner = cast.technical_owner or cast.owner
    return teller.chance.choice((owner, owner, cast.architect, *cast.developers))


def _objections(teller: Teller) -> list[Objection]:
    """Who objects must not be the author; what is objected to must be so."""
    fitting = [one for one in OBJECTIONS if _fits(teller, one)]
    return teller.chance.sample(fitting, teller.chance.choice((0, 0, 1, 1, 1, 2, 2, 3)))


def _fits(teller: Teller, objection: Objection) -> bool:
    has_criteria = bool(teller.said.get("criteria"))
    if objection.reason is Reason.NO_ACCEPTANCE_CRITERIA and has_criteria:
        return False
    if objection.reason is Reason.AMBIGUOUS_CRITERIA and not has_criteria:
        return False
    if objection.by is Role.PRODUCT_OWNER:
        return teller.track is Track.TECHNICAL and teller.author != teller.cast.owner
    return objection.by is not Role.TECHNICAL_PRODUCT_OWNER or teller.cast.technical_owner not in (None, teller.author)


def _raiser(teller: Teller, objection: Objection) -> str:
    cast, chance = teller.cast, teller.chance
    if objection.by is Role.ARCHITECT:
        named = COMPANY.chief_architect if teller.happens(0.15) else cast.architect
        return named if named != teller.author else COMPANY.chief_architect
    if objection.by is Role.DEVELOPER:
        return chance.choice([name for name in cast.developers if name != teller.author])
    if objection.by is Role.SCRUM_MASTER:
        return cast.scrum_master
    return cast.owner if objection.by is Role.PRODUCT_OWNER else str(cast.technical_owner)


def _dispute(teller: Teller, objection: Objection) -> Told:
    """Raise it, and let chance say how it goes on; one in twelve is left lying."""
    chance, raiser = teller.chance, _raiser(teller, objection)
    may_block = objection.by is not Role.SCRUM_MASTER
    stance = Stance.BLOCKING if may_block and teller.happens(0.3) else Stance.ADVISORY
    is_sorted = teller.happens(0.7)
    yield from teller.push_back(raiser, objection, stance, is_sorted=is_sorted)
    pushback = teller.pushbacks[-1]
    if not is_sorted and objection.reason is not Reason.UNSORTED and teller.happens(0.6):
        teller.pause(5)
        yield from teller.on(chance.choice((raiser, teller.author)), "sort_pushback", pushback, reason=objection.reason)
    teller.pause(18)
    ways = (_answered, _answered, _revised, _revised, _again, _again, _conceded, _withdrawn, _left)
    weights = (3, 3, 3, 3, 3, 2, 2, 2, 1.5)
    way = chance.choices(ways, weights)[0]
    yield from way(teller, objection, raiser, pushback)
    if way is not _left:
        teller.open_blocks.discard(pushback)


def _answered(teller: Teller, objection: Objection, raiser: str, pushback: str) -> Told:
    yield from teller.on(teller.author, "answer_pushback", pushback, text=teller.words(objection.answer))
    teller.pause(12)
    yield from teller.on(raiser, "settle_pushback", pushback)


def _revised(teller: Teller, objection: Objection, raiser: str, pushback: str) -> Told:
    fix = teller.words(objection.fix)
    yield from teller.revise(teller.author, objection.section, fix)
    teller.pause(1)
    yield from teller.claim(teller.author, pushback, f"It says now: {fix}")
    teller.pause(14)
    yield from teller.on(raiser, "settle_pushback", pushback)


def _again(teller: Teller, objection: Objection, raiser: str, pushback: str) -> Told:
    """The first answer is not enough."""
    yield from teller.on(teller.author, "answer_pushback", pushback, text=teller.words(objection.answer))
    teller.pause(9)
    yield from teller.on(raiser, "reject_answer", pushback, why=teller.words(objection.not_yet))
    teller.pause(16)
    way = teller.chance.choice((_revised, _revised, _conceded))
    yield from way(teller, objection, raiser, pushback)


def _conceded(teller: Teller, objection: Objection, _raiser: str, pushback: str) -> Told:
    yield from teller.on(teller.author, "concede_pushback", pushback, consequence=teller.words(objection.concession))


def _withdrawn(teller: Teller, objection: Objection, raiser: str, pushback: str) -> Told:
    why = teller.words(objection.withdrawal)
    yield from teller.on(raiser, "withdraw_pushback", pushback, why=why)


def _left(teller: Teller, objection: Objection, _raiser: str, pushback: str) -> Told:
    """Nobody has ended it yet: the turn is either side's."""
    if teller.happens(0.5):
        yield from teller.on(teller.author, "answer_pushback", pushback, text=teller.words(objection.answer))


def _agree(teller: Teller) -> Told:
    """The team estimates it and says that it is ready; an architect signs too when it is theirs to say."""
    chance, cast = teller.chance, teller.cast
    teller.pause(24)
    yield from teller.estimate(chance.choice(cast.developers))
    teller.pause(3)
    yield from teller.sign(chance.choice(cast.developers), Label.READY)
    if teller.track is Track.TECHNICAL or teller.happens(0.25):
        teller.pause(20)
        yield from teller.sign(cast.architect, Label.ARCHITECTURE)
    if teller.happens(0.3) and teller.said.get("narrative"):
        teller.pause(10)
        yield from teller.reword(teller.author, f"{teller.said['narrative']} {chance.choice(_WORDINGS)}")


def _accept(teller: Teller) -> Told:
    """Its owner accepts it, or thinks of something more, and everything signed is signed again."""
    chance = teller.chance
    teller.pause(110)
    if teller.happens(0.28):
        yield from teller.revise(teller.owner, "criteria", teller.words(chance.choice(_AFTERTHOUGHTS)))
        yield from _agree(teller)
        teller.pause(60)
    if teller.happens(0.15):
        return
    signer = teller.owner
    yield from teller.sign(signer, Label.ACCEPTANCE)
    teller.pause(40)
    if teller.owner == signer and teller.happens(0.06):
        yield from teller.on(signer, "revoke_sign_off", teller.sign_offs[-1], why=chance.choice(_REVOKED))
    elif teller.happens(0.07):
        yield from _dispute(teller, chance.choice([one for one in OBJECTIONS if one.by is Role.DEVELOPER]))
