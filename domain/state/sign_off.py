"""The sign-offs on an item as rules read them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import SignOffGranted, SignOffRevoked, SignOffSuperseded, SignOffVoided
from domain.events.sign_off import Label
from domain.ids import PersonId


class SignOffState(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off as rules read it."""

    signer_id: PersonId
    label: Label
    digest_signed: str
    is_live: bool = True


SignOffs = Mapping[int, SignOffState]
NO_SIGN_OFFS: Final[SignOffs] = MappingProxyType({})


def evolve(sign_offs: SignOffs, entry: Entry[Any]) -> SignOffs:
    """An item's sign-offs after an entry, by ordinal; total."""
    match entry.event:
        case SignOffGranted() as event:
            signer = PersonId(entry.act.actor)
            granted = SignOffState(signer_id=signer, label=event.label, digest_signed=event.digest_signed)
            return {**sign_offs, event.sign_off: granted}
        case SignOffVoided(sign_off=ordinal) | SignOffRevoked(sign_off=ordinal) | SignOffSuperseded(sign_off=ordinal):
            ended = sign_offs.get(ordinal)
            return sign_offs if ended is None else {**sign_offs, ordinal: replace(ended, is_live=False)}
        case _:
            return sign_offs
