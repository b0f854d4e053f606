"""What a workspace, a team or a track may decide about its own rules, and what holds where nobody decided."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_origin

import msgspec
from msgspec import Meta

from domain.entry import Choice
from domain.refusals import PolicyForbids


class Level(Choice):
    """How a rule is kept."""

    OFF = "OFF", "It is not asked for, nor noted."
    ADVISE = "ADVISE", "Where it is not met, that is noted."
    REQUIRE = "REQUIRE", "What does not meet it is refused."

    @property
    def strictness(self) -> int:
        """The higher, the stricter."""
        return list(Level).index(self)


class AcceptanceMode(Choice):
    """How items are accepted."""

    FORMAL = "FORMAL", "By each criterion of the definition of done that holds."
    SHARED = "SHARED", "In one click; an architect may accept, too."
    INFORMAL = "INFORMAL", "In one click, without criteria."


class AcceptingRole(Choice):
    """A role that policy may ask for among those who accept an item."""

    PRODUCT_OWNER = "PRODUCT_OWNER", "The team's Product Owner must be among those who accept."
    TECHNICAL_PRODUCT_OWNER = "TECHNICAL_PRODUCT_OWNER", "A Technical Product Owner must be among those who accept."
    ARCHITECT = "ARCHITECT", "An architect must be among those who accept."


class Rule(Choice):
    """A rule whose level policy sets, in the words in which it is noted as unmet. What is not here holds always."""

    AUTHOR_DOES_NOT_SIGN = "AUTHOR_DOES_NOT_SIGN", "Somebody other than its author signs an item off."
    IMPLEMENTER_DOES_NOT_SIGN = "IMPLEMENTER_DOES_NOT_SIGN", "Nobody accepts what they implemented themselves."
    READY_IS_CONFIRMED = (
        "READY_IS_CONFIRMED",
        "Each criterion of the definition of ready is confirmed before an item is signed ready.",
    )
    AUDITOR_DOES_NOT_DECIDE = "AUDITOR_DOES_NOT_DECIDE", "Who audits a workspace holds no role in it that decides."
    RECORD_REFUSALS = "RECORD_REFUSALS", "What is refused at a gate is recorded."
    SECOND_PERSON_OVERRIDES = (
        "SECOND_PERSON_OVERRIDES",
        "Somebody other than the item's author overrides a pushback on it.",
    )
    LOOP_IS_LEFT_FIRST = (
        "LOOP_IS_LEFT_FIRST",
        "After repeated rounds without an estimate comes a spike, three amigos or a split.",
    )


DEFAULT_LEVELS: Final[dict[Rule, Level]] = {
    Rule.AUTHOR_DOES_NOT_SIGN: Level.OFF,
    Rule.IMPLEMENTER_DOES_NOT_SIGN: Level.REQUIRE,
}
"""The level of a rule that nobody set, where it is not ADVISE: authors may sign, implementers not."""


class Consensus(Choice):
    """When the votes of a round agree, and on which estimate."""

    UNANIMOUS = "UNANIMOUS", "All votes are the same."
    ADJACENT_CARDS = "ADJACENT_CARDS", "All votes are on one card or two neighbouring ones; the larger is the estimate."
    MEDIAN = "MEDIAN", "The votes spread little; the median is the estimate, the larger of two."
    FACILITATOR = "FACILITATOR", "The facilitator names one between the lowest and the highest vote."


MODIFIED_FIBONACCI: Final = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 40.0, 100.0)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The rules as they hold somewhere: for a track of a team, with what team and workspace decided.

    Every field but the levels is a setting that teams adopt. A new one is a line here: its type with its bounds and the
    sentence that says what it means, and its default.
    """

    levels: Mapping[Rule, Level] = msgspec.field(default_factory=dict)
    recorded_refusals_max: Annotated[
        int, Meta(ge=0, le=1000, description="How many refused commands of one person are recorded on one item.")
    ] = 20
    override_grace_days: Annotated[
        int, Meta(ge=1, le=30, description="Working days that a raiser has to reply before an override takes effect.")
    ] = 1
    hold_days: Annotated[
        int,
        Meta(ge=1, le=10, description="Working days that an item may be held before the concern is said."),
    ] = 2
    lapse_days: Annotated[
        int,
        Meta(
            ge=1,
            le=1000,
            description="Working days that a raiser may be silent about an answer before they are reminded, and after "
            "as many more a pushback lapses.",
        ),
    ] = 5
    acceptance_mode: Annotated[AcceptanceMode, Meta(description="How items are accepted.")] = AcceptanceMode.FORMAL
    ready_quorum: Annotated[int, Meta(ge=1, le=50, description="How many people sign that an item is ready.")] = 1
    acceptance_quorum: Annotated[int, Meta(ge=1, le=50, description="How many people accept an item.")] = 1
    architecture_quorum: Annotated[int, Meta(ge=1, le=50, description="How many architects sign an item.")] = 1
    acceptance_roles: Annotated[
        tuple[AcceptingRole, ...], Meta(description="Roles of which each must be among those who accept an item.")
    ] = ()
    sign_off_expiry_days: Annotated[
        int, Meta(ge=0, le=1000, description="After how many working days a sign-off ends by itself; 0 for never.")
    ] = 0
    delegation_days_max: Annotated[
        int, Meta(ge=1, le=1000, description="For how many days powers may be delegated at most.")
    ] = 90
    editorial_challenge_days: Annotated[
        int, Meta(ge=0, le=1000, description="For how many working days an editorial claim may be challenged.")
    ] = 5
    scale: Annotated[
        tuple[Annotated[float, Meta(ge=0, le=1000)], ...],
        Meta(min_length=2, max_length=30, description="The cards of an estimation round, in story points."),
    ] = MODIFIED_FIBONACCI
    consensus: Annotated[Consensus, Meta(description="When the votes of a round agree.")] = Consensus.ADJACENT_CARDS
    spread_max: Annotated[
        int, Meta(ge=0, le=30, description="How many cards the votes may lie apart where their median counts.")
    ] = 2
    refusals_to_stop: Annotated[
        int, Meta(ge=1, le=50, description="How many who cannot estimate make an item not estimable.")
    ] = 1
    loop_limit: Annotated[
        int, Meta(ge=1, le=50, description="After how many rounds that found it not estimable an item is in a loop.")
    ] = 2

    def quorum(self, label: str) -> int:
        """How many sign-offs of a label are enough."""
        return {"READY": self.ready_quorum, "ACCEPTANCE": self.acceptance_quorum}.get(label, self.architecture_quorum)

    def level(self, rule: Rule) -> Level:
        """How a rule is kept here."""
        return self.levels.get(rule, DEFAULT_LEVELS.get(rule, Level.ADVISE))

    def weigh(self, rule: Rule, *, is_met: bool) -> tuple[Rule, ...]:
        """What has to be noted: the rule, where it is not met and only advises. Refuses where it is required."""
        if is_met or self.level(rule) is Level.OFF:
            return ()
        if self.level(rule) is Level.REQUIRE:
            raise PolicyForbids(unmet=(rule.words,))
        return (rule,)


SETTINGS: Final[dict[str, Any]] = {
    field.name: field.type for field in msgspec.structs.fields(Policy) if field.name != "levels"
}
"""The annotation of each setting by its name."""


def metas(name: str) -> list[Meta]:
    """What is told of a setting beside its type: its sentence and its bounds."""
    return [mark for mark in get_args(SETTINGS[name])[1:] if isinstance(mark, Meta)]


def meaning(name: str) -> str:
    """The sentence that says what a setting means."""
    return next(told.description or "" for told in metas(name))


if TYPE_CHECKING:

    class Setting(Choice):
        """A setting by its name."""

    class Settings(msgspec.Struct, frozen=True, kw_only=True):
        """Settings of the policy to change; those left out stay."""

else:
    Setting = Choice("Setting", {name.upper(): (name.upper(), meaning(name)) for name in SETTINGS}, module=__name__)
    Setting.__doc__ = "A setting by its name."
    Settings = msgspec.defstruct(
        "PolicySettings",
        [(name, hint | None, None) for name, hint in SETTINGS.items()],
        namespace={"__doc__": "Settings of the policy to change; those left out stay."},
        module=__name__,
        frozen=True,
        kw_only=True,
    )


def written(value: Any) -> str:  # noqa: ANN401 - any setting's value
    """A setting's value as text: words and numbers as they are, several with a space between them."""
    if isinstance(value, tuple):
        return " ".join(map(written, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(name: str, text: str) -> Any:  # noqa: ANN401 - any setting's value
    """A setting's value from its text; raises msgspec.ValidationError when it is out of its bounds."""
    hint = SETTINGS[name]
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return msgspec.convert(text.split() if get_origin(bare) is tuple else text, hint, strict=False)
