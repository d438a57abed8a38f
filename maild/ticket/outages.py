"""Known disturbances: whose mail belongs to which, and who says that theirs does not."""

from __future__ import annotations

from collections.abc import Iterable

from maild.mail.keywords import matcher, phrase_matcher, tokens
from maild.model import OutageFacts, TicketFacts
from maild.ticket.phases import ENDED, Phase

#: "not this" stands in the first words of a reply or nowhere
_FIRST_WORDS = 25


def matching(
    outages: Iterable[OutageFacts], company_key: str | None, subject: str, new_text: str
) -> tuple[OutageFacts, ...]:
    """The open outages that such a mail is about, the newest first.

    No company named: all of them (and senders of none); no word named: all their mail. Words match whole
    words of subject and new text without regard to case and accents, `print*` by beginning.
    """
    touched = [
        o
        for o in outages
        if o.resolved_at is None
        and (not o.companies or (company_key is not None and company_key in o.companies))
    ]
    if not touched:
        return ()
    words = tokens(f"{subject}\n{new_text}")
    fitting = [o for o in touched if not o.words or matcher((o.words,)).hits(words)]
    return tuple(sorted(fitting, key=lambda o: (o.opened_at, o.id), reverse=True))


def says_not_this(new_text: str) -> bool:
    """Whether a reply says that the known outage is not what its writer means, in any of our languages."""
    words = tokens(new_text)[:_FIRST_WORDS]
    return bool(phrase_matcher("not_this").hits(words))


def closes_by_silence(ticket: TicketFacts) -> bool:
    """Whether a ticket whose outage is over closes where nobody writes: what waits for a consent does not, nor what asks
    for one and waits for a colleague who confirms it first."""
    return ticket.phase not in ENDED and ticket.phase != Phase.AWAITING_APPROVAL and ticket.state.asks is None
