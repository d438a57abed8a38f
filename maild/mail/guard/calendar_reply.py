"""Is it a calendar program's answer to an invitation?

RFC 5546, 3.2.3 (REPLY), 3.2.6 (REFRESH). In: `Accepted: Visit` with `text/calendar; method=REPLY` ->
auto_reply; an invitation (REQUEST), a cancellation or a counter-proposal is a person's and stays one.
Known false match: words that a person typed into the answer; they are filed on the ticket, unanswered.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "calendar_reply"
description = "a calendar's answer to an invitation (an invitation itself is a person's)"
example = "Content-Type: text/calendar; method=REPLY"

_ANSWERS = frozenset({"REPLY", "REFRESH"})


def check(view: GuardView) -> Verdict | None:
    """The method that mail/parse/ read, or the one in the root's Content-Type."""
    calendar = view.mail.calendar
    if calendar is not None and calendar.method.upper() in _ANSWERS:
        state = calendar.reply_state or "answered"
        return _verdict(f"{calendar.method}: {calendar.summary} {state}"[:200])
    content = view.first("content-type").lower().replace('"', "").replace(" ", "")
    if view.mail.content_type == "text/calendar" and "method=reply" in content:
        return _verdict(view.evidence("content-type"))
    return None


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("calendar-reply", evidence),), name)
