"""Is it a reaction: a thumb or a heart that a mail program sent as a mail of its own?

Nobody's RFC. Gmail sends a part of its own type beside "Anna reacted via Gmail"; Outlook sends "Anna reacted to your
message" above the mail; phones send `Liked "[#1001] Printer"`. In: a text of one sign and that sentence -> auto_reply,
which is recorded and does nothing more. Counter-example: "Peter reacted to your message yesterday, but I did not see
it. It still jams.". Known false match: a person who writes nothing but that sentence.
"""

from __future__ import annotations

import re

from maild.mail.guard.context import GuardView, cut
from maild.mail.guard.vacation import names_itself
from maild.model import Reason, Verdict

name = "reaction"
description = "a reaction that a mail program sent as a mail: a thumb, a heart"
example = "Subject: Re: Printer\n\nAnna reacted via Gmail"
counter_example = (
    "Subject: Re: Printer\n\nPeter reacted to your message yesterday, I did not see it. It still jams."
)

#: a reaction's whole new text has no more characters
_LONGEST = 220
_SAYS = re.compile(
    r"\breacted (?:via gmail|to (?:your|a) (?:message|e-?mail))|\bliked (?:your|an?|this) (?:message|e-?mail)|"
    r"hat (?:(?:über|mit|in) gmail reagiert|auf ihre|auf deine)[^\n]{0,30}(?:reagiert|$)|"
    r"gefällt (?:ihre|deine) (?:nachricht|e-?mail)|"
    r"\bheeft (?:(?:via|met|in) gmail gereageerd|gereageerd (?:op (?:je|uw)|(?:via|met|in) gmail))|"
    r"vindt (?:je|uw) (?:bericht|e-?mail) leuk|"
    r"\ba (?:réagi (?:via|avec|dans|à votre|à ton)|aimé (?:votre|ton) (?:message|e-?mail))|"
    r"\breagált (?:(?:a|az)? ?gmail|az? (?:ön )?üzenet|a level)|\bha reaccionado|\bha reagito|\breagiu |"
    r"\bzareagował|\breagoval|"
    r"\breagerade |\breagerte |\breagoi "
)
#: Apple's: the verb, and the mail's own words in quotes
_TAPBACK = re.compile(
    r"(?:liked|loved|disliked|tapped [^\w\s]{1,8} on|laughed at|"
    r"emphasi[sz]ed|questioned|gefällt|a aimé|a adoré|vond leuk|tetszik)\s{0,3}"
    r"[\"“„«][^\"”“»]{1,200}[\"”“»]\s*"
)
#: ... in any wording, where the writer's own name stands before it: nobody speaks so of themselves
_VERB = re.compile(
    r"\b(?:reacted|liked|loved|disliked|laughed|emphasi[sz]ed|questioned|reagiert|gefällt|gereageerd|leuk|réagi|aimé|adoré|"
    r"reagált|tetszik|reaccion\w+|reagito|reagiu|curtiu|zareagował\w*|reagoval\w*|reagerade|gillar|reagerte|likte|"
    r"reagoi|tykkäsi)\b"
)
#: one of these stands in each of them: an ordinary mail is held against no pattern
_STEMS = (
    "reac", "reag", "réagi", "reakc", "liked", "loved", "laughed", "emphasi", "questioned", "tapped", "gefällt", "leuk",
    "aimé", "adoré", "tetszik", "curti", "gillar", "likte", "tykkä",
)  # fmt: skip
#: above the mail that is reacted to stand its fields
_FIELDS_BELOW = re.compile(r"\n[ \t]{0,8}\n[^\n:]{2,14} ?: [^\n]{3,}")
_LINK = re.compile(r"<?https?://\S+>?")
_LETTERS = re.compile(r"[^\W0-9_]+")
_MOST_WORDS = 12


def check(view: GuardView) -> Verdict | None:
    """The sentence, with next to nothing beside it: in the text, or in the subject above one sign."""
    subject, text = view.mail.subject[:_LONGEST].lower(), view.mail.new_text[: 3 * _LONGEST].lower()
    if len(text.strip()) > _LONGEST and "http" not in text and ":" not in text:
        return None  # too long, and nothing that is left out below makes it shorter
    if not (any(map(text.__contains__, _STEMS)) or any(map(subject.__contains__, _STEMS))):
        return None
    text = _LINK.sub(" ", text).strip()
    fields = _FIELDS_BELOW.search(text)
    text = text[: fields.start()] if fields else text
    if len(text) > _LONGEST or "?" in text:
        return None
    said = _SAYS.search(text) or _TAPBACK.fullmatch(text)
    if said is None and _VERB.search(text) and names_itself(view, text):
        said = _VERB.search(text)
    if said is not None and len(_LETTERS.findall(text)) <= _MOST_WORDS:
        return _verdict(text)
    if _SAYS.search(subject) and len(_LETTERS.findall(text)) <= _MOST_WORDS // 3:
        return _verdict(subject)
    return None


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("reaction", cut(evidence)),), name)
