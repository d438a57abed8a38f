"""In-Reply-To names a mail that we know.

RFC 5322, 3.6.4. Accepts any id in the field (real ones hold several, with addresses and comments between;
parse/ gives the ids): `In-Reply-To: <CAF1@mail.acme.example>` -> the ticket on which that mail stands.

The customer's own earlier mails count, and ids that a ticket still waits for (a reply that came before its
parent). An empty field matches nothing. Known false match: a new topic written as a reply to an old mail;
`maild.app.thread` looks at the subject for that.
"""

from __future__ import annotations

from maild.model import Match
from threading_rules.view import MAX_IDS, ThreadView, by_id

name = "in_reply_to"
description = "In-Reply-To names a mail of the ticket: ours, the customer's, or one it still waits for"
example = "In-Reply-To: <CAF1@mail.acme.example>"


def check(view: ThreadView) -> Match:
    """The first id that belongs to a ticket; our own ids go before others."""
    ids = view.mail.in_reply_to[:MAX_IDS]
    if not ids:
        return Match(name, None, "In-Reply-To is empty or absent", "message_id")
    known = [fact for fact in map(view.known, ids) if fact]
    for fact in known:
        if fact.origin in ("root", "out"):
            return by_id(name, fact, "In-Reply-To")
    if known:
        return by_id(name, known[0], "In-Reply-To")
    return Match(name, None, f"In-Reply-To: {ids[0][:120]} is not known here", "message_id")
