"""References hold a mail that we know, nearest first; or another mail's References waited for this one.

RFC 5322, 3.6.4: the field lists the thread from its root to the parent, so the last id is the nearest.
`References: <root@x> <a@y> <b@z>` -> the ticket of b, else of a, else of the root.

Late parents: a reply that came before its parent opened a ticket and left the parent's id as awaited; when
the parent comes, its own Message-ID points to that ticket. Relays that rewrite the ids of our mails (SES,
Exchange) leave the thread's root in References: that is enough. Known false match: as `in_reply_to`.
"""

from __future__ import annotations

from maild.model import Match
from threading_rules.view import MAX_IDS, ThreadView, by_id

name = "references"
description = "References hold a mail of the ticket (nearest first), or the ticket waits for this very mail"
example = "References: <maild.15789.SIG@desk.example> <CAF1@mail.acme.example>"


def check(view: ThreadView) -> Match:
    """References from the end, then the root, then the mail's own id as an awaited parent."""
    ids = view.mail.references
    for message_id in (*reversed(ids[-MAX_IDS:]), *ids[:1]):
        fact = view.known(message_id)
        if fact is not None:
            return by_id(name, fact, "References")
    own = view.known(view.mail.message_id) if view.mail.message_id else None
    if own is not None and own.origin == "awaited":
        because = f"Message-ID: {own.message_id} is the parent that a mail on the ticket answered"
        return Match(name, own.ticket, because, "message_id")
    because = "none of the References is known here" if ids else "References are empty or absent"
    return Match(name, None, because, "message_id")
