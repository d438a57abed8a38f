"""Is it our own mail that came back?

Accepts: a Message-ID that carries our signature or that we sent, our own X-Maild-Instance, or a From that is
one of the desk's addresses. In: `From: help@desk.example` at help@desk.example -> own.
Known false match: an agent who writes from the desk's own address in a mail program; it stands in review.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView, cut
from maild.mail.text.addresses import all_folded, folded, split_detail
from maild.model import Reason, Verdict

name = "own"
description = "our own Message-ID, our own instance, or From is one of the desk's addresses"
example = "X-Maild-Instance: 7f3a"
counter_example = "X-Maild-Instance: another desk's"

#: the reason of what has a Message-ID that only we make
OWN_ID = "own-message-id"


def check(view: GuardView) -> Verdict | None:
    """The id first: relays keep it more often than they keep our X- fields."""
    own_id = view.mail.message_id
    if own_id and (own_id in view.ctx.known_outbound or view.ctx.is_ours(own_id)):
        return _verdict(OWN_ID, f"Message-ID: {own_id}")
    if view.ctx.instance and view.ctx.instance in view.fields.get("x-maild-instance", ()):
        return _verdict("own-instance", view.evidence("x-maild-instance"))
    for box in view.mail.froms:
        if is_desk_address(box.address, view.ctx.desk_addresses):
            return _verdict("own-address", f"From: {box.address}")
    return None


def is_desk_address(address: str, desk_addresses: tuple[str, ...]) -> bool:
    """One of the desk's addresses, with or without a subaddress (RFC 5233)."""
    ours, theirs = all_folded(desk_addresses), folded(address)
    return theirs in ours or ("+" in theirs and split_detail(theirs)[0] in ours)


def _verdict(code: str, evidence: str) -> Verdict:
    return Verdict("own", (Reason(code, cut(evidence)),), name)
