"""`[guards] open_for`: automatic senders (monitoring, web forms) that do open tickets.

Entries are an address, `@domain` or `*@domain`. Such a mail gets a verdict of kind "request" whose first
reason is `open-for` and whose others say what made it automatic: it opens a ticket and is never answered.
Bounces, loops, spam marks and our own ids are not let through.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict


def opens_for(view: GuardView, verdict: Verdict) -> Verdict | None:
    """The verdict to use instead, or None when nothing allows this sender."""
    own_address = verdict.kind == "own" and verdict.reasons[0].code == "own-address"
    if verdict.kind not in ("auto_reply", "list") and not own_address:
        return None
    sender = view.mail.sender.address if view.mail.sender else None
    entry = _entry(sender, view.ctx.guards.open_for) if sender else None
    if entry is None:
        return None
    reason = Reason("open-for", f"[guards] open_for: {entry}")
    return Verdict("request", (reason, *verdict.reasons), verdict.guard)


def _entry(sender: str, allowed: tuple[str, ...]) -> str | None:
    domain = sender.rpartition("@")[2]
    for entry in allowed:
        low = entry.strip().lower()
        if low == sender or low.removeprefix("*") == f"@{domain}":
            return entry
    return None
