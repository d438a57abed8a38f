"""Was it sent with the null sender?

RFC 5321, 4.5.5: `MAIL FROM:<>` is for mail that must not be answered. In: Return-Path `<>` -> auto_reply.
Runs last: bounces, receipts and vacation answers have their own guards. Known false match: a form mailer
that is set up wrongly; `[guards] open_for` lets it open tickets.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "null_sender"
description = "the envelope's sender is the null one"
example = "Return-Path: <>"
counter_example = "Return-Path: <anna@acme.example>"


def check(view: GuardView) -> Verdict | None:
    """What `GuardView.null_sender` says."""
    if not view.null_sender:
        return None
    how = "MAIL FROM:<>" if view.envelope.mail_from == "" else "Return-Path: <>"
    return Verdict("auto_reply", (Reason("null-envelope-sender", how),), name)
