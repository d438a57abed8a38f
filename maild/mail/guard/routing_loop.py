"""Does the mail go round in circles?

RFC 5321, 6.3 (counting Received); Delivered-To and X-Loop are custom (Postfix, procmail). In: 51 fields
Received -> loop; `X-Loop: help@desk.example` -> loop; the same Delivered-To of ours three times -> loop (once
or twice is what a mailbox and its alias leave).
Known false match: a chain of more than 50 honest relays; common MTAs refuse those themselves.
"""

from __future__ import annotations

from collections import Counter

from maild.mail.guard.context import GuardView, cut
from maild.mail.guard.own import is_desk_address
from maild.model import Reason, Verdict

name = "routing_loop"
description = (
    "too many Received fields, X-Loop with our address, or the same Delivered-To of ours again and again"
)
example = "X-Loop: help@desk.example"
counter_example = "X-Loop: dev@lists.example"

#: Postfix's hopcount_limit: a mail with more would hardly have come this far
MAX_HOPS = 50
MAX_DELIVERIES = 2


def check(view: GuardView) -> Verdict | None:
    """Hops, X-Loop, Delivered-To."""
    hops = len(view.fields.get("received", ()))
    if hops > MAX_HOPS:
        return _verdict("too-many-hops", f"{hops} Received fields")
    for value in view.fields.get("x-loop", ()):
        if is_desk_address(value.strip(" <>"), view.ctx.desk_addresses):
            return _verdict("x-loop", view.evidence("x-loop", value))
    delivered = view.fields.get("delivered-to", ())
    if len(delivered) <= MAX_DELIVERIES:
        return None
    for address, times in Counter(value.strip(" <>").lower() for value in delivered).items():
        if times > MAX_DELIVERIES and is_desk_address(address, view.ctx.desk_addresses):
            return _verdict("delivered-again", f"Delivered-To: {address} ({times} times)")
    return None


def _verdict(code: str, evidence: str) -> Verdict:
    return Verdict("loop", (Reason(code, cut(evidence)),), name)
