"""Is it a calendar program's answer to an invitation?

RFC 5546, 3.2.3 (REPLY), 3.2.6 (REFRESH). In: `Accepted: Visit` with `text/calendar; method=REPLY` ->
auto_reply; an invitation (REQUEST), a cancellation or a counter-proposal is a person's and stays one.

GroupWise, gateways and phones send the label without the calendar: `Zugesagt: Besuch` above nothing, or above
"Anna has accepted this invitation". Counter-example: `Accepted: offer 7` above "We accept, please order".
Known false match: words that a person typed into the answer; they are filed on the ticket, unanswered.
"""

from __future__ import annotations

import re

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "calendar_reply"
description = "a calendar's answer to an invitation (an invitation itself is a person's)"
example = "Content-Type: text/calendar; method=REPLY"
counter_example = "Subject: Accepted: offer 7\nIn-Reply-To: <1@desk.example>\n\nPlease order."

_ANSWERS = frozenset({"REPLY", "REFRESH"})
_LABEL = re.compile(
    r"(?:(?:tentatively )?accepted|tentative|declined|zugesagt|mit vorbehalt(?: zugesagt)?|mit vorbehalt angenommen|"
    r"angenommen|abgelehnt|abgesagt|geaccepteerd|voorlopig(?: geaccepteerd)?|geweigerd|afgewezen|elfogadva|"
    r"elfogadta|feltételesen(?: elfogadva)?|"
    r"elutasítva|elutasította|accepté|acceptée|provisoire|refusé|refusée|décliné|aceptad[oa]|provisional|rechazad[oa]|accettato|"
    r"provvisorio|rifiutato|aceit[eo]|recusad[oa]|zaakceptowano|zaakceptowane|odrzucono|wstępnie zaakceptowano) ?:"
)
_SAYS = re.compile(
    r"(?:accepted|declined|accept|decline)\b.{0,30}(?:invitation|meeting|event)|(?:einladung|termin)\b.{0,40}(?:angenommen|zugesagt|abgelehnt)|"
    r"(?:uitnodiging|afspraak)\b.{0,30}(?:geaccepteerd|geweigerd|afgewezen)|"
    r"(?:elfogadta|elutasította) (?:a|az) |a (?:accepté|refusé|décliné) .{0,20}invitation|"
    r"ha (?:aceptado|rechazado) .{0,20}invitaci|ha (?:accettato|rifiutato) .{0,20}invito|(?:aceitou|recusou) .{0,20}convite|"
    r"(?:zaakceptował|odrzucił)\w{0,3} .{0,20}zaproszenie"
)
#: "Anna Kiss accepted: Visit", above the program's sentence alone
_NAMED = re.compile(r"[^:]{3,40} (?:accepted|declined|zugesagt|abgelehnt|elfogadta|accepté|geaccepteerd) ?:")
_LONGEST = 160


def check(view: GuardView) -> Verdict | None:
    """The method that mail/parse/ read, or the one in the root's Content-Type."""
    calendar = view.mail.calendar
    if calendar is not None and calendar.method.upper() in _ANSWERS:
        state = calendar.reply_state or "answered"
        return _verdict(f"{calendar.method}: {calendar.summary} {state}"[:200])
    content = view.first("content-type").lower().replace('"', "").replace(" ", "")
    if view.mail.content_type == "text/calendar" and "method=reply" in content:
        return _verdict(view.evidence("content-type"))
    return _by_words(view)


def _by_words(view: GuardView) -> Verdict | None:
    """The label of an answer above nothing of a person's."""
    subject = view.mail.subject[:120].lower()
    label = _LABEL.match(subject) if view.mail.in_reply_to else None
    if label is None and not (view.mail.in_reply_to and _NAMED.match(subject)):
        return None
    if label is None and not view.head():
        return None
    if view.head() and (len(view.head()) > _LONGEST or not _SAYS.search(view.head())):
        return None
    return _verdict(view.evidence("subject", view.mail.subject))


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("calendar-reply", evidence),), name)
