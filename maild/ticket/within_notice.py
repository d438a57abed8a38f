"""Does a text that reads as an absence notice ask for what needs a consent?

Law: what a notice tells of its writer's own mail ("I have limited access to e-mail", "Eva has access to my mailbox")
asks for nothing, unless its clause asks for it to be given, says that somebody else should have it, or tells of
nobody's having it ("access to my mailbox for Eva"); everything else is what it is in any mail. "I am away until
Monday and answer then. Please give my deputy access to my mailbox" asks. It errs to the request: a notice that is
taken for one waits for an agent, a request that is taken for a notice is read by nobody.
"""

from __future__ import annotations

import re
from functools import lru_cache

from maild.mail.keywords import Matcher, matcher, phrase_matcher, phrases, tokens, words_among
from maild.model import Mail
from maild.settings import Settings
from maild.ticket.asked_for import asked_for
from maild.ticket.vocabulary import TicketKind

_OWN_MAIL = re.compile(
    r"\b(?:access to|zugriff auf|zugang zu|toegang tot|accès à)"
    r"(?: (?:my|our|the|mein|meinen?|meine[mr]|unseren?|die|das|mijn|onze|de|ma|mes|mon|la|les))?"
    r"(?: (?:work|business|company|office|own))?"
    r" (?:e-?mails?|mails?|mailbox|inbox|messages?|post(?:fach|vak)|nachrichten|berichten|messagerie|courriels?|internet|"
    r"(?:tele)?(?:phone|fon|foon))\b",
    re.IGNORECASE,
)
_NOTICE_CLAUSE = re.compile(r"[^.,;:!?\n]+")
#: what a notice says of its writer: "I may not have access"; nobody else may so
_OF_ITSELF = frozenset(("may", "must", "should", "shall", "yet"))
_NEVER_ASKS = frozenset(("without",))


def asks_within_notice(subject: str, mail: Mail, settings: Settings) -> TicketKind | None:
    """What the mail asks for that needs a consent. `subject`: what its subject says of its own."""
    text, seen = map(_without_own_mail, (mail.new_text, mail.visible_new_text))
    return asked_for(_without_own_mail(subject), text, mail.language, None, settings, seen=seen)


def _without_own_mail(text: str) -> str:
    return _NOTICE_CLAUSE.sub(_left, text) if _OWN_MAIL.search(text) else text


def _left(clause: re.Match[str]) -> str:
    said = clause[0]
    words = tokens(said)
    asking = _giving(of_writer=not words_among("writer").isdisjoint(words))
    has_or_not = phrase_matcher("having").hits(words)
    return said if asking.hits(words) or not has_or_not else _OWN_MAIL.sub(" ", said)


@lru_cache(maxsize=2)
def _giving(*, of_writer: bool) -> Matcher:
    """Words of who wants somebody to be given something. `of_writer`: what a clause says of the writer wants less."""
    never = _NEVER_ASKS | _OF_ITSELF if of_writer else _NEVER_ASKS
    asks = tuple(word for word in phrases("asks") if word not in never)
    return matcher((asks if of_writer else (*asks, *phrases("others_should")),))
