"""A functional and a technical product owner, each signing their own stories, under different definitions of done."""

from domain.commands.definition import Criterion
from domain.commands.sign_offs.checklist import Check
from domain.events.definition import DefinitionUse
from domain.events.item import Track
from domain.events.sign_off import Label
from tests.scenarios.telling import Story

FUNCTIONAL = (
    Criterion(id="shown", text="It was shown to a listener.", evidence_required=True),
    Criterion(id="words", text="An editor has read the words."),
)
TECHNICAL = (
    Criterion(id="load", text="It holds at twice the load of a championship.", evidence_required=True),
    Criterion(id="back", text="There is a way back, and it was tried."),
)
BY_LISTENERS = Check(criterion="shown", evidence="Three listeners found it at once")
SHOWN = """state actingRole signer { name } item { status author { name } }
    definition { track number } criteria met evidence"""


async def test_functional_and_technical_owners_sign_their_own_stories_under_different_definitions(story: Story) -> None:
    # Sam writes down what the team agreed: done means one thing for what listeners see, another for what runs below.
    await story.it_becomes("2025-01-06 09:00")
    for track, checks in ((Track.FUNCTIONAL, FUNCTIONAL), (Track.TECHNICAL, TECHNICAL)):
        said = {"use": DefinitionUse.DONE, "track": track, "checks": checks, "why": "Agreed on Friday"}
        await story.does("Sam", "adopt definition", story.team, **said)
    show = await story.drafts("Paula", "Show what is on air")
    move = await story.drafts("Tom", "Move the archive to cheaper disks", track=Track.TECHNICAL)

    await story.it_becomes("2025-01-20 16:00")
    await paula_accepts_hers(story, show)
    his = await tom_accepts_his(story, move)

    # Tom does not accept what is Paula's: what listeners see is hers.
    other = await story.is_refused(
        "Tom", "grant sign off", show, label=Label.ACCEPTANCE, expected_digest=await story.digest(show)
    )
    assert (other.code, other.who_could) == ("NOT_AUTHORISED", ("PRODUCT_OWNER",))

    # Later the technical definition becomes stricter. What Tom signed was signed by the first version, and says so.
    await story.it_becomes("2025-02-03 09:00")
    stricter = (*TECHNICAL, Criterion(id="cost", text="What it costs a month is known."))
    said = {"use": DefinitionUse.DONE, "track": Track.TECHNICAL, "checks": stricter, "why": "The bill of January"}
    await story.does("Sam", "adopt definition", story.team, **said)
    kept = await story.sees("Dora", his, "state definition { number }")
    assert kept == {"state": "LIVE", "definition": {"number": 1}}


async def paula_accepts_hers(story: Story, show: str) -> None:
    # Paula accepts the story that she wrote herself: by her criteria, one by one, with what shows it.
    hasty = await story.is_refused(
        "Paula", "grant sign off", show, label=Label.ACCEPTANCE, checklist=(BY_LISTENERS,),
        expected_digest=await story.digest(show),
    )  # fmt: skip
    assert (hasty.code, hasty.unmet) == ("CHECKLIST_INCOMPLETE", ("words",))
    hers = await story.signs("Paula", show, label=Label.ACCEPTANCE, checklist=(BY_LISTENERS, Check(criterion="words")))
    assert await story.sees("Dora", hers, SHOWN) == {
        "state": "LIVE", "actingRole": "PRODUCT_OWNER", "signer": {"name": "Paula"},
        "item": {"status": "ACCEPTED", "author": {"name": "Paula"}},
        "definition": {"track": "FUNCTIONAL", "number": 1},
        "criteria": ["shown", "words"], "met": [True, True], "evidence": ["Three listeners found it at once", ""],
    }  # fmt: skip


async def tom_accepts_his(story: Story, move: str) -> str:
    # Tom accepts his: nobody asks him about listeners, and he may leave a criterion unmet if he says why.
    strange = await story.is_refused(
        "Tom", "grant sign off", move, label=Label.ACCEPTANCE, checklist=(BY_LISTENERS,),
        expected_digest=await story.digest(move),
    )  # fmt: skip
    assert (strange.code, strange.unmet) == ("UNKNOWN_CRITERION", ("shown",))
    load = Check(criterion="load", evidence="Twice the final of 2022, for an hour")
    back = Check(criterion="back", met=False, waived_why="The old disks are kept until June")
    his = await story.signs("Tom", move, label=Label.ACCEPTANCE, checklist=(load, back))
    assert await story.sees("Dora", his, SHOWN) == {
        "state": "LIVE", "actingRole": "TECHNICAL_PRODUCT_OWNER", "signer": {"name": "Tom"},
        "item": {"status": "ACCEPTED", "author": {"name": "Tom"}},
        "definition": {"track": "TECHNICAL", "number": 1},
        "criteria": ["load", "back"], "met": [True, False], "evidence": ["Twice the final of 2022, for an hour", ""],
    }  # fmt: skip
    return his
