"""Is it a reaction: a thumb or a heart that a mail program sent as a mail of its own?

Nobody's RFC. Gmail sends a part of its own type beside "Anna reacted via Gmail"; Outlook sends "Anna reacted to your
message" above the mail. In: a text of one sign and that sentence -> auto_reply, which is recorded and does nothing
more. Known false match: a person who writes nothing but that sentence.
"""

from __future__ import annotations

import re

from maild.mail.guard.context import GuardView, cut
from maild.model import Reason, Verdict

name = "reaction"
description = "a reaction that a mail program sent as a mail: a thumb, a heart"
example = "Anna reacted via Gmail"

#: a reaction's whole new text has no more characters
_LONGEST = 220
_SAYS = re.compile(
    r"\breacted (?:via gmail|to your (?:message|e-?mail))|hat (?:über gmail reagiert|auf ihre|auf deine)[^\n]{0,30}"
    r"(?:reagiert|$)|\bheeft (?:via gmail gereageerd|gereageerd op (?:je|uw))|\ba réagi (?:via gmail|à votre|à ton)|"
    r"\breagált (?:a gmail|az? üzenet|a level)|\bha reaccionado|\bha reagito|\breagiu |\bzareagowa|\breagoval"
)
_LINK = re.compile(r"<?https?://\S+>?")
_LETTERS = re.compile(r"[^\W0-9_]+")
_MOST_WORDS = 12


def check(view: GuardView) -> Verdict | None:
    """The sentence, with next to nothing beside it."""
    text = _LINK.sub(" ", view.mail.new_text[: 2 * _LONGEST]).strip().lower()
    if not text or len(text) > _LONGEST:
        return None
    said = _SAYS.search(text)
    if said is None or len(_LETTERS.findall(text)) > _MOST_WORDS or "?" in text:
        return None
    return Verdict("auto_reply", (Reason("reaction", cut(text)),), name)
