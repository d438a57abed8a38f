"""References hold a mail that we know, nearest first; or another mail's References waited for this one.

RFC 5322, 3.6.4: the field lists the thread from its root to the parent, so the last id is the nearest.
`References: <root@x> <a@y> <b@z>` -> the ticket of b, else of a, else of the root.

Late parents: a reply that came before its parent opened a ticket and left the parent's id as awaited; when
the parent comes, its own Message-ID points to that ticket. Relays that rewrite the ids of our mails (SES,
Exchange) leave the thread's root in References: that is enough. Known false match: as `in_reply_to`.
"""

from __future__ import annotations

from collections.abc import Iterator

from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import MAX_IDS, Asked, Rule, ThreadView, by_id, each_once

name = "references"


def asks(mail: Mail, settings: ThreadingSettings, recipients: tuple[str, ...]) -> Asked:
    """The nearest ids, the oldest, and the mail's own, which a ticket may wait for."""
    own = (mail.message_id,) if mail.message_id else ()
    return Asked(ids=(*_nearest_first(mail), *own))


def check(view: ThreadView) -> tuple[Match, ...]:
    """References from the end, then the root, then the mail's own id as an awaited parent."""
    found = each_once(_found(view))
    if found:
        return found
    because = (
        "none of the References is known here" if view.mail.references else "References are empty or absent"
    )
    return (Match(name, None, because, "message_id"),)


def _found(view: ThreadView) -> Iterator[Match]:
    for message_id in _nearest_first(view.mail):
        for fact in view.known(message_id):
            yield by_id(name, fact, "References")
    own = view.known(view.mail.message_id) if view.mail.message_id else ()
    for fact in own:
        if fact.origin == "awaited":
            because = f"Message-ID: {fact.key} is the parent that a mail on the ticket answered"
            yield Match(name, fact.ticket, because, "message_id")


def _nearest_first(mail: Mail) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*reversed(mail.references[-MAX_IDS:]), *mail.references[:1])))


RULE = Rule(
    name=name,
    description="References hold a mail of the ticket (nearest first), or the ticket waits for this very mail",
    example="References: <maild.15789.SIG@desk.example> <CAF1@mail.acme.example>",
    asks=asks,
    check=check,
)
