"""Is it a read receipt?

RFC 8098 (message disposition notifications): `multipart/report; report-type=disposition-notification`;
Exchange also marks `Content-Class: urn:content-classes:mdn`. In: `Read: Printer` of Outlook -> auto_reply.
Known false match: none; a person who forwards a receipt sends another Content-Type.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "receipt"
description = "a read receipt (disposition notification)"
example = "Content-Type: multipart/report; report-type=disposition-notification"


def check(view: GuardView) -> Verdict | None:
    """The root's Content-Type or the part that mail/parse/ found in a report."""
    content = view.first("content-type").lower()
    root = view.mail.content_type
    if "disposition-notification" in content and root in (
        "multipart/report",
        "message/disposition-notification",
    ):
        return _verdict(view.evidence("content-type"))
    if root == "multipart/report" and view.mail.report and view.mail.report.kind == "disposition":
        return _verdict(view.evidence("content-type"))
    if "content-classes:mdn" in view.first("content-class").lower():
        return _verdict(view.evidence("content-class"))
    return None


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("read-receipt", evidence),), name)
