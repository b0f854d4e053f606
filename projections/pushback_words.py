"""What columns and fields mean that only speak of going ahead over a pushback, of rulings and of what follows.

They are sentences like those of projections/words.py.
"""

from typing import Final

OF_PUSHBACKS: Final = {
    "substantiated": "The event that said what the concern is for which the item was held; null where it was not.",
    "PushbackRaised.due_at": "Until when it holds the item while its raiser looks into it; null where it says all.",
    "understanding": "What the raiser said to their concern as the override restates it; null while they said nothing.",
    "owed": "What is owed after it ended; null when nothing is.",
    "arbiter_ids": "The ids of those who may rule on it, as of when it was escalated or somebody recused themselves.",
    "override": "The last proposal to go ahead over it.",
    "understood": "The raiser's last reply to an override; null while there is none.",
    "rescinded": "The last time an override was taken back.",
    "ratified": "The event by which an emergency override was ratified; null while it was not.",
    "escalated": "The event by which it was escalated; null while it was not.",
    "ruled": "The ruling on it; null while there is none.",
    "change_made": "The last revision that has to be looked at, or was, for a change that a ruling asked for.",
    "OverrideProposed.due_at": "When it takes effect unless it is rescinded or escalated.",
    "is_emergency": "Whether it takes effect at once when a second person seconds it.",
    "rationale": "Why all the same.",
    "concern_restated": "The concern in the words of who goes ahead over it.",
    "not_addressed": "What of the concern stays unaddressed.",
    "PushbackOverridden.understanding": "What the raiser replied in the time they had.",
    "UnderstandingDisputed.text": "What the restatement gets wrong.",
    "OverrideRatified.text": "What the third person says to it.",
    "proposer_id": "The id of the person who proposed it.",
    "seconder_id": "The id of the second person; null when it was no emergency.",
    "ratifier_id": "The id of the person who should ratify it; null when nobody has to or nobody is there.",
    "parties": "The ids of those who cannot rule on it: whose it is and was, the author, who answered or overrides.",
    "arbiters": "The ids of those who may rule on it as things are.",
    "recused": "The ids of those who said that they do not rule on it.",
    "required_change": "What has to change; null where it is what the pushback asks for.",
    "PushbackUpheld.rationale": "Why it is upheld.",
    "PushbackOverruled.rationale": "Why it is overruled.",
    "dissent_count": "How often somebody put on record that they still disagree with how it ended.",
    "dissented": "The last dissent from how it ended; null while there is none.",
    "DissentRecorded.text": "What the dissenter says.",
    "reminded": "The last reminder that an answer waits for whose pushback it is; null while there is none.",
    "silent_since": "Since when whose pushback it is said nothing.",
    "reminders": "How often they were reminded.",
    "PushbackHolderReminded.due_at": "When it lapses unless they say something.",
    "PushbackResponded.due_at": "When whose pushback it is gets reminded; null in what is older than reminders.",
    "PushbackClaimedAddressed.due_at": "When whose pushback it is gets reminded; null in what is older than reminders.",
    "PushbackReassigned.due_at": "When they are reminded; null where no answer waits for them.",
}
