"""Our own signature on a Message-ID or a reply address.

RFC 5322, 3.6.4 (In-Reply-To, References) and RFC 5233 (subaddress). Accepts an id or address whose HMAC is
ours: `In-Reply-To: <maild.15789.x7k.SIG@desk.example>` -> 15789; `To: help+15789.SIG@desk.example` -> 15789.

Needs no row in the database: the signature alone tells the number, so it also holds for ids that were
never recorded (a restored backup). Known false match: a customer who forwards our mail to somebody else
gives them a genuine token; that is why the sender still decides about joining.
"""

from __future__ import annotations

from collections.abc import Iterator

from maild.model import Match
from threading_rules.view import MAX_IDS, ThreadView

name = "reply_token"
description = "a signed Message-ID of ours in In-Reply-To or References, or our signed reply address"
example = "In-Reply-To: <maild.15789.x7k.SIG@desk.example>"


def check(view: ThreadView) -> Match:
    """In-Reply-To, then References nearest first, then To, Cc and the envelope's recipients."""
    missing = ""
    for place, text, number in _signed(view):
        if view.exists(number):
            return Match(name, number, f"{place}: {text} carries our signature", "token")
        missing = missing or f"{place}: {text} carries our signature, but ticket {number} does not exist"
    return Match(name, None, missing or "no signed id or address of ours", "token")


def _signed(view: ThreadView) -> Iterator[tuple[str, str, int]]:
    mail = view.mail
    nearest = tuple(reversed(mail.references[-MAX_IDS:]))
    # the oldest is our thread root, however many ids stand in between
    for place, ids in (
        ("In-Reply-To", mail.in_reply_to[:MAX_IDS]),
        ("References", (*nearest, *mail.references[:1])),
    ):
        for message_id in ids:
            number = view.verify(message_id)
            if number is not None:
                yield place, message_id, number
    written = (("To", mail.to), ("Cc", mail.cc))
    for place, boxes in written:
        for box in boxes[:MAX_IDS]:
            number = view.verify_address(box.address) if "+" in box.address else None
            if number is not None:
                yield place, box.address, number
    for address in view.recipients:
        number = view.verify_address(address) if "+" in address else None
        if number is not None:
            yield "envelope recipient", address, number
