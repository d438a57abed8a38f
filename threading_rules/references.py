"""References hold a mail that we know, nearest first; a meeting's UID is known; or a ticket waited for this mail.

RFC 5322, 3.6.4: the field lists the thread from its root to the parent, so the last id is the nearest.
`References: <root@x> <a@y> <b@z>` -> the ticket of b, else of a, else of the root.

Late parents: a reply that came before its parent opened a ticket and left the parent's id as awaited; when
the parent comes, its own Message-ID points to that ticket. Relays that rewrite the ids of our mails (SES,
Exchange) leave the thread's root in References: that is enough.

Calendars name no ids: an invitation, its updates, its cancellation and the answers to them are tied by the UID
(RFC 5545, 3.8.4.7; RFC 5546, 2.1.5): `UID:abc123@acme.example` -> the ticket of the invitation.

Known false match: as `in_reply_to`.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import MAX_IDS, Kept, Rule, RuleKeys, ThreadView, by_id, each_once

name = "references"

#: longer ones are kept as their SHA-256
_LONGEST_UID = 300


def asks(mail: Mail, _settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """The nearest ids, the oldest, and the mail's own, which a ticket may wait for."""
    own = (mail.message_id,) if mail.message_id else ()
    nearest = _nearest_first(mail) if mail.references else ()
    return RuleKeys(ids=(*nearest, *own), keys=_meeting(mail) if mail.calendar else ())


def keeps(mail: Mail) -> Kept:
    """A meeting means the ticket of its invitation."""
    return Kept(mine=_meeting(mail))


def check(view: ThreadView) -> tuple[Match, ...]:
    """References from the end, then the root, then the meeting, then the mail's own id as an awaited parent."""
    matches = each_once(_found(view))
    if matches:
        return matches
    because = (
        "none of the References is known here" if view.mail.references else "References are empty or absent"
    )
    return (Match(name, None, because, "message_id"),)


def _found(view: ThreadView) -> Iterator[Match]:
    for message_id in _nearest_first(view.mail):
        for fact in view.known(message_id):
            yield by_id(name, fact, "References")
    for key in _meeting(view.mail):
        for fact in view.known(key):
            yield Match(
                name, fact.ticket, f"the meeting {key.partition(':')[2]} is the ticket's", "message_id"
            )
    own = view.known(view.mail.message_id) if view.mail.message_id else ()
    for fact in reversed(own):  # who waited first goes first
        if fact.origin == "awaited":
            because = f"Message-ID: {fact.key} is the parent that a mail on the ticket answered"
            yield Match(name, fact.ticket, because, "message_id")


def _nearest_first(mail: Mail) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*reversed(mail.references[-MAX_IDS:]), *mail.references[:1])))


def _meeting(mail: Mail) -> tuple[str, ...]:
    uid = mail.calendar.uid if mail.calendar else ""
    if len(uid) > _LONGEST_UID:
        uid = sha256(uid.encode("utf-8", "replace")).hexdigest()
    return (f"calendar:{uid}",) if uid else ()


RULE: Rule = Rule(
    name=name,
    description="References hold a mail of the ticket (nearest first), a meeting is the ticket's, or it waits for this mail",
    example="References: <maild.15789.SIG@desk.example> <CAF1@mail.acme.example>",
    counter_example="References: <CAF1@mail.other.example>\nMessage-ID: <CAF1@mail.acme.example>",
    asks=asks,
    check=check,
    keeps=keeps,
)
