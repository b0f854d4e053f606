"""What each argument of a command means, for people; the same name means the same in every command."""

from typing import Final

ARGUMENTS: Final[dict[str, str]] = {
    "team": "The team whose backlog it goes to, or whose role it is.",
    "person": "Who gets the role.",
    "title": "What it is called, in one line.",
    "track": "The functional or the technical backlog.",
    "kind": "What sort it is.",
    "narrative": "The story in your words.",
    "why": "Why, in your words.",
    "value": "What it is worth, and to whom.",
    "criteria": "What must be true for it to be accepted.",
    "constraints": "What a solution must respect.",
    "deployment": "What bringing it to users takes.",
    "expected_digest": "The digest of the content you were shown; refused when it has changed since.",
    "editorial": "Only the wording changes: sign-offs stay. Allowed for the title and the narrative.",
    "above": "The item that comes directly before it; leave it out for the top.",
    "below": "The item that comes directly after it; leave it out for the end.",
    "points": "How large it is, in story points from 0 to 1000.",
    "statement": "What you have to say, in your words.",
    "stance": "ADVISORY speaks, BLOCKING stops the item until it is settled.",
    "lifts_when": "What would lift it; a block must say so.",
    "reason": "Why you push back; UNSORTED may be sorted later by either side.",
    "text": "Your answer.",
    "fixed_in": "The id of the revision that fixes it, if one does.",
    "consequence": "What follows from agreeing.",
    "label": "What you sign: READY, ACCEPTANCE or ARCHITECTURE; for a token, what it is for.",
    "name": "What it is called.",
    "role": "Which role.",
    "starts_at": "From when it holds; now when left out.",
    "ends_at": "Until when it holds; open when left out.",
}
