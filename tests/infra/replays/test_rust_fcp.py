"""Final comment periods of the Rust language team, replayed: a box is a sign-off asked for, a concern is a block.

What the record does not say, and how it is taken here: who raised a concern (somebody of the team, the same for all);
in which order things happened between two meetings (as the rules allow it: boxes before the concerns that show for the
first time, concerns that are resolved before the boxes). A box stays ticked when a concern comes; so does a sign-off.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.events.item import Track
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.refusals import OpenBlockingPushback
from domain.state.item import Item
from infra.deciding import Deciding
from infra.ledger import Ledger
from tests.infra.replays.stage import Stage

Json = dict[str, Any]
SOMEBODY = "somebody of the team"
LABEL = Label.READY


class Period:
    """One proposal: the item it became, who was asked, and which concern became which pushback."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.item = ""
        self.asked: set[str] = set()
        self.signed: set[str] = set()
        self.concerns: dict[str, str] = {}
        self.settled: set[str] = set()

    async def meet(self, stage: Stage, at: datetime, shown: Json) -> list[Json]:
        """What a meeting's minutes show beyond those before; what was new, and whether the rules let it be done."""
        is_known = bool(self.item)
        if not is_known:
            proposal = {"title": shown["title"], "why": shown["disposition"], "track": Track.TECHNICAL}
            self.item = await stage.draft(at, shown["proposed_by"], **proposal)
        new = [
            *await self._settle(stage, at, shown),
            *await self._sign(stage, at, shown),
            *await self._raise(stage, at, shown),
        ]
        return [{"item": self.name, "date": shown["snapshot_date"], **change} for change in new if is_known]

    async def _settle(self, stage: Stage, at: datetime, shown: Json) -> list[Json]:
        resolved = [concern["name"] for concern in shown["concerns"] if concern["resolved"]]
        new = [name for name in resolved if name in self.concerns and name not in self.settled]
        for name in new:
            await self._end(stage, at, shown["proposed_by"], name)
        return [{"change": "concern resolved", "concern": name} for name in new]

    async def _end(self, stage: Stage, at: datetime, proposer: str, name: str) -> None:
        await stage.do(at, proposer, "answer_pushback", self.concerns[name], text="Done.")
        await stage.do(at, SOMEBODY, "settle_pushback", self.concerns[name])
        self.settled.add(name)

    async def _sign(self, stage: Stage, at: datetime, shown: Json) -> list[Json]:
        new = []
        for box in shown["reviewers"]:
            who = box["who"]
            if who not in self.asked:
                person = stage.id_of(who)
                await stage.do(at, shown["proposed_by"], "request_sign_off", self.item, label=LABEL, person=person)
                self.asked.add(who)
            if box["checked"] and who not in self.signed:
                digest = (await stage.item(self.item)).digest
                arguments = {"label": LABEL, "expected_digest": digest}
                is_granted = await stage.tries(at, who, "grant_sign_off", self.item, **arguments)
                self.signed |= {who} if is_granted else set()
                new.append({"change": "signed" if is_granted else "refused", "who": who})
        return new

    async def _raise(self, stage: Stage, at: datetime, shown: Json) -> list[Json]:
        new = [concern for concern in shown["concerns"] if concern["name"] not in self.concerns]
        for concern in new:
            name = concern["name"]
            said = {"statement": name, "stance": Stance.BLOCKING, "lifts_when": f"{name} is resolved"}
            self.concerns[name] = (await stage.do(at, SOMEBODY, "raise_pushback", self.item, **said)).subject_id
            if concern["resolved"]:
                await self._end(stage, at, shown["proposed_by"], name)
        return [{"change": "concern raised", "concern": concern["name"]} for concern in new]


class Replay:
    """All proposals, meeting by meeting."""

    def __init__(self) -> None:
        self.periods: dict[str, Period] = {}
        self.counts: Counter[str] = Counter()
        self.dispositions: Counter[str] = Counter()
        self.changes: list[Json] = []

    async def play(self, stage: Stage, snapshots: list[Json]) -> None:
        for shown in sorted(snapshots, key=lambda shown: str(shown["snapshot_date"])):
            for who in (shown["proposed_by"], *(box["who"] for box in shown["reviewers"])):
                await stage.join(who)
            name = f"{shown['repo']}#{shown['number']}"
            period = self.periods.setdefault(name, Period(name))
            self.changes += await period.meet(stage, moment(shown), shown)
            self._count(await stage.item(period.item), await stage.told(period.item))

    def _count(self, item: Item, told: list[Any]) -> None:
        """What the ledger holds of the item after a meeting, in the words of the record."""
        self.counts["snapshots"] += 1
        self.counts["boxes"] += len(item.sign_off_requests)
        self.counts["checked"] += sum(sign_off.is_live for sign_off in item.sign_offs.values())
        self.counts["open_concerns"] += len(item.blocks)
        self.counts["resolved_concerns"] += sum(not pushback.is_open for pushback in item.pushbacks.values())
        self.dispositions[told[0].event.why] += 1


def moment(shown: Json) -> datetime:
    return datetime.fromisoformat(shown["snapshot_date"]).replace(hour=12, tzinfo=UTC)


async def test_final_comment_periods_under_our_rules(deciding: tuple[Deciding, Ledger], samples: Path) -> None:
    snapshots = json.loads((samples / "rust-fcp" / "fcp_snapshots.json").read_text())
    expected = json.loads((samples / "rust-fcp" / "expected.json").read_text())
    stage = await Stage.opened(*deciding, "Rust language", min(map(moment, snapshots)))
    await stage.join(SOMEBODY)
    await stage.adopt("The bot waits for all but two of those asked, however many that are", ready_quorum=50)
    replay = Replay()
    await replay.play(stage, snapshots)

    refused = [change for change in replay.changes if change["change"] == "refused"]
    kept = {key: expected[key] for key in ("snapshots", "boxes", "open_concerns", "resolved_concerns")}
    assert {key: replay.counts[key] for key in kept} == kept
    meetings = {moment(shown) for shown in snapshots}
    assert (len(replay.periods), len(meetings)) == (expected["items"], expected["meetings"])
    assert replay.dispositions == expected["disposition"]
    blocked = [name for name, period in replay.periods.items() if (await stage.item(period.item)).blocks]
    assert sorted(blocked) == expected["blocked_at_last_snapshot"]

    # Rust lets a box be ticked while a concern stands; here nobody signs what somebody blocks. All else is the same.
    against = ticked_under_a_concern(snapshots)
    assert len(against) == 9
    assert stage.refused == {OpenBlockingPushback.code: len(against)}
    assert [(change["item"], change["date"], change["who"]) for change in refused] == against
    assert replay.counts["checked"] == expected["checked"] - len(against)
    agreed = [change for change in replay.changes if change["change"] != "refused"]
    ticked = [change | {"change": "signed"} for change in first_of_each(refused)]
    assert ordered([*agreed, *ticked]) == ordered(expected["deltas_between_snapshots"])


def ticked_under_a_concern(snapshots: list[Json]) -> list[tuple[str, str, str]]:
    """Each box at each meeting that was ticked while a concern known since an earlier meeting stood, by the record."""
    against, signed, known = [], set(), set()
    for shown in snapshots:
        name, concerns = f"{shown['repo']}#{shown['number']}", shown["concerns"]
        is_blocked = any((name, c["name"]) in known and not c["resolved"] for c in concerns)
        ticked = [box["who"] for box in shown["reviewers"] if box["checked"] and (name, box["who"]) not in signed]
        against += [(name, shown["snapshot_date"], who) for who in ticked if is_blocked]
        signed |= {(name, who) for who in ticked if not is_blocked}
        known |= {(name, concern["name"]) for concern in concerns}
    return against


def first_of_each(refused: list[Json]) -> list[Json]:
    """The first of those that were tried again at later meetings."""
    return list({(change["item"], change["who"]): change for change in reversed(refused)}.values())


def ordered(changes: list[Json]) -> list[str]:
    return sorted(json.dumps(change, sort_keys=True) for change in changes)
