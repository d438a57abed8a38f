"""Is it a reaction: a thumb or a heart that a mail program sent as a mail of its own?

Nobody's RFC. Gmail sends a part of its own type beside "Anna reacted via Gmail"; Outlook sends "Anna reacted to your
message" above the mail; phones send `Liked "[#1001] Printer"`. In: a text of one sign and that sentence -> auto_reply,
which is recorded and does nothing more. Counter-example: "Peter reacted to your message yesterday, but I did not see
it. It still jams."; "Anna reacted to your message. Give Eva admin rights!". Known false match: a person who writes
nothing but that sentence.
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
#: ends a stretch of words; a dot or a colon inside a name ends nothing
_STRETCH_END = re.compile(r"[.,;:!?\u2013\u2014](?=\s|\Z)|\n| - ")
#: no sign that opens one stands within: a run of them is looked at once
_QUOTE = re.compile(r"[\"\u201c\u201e\u00ab][^\"\u201c\u201d\u201e\u00ab\u00bb]{0,200}[\"\u201d\u201c\u00bb]")
#: what a sign is called where it cannot be shown
_SIGN_NAMES = frozenset((
    "like", "thumbs", "up", "heart", "laugh", "celebrate", "surprised", "sad", "daumen", "hoch", "herz", "duim", "omhoog",
    "hart", "hüvelykujj", "fel", "szív", "pouce", "levé", "cœur",
))  # fmt: skip
#: words beyond the sentence's own in its stretch: a name before, a sign's name behind
_MOST_BEFORE, _MOST_BEHIND, _ENDING = 5, 3, 1
#: ... where what was reacted to is named already, an ending is left: "Gmail-ben", "\u00fczenetedre"
_NAMED = re.compile(r"gmail|mess|mail|nachricht|bericht|\u00fczenet|level")
#: the writer speaks of what they did: a person
_SPEAKS_OF_ONESELF = re.compile(r"(?:\A|[\s.,;:!])(?:i|ich|ik|en|én|je|j'|yo|io|eu)(?:\s|['\u2019]|\Z)")
#: beside the sentence in the subject, the sign and at most the subject of the mail that is reacted to
_SIGN_AND_SUBJECT = re.compile(r"[\W_]*(?:\[#[0-9]{1,12}\][^\n]{0,80})?")
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
    if _TAPBACK.fullmatch(text):
        return _verdict(text) if len(_LETTERS.findall(text)) <= _MOST_WORDS else None
    said = _SAYS.search(text)
    own = said is None and names_itself(view, text)
    if own:
        said = _VERB.search(text)
    if (
        said is not None
        and len(_LETTERS.findall(text)) <= _MOST_WORDS
        and _says_only_that(text, said, own=own)
    ):
        return _verdict(text)
    if _SAYS.search(subject) and _SIGN_AND_SUBJECT.fullmatch(text):
        return _verdict(subject)
    return None


def _says_only_that(text: str, said: re.Match[str], *, own: bool) -> bool:
    """Whether beside the sentence stand but signs and what they are called.

    `own`: it stands in any wording behind the writer's name.
    """
    begin = max((end.end() for end in _STRETCH_END.finditer(text, 0, said.start())), default=0)
    found = _STRETCH_END.search(text, said.end())
    end = found.start() if found else len(text)
    sentence = text[begin : said.start()], text[said.end() : end]
    if _SPEAKS_OF_ONESELF.search(sentence[0]):
        return False
    before, behind = (_LETTERS.findall(_QUOTE.sub(" ", part)) for part in sentence)
    most = _ENDING if _NAMED.search(said[0]) else _MOST_BEHIND
    if not own and (len(before) > _MOST_BEFORE or not _SIGN_NAMES.issuperset(behind[most:])):
        return False
    beside = _LETTERS.findall(_QUOTE.sub(" ", f"{text[:begin]} {text[end:]}"))
    return _SIGN_NAMES.issuperset(beside)


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("reaction", cut(evidence)),), name)
