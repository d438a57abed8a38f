"""What a text asks for that needs a written consent: `classify(...).asks`, quickly where nothing of it is named.

Law: equal to `classify(...).asks` whatever the text. A text can ask for a right or a device only with a word of their
tables in it, plain or masked, or with a verb of those that give (`apart`); one that speaks of a fraud is read sentence by
sentence. All of them are held against a text at once, and most replies hold none: those are not classified.
"""

from __future__ import annotations

from maild.mail.keywords import MOST_CHARACTERS, Matcher, kept_of_newest, matcher, phrases, word_list
from maild.model import CompanyFacts
from maild.settings import Keywords, Settings
from maild.ticket.apart import verbs_that_give
from maild.ticket.classify import classify
from maild.ticket.request_words import HELD, masked
from maild.ticket.vocabulary import TicketKind

_HOLDABLE = frozenset(HELD)


def asked_for(
    subject: str,
    new_text: str,
    language: str | None,
    company: CompanyFacts | None,
    settings: Settings,
    *,
    seen: str = "",
) -> TicketKind | None:
    """A kind of `[approval] kinds`, or None. The arguments are those of `classify`."""
    if _HOLDABLE.issuperset(settings.approval.kinds) and len(new_text) <= MOST_CHARACTERS:
        hides = seen and seen != new_text and _may_ask(f"{subject}\n{seen}", settings.keywords)
        if not hides and not _may_ask(f"{subject}\n{new_text}", settings.keywords):
            return None
    return classify(subject, new_text, language, company, settings, seen=seen).asks


def _may_ask(text: str, tables: tuple[Keywords, ...]) -> bool:
    said = word_list(text)
    return bool(_sieve(tables).hits(said.words, said.different) or masked(text, said, tables))


@kept_of_newest
def _sieve(tables: tuple[Keywords, ...]) -> Matcher:
    """The words of all that holds, without the exceptions, which only take back."""
    held = [word for table in tables if table.kind in HELD for word in table.words]
    words = (*held, *verbs_that_give(), *phrases("frauds"))
    return matcher((tuple(word for word in words if not word.startswith("!")),))
