"""Who takes part in the lives of a pushback that are enumerated."""

from datetime import timedelta
from typing import Final, NamedTuple

from domain.authority import Who
from domain.entry import ActorKind
from domain.events.people import Role
from domain.ids import SYSTEM
from tests.given import NOW, together, who

ADA, DANA, PAULA, ZOE, SAM, BOT = PEOPLE = together(
    who("ada", Role.ARCHITECT),
    who("dana", Role.DEVELOPER),
    who("paula", Role.PRODUCT_OWNER),
    who("zoe", Role.ARCHITECT),
    who("sam", Role.SCRUM_MASTER),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
)
TOM: Final = who("tom", Role.TECHNICAL_PRODUCT_OWNER)
CLOCK: Final = Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=NOW + timedelta(days=365), salt="")
"""The scheduler, when whatever can be due is due."""


class Cast(NamedTuple):
    """Who drafted the item, who raised the pushback, the team, and who of it may join: each doubles what there is."""

    author: Who
    raiser: Who
    people: tuple[Who, ...] = PEOPLE
    joining: tuple[Who, ...] = ()


CASTS: Final = {
    "an architect pushes back on a developer's item": Cast(DANA, ADA),
    "the Product Owner pushes back on a developer's item": Cast(DANA, PAULA),
    "an architect pushes back on the Product Owner's item": Cast(PAULA, ADA, joining=(ZOE,)),
    "a service pushes back on a developer's item": Cast(DANA, BOT),
    "the only architect pushes back, and Tom may rule": Cast(DANA, ADA, together(ADA, DANA, PAULA, TOM, SAM)),
    "the only architect pushes back, and nobody else may rule": Cast(
        DANA, ADA, together(ADA, DANA, PAULA, SAM), joining=(PAULA,)
    ),
}
