"""What every refusal is: a reason not to do something, with what would help."""

import re
from typing import Any, ClassVar

REFUSALS: dict[str, type["Refused"]] = {}
"""Every refusal by its code. Codes are stable: clients branch on them."""


class Refused(Exception):
    """The rules do not allow this.

    `path` is the argument at fault, `unmet` what is missing in words, `who_could` the roles that may do it, `powers`
    those of which each would do, `suggested` commands to try instead, `current` the digest that the content has now.
    Whoever gives the refusal to a person adds `person_ids`, who could do it there now, and `positions_since`, what
    happened since a stale digest.
    `path` is the argument at fault, `unmet` what is missing in words, `who_could` the roles that may do it,
    `suggested` commands to try instead, `current` the digest that the content has now. Whoever gives the refusal to
    a person adds `person_ids`, who holds one of those roles, and `positions_since`, what happened since a stale digest,
    and `position`, where the refusal itself is recorded.
    """

    code: ClassVar[str] = "REFUSED"
    suggested: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()
        REFUSALS[cls.code] = cls

    def __init__(
        self,
        *,
        path: str | None = None,
        unmet: tuple[str, ...] = (),
        who_could: tuple[str, ...] = (),
        current: str | None = None,
        powers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))
        self.path, self.unmet, self.who_could, self.current = path, unmet, who_could, current
        self.powers = powers
        self.person_ids: tuple[str, ...] = ()
        self.positions_since: tuple[int, ...] = ()
        self.position: int | None = None
