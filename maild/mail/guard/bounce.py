"""Is it a delivery report, a complaint report, or a bounce that no standard describes?

RFC 3464 (delivery status), RFC 5965 (feedback), RFC 3834; Exim's and Google's X-Failed-Recipients; Exchange's
Content-Class. Accepts those alone, a daemon's address alone, or two hints of: null sender, a mail system's
address or name, a report's subject, its text, an automatic mark. In: `From: MAILER-DAEMON` -> bounce.

A person who forwards or answers a bounce is a person: their subject begins with a prefix, their text with
their own words; the report's name at the end of a subject, which gateways write, counts only beside a mail system's
sender. Known false match: a postmaster of flesh who pastes a report under its own subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.mail.guard.auto_submitted import keyword
from maild.mail.guard.bounce_phrases import (
    BIDS,
    BOILERPLATE,
    DAEMONS,
    ENOUGH,
    FAILED,
    GREETING,
    HINTS,
    SUBJECTS,
    SYSTEM_NAMES,
)
from maild.mail.guard.context import GuardView, reasons
from maild.mail.text.subjects import is_reply_or_forward
from maild.model import Verdict

name = "bounce"
description = "a delivery or complaint report, with RFC 3464/5965 or without"
example = "From: MAILER-DAEMON@mx.acme.example"
counter_example = "Subject: Mail delivery failed: what is this?\n\nHello, I get this since Monday."

_BOILERPLATE = re.compile("|".join(map(re.escape, BOILERPLATE)))
_HINTS = re.compile("|".join(map(re.escape, HINTS)))
_SYSTEM = re.compile("|".join(map(re.escape, SYSTEM_NAMES)))
_PUNCTUATION = re.compile(r"[-_.]+")
#: the dialogue of RFC 5321, as gateways paste it: a command with an address, and a refusal's code
_DIALOGUE = re.compile(r"\b(?:rcpt to|mail from) ?: ?<?[^\s<>]{1,200}@")
_REFUSAL = re.compile(r"(?<![0-9])[45][0-9]{2} ?[ -]|\b[45]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_DECORATION = re.compile(r"^(?:\[[^\]]{1,40}\]|\*+[a-z ]{0,20}\*+|\W)+")
#: Outlook.com's complaint reports came without RFC 5965 for years, from a person-like address
_COMPLAINT = re.compile(r"complaint about message from \[?[0-9a-f.:]{7,45}\]?$", re.IGNORECASE)
_RETURNED = re.compile(
    r"(?im)^[> \t]{0,4}(received|return-path|message-id|from|to|subject|date|mime-version):"
)
_TRANSPORT = frozenset(("received", "return-path", "message-id", "mime-version"))
_RETURNED_WITHIN = 20_000
_DIVIDER = re.compile(r" [-–—|/] |: |[(\[]")
_FIRST = frozenset(phrase[:3] for phrase in SUBJECTS)
#: a person's own words stand before what they paste
_AT_START = 90


def check(view: GuardView) -> Verdict | None:
    """Proofs first, then hints."""
    evidence = list(_proofs(view)) or _hints(view)
    return Verdict("bounce", reasons(evidence), name) if evidence else None


def _proofs(view: GuardView) -> Iterator[tuple[str, str]]:
    content = view.first("content-type").lower()
    root, report = view.mail.content_type, view.mail.report
    if root == "multipart/report":
        if "feedback-report" in content or (report and report.kind == "feedback"):
            yield "feedback-report", view.evidence("content-type")
        elif "delivery-status" in content or (report and report.kind in ("dsn", "plain")):
            yield "dsn", view.evidence("content-type")
    elif root in ("message/delivery-status", "message/feedback-report", "message/global-delivery-status"):
        yield "dsn", view.evidence("content-type")
    for field in ("x-failed-recipients", "x-ms-exchange-message-is-ndr"):
        if field in view.fields:
            yield "failed-recipients", view.evidence(field)
    if "content-classes:dsn" in view.first("content-class").lower():
        yield "dsn", view.evidence("content-class")
    if _COMPLAINT.match(view.mail.subject.strip()):
        yield "feedback-report", view.evidence("subject", view.mail.subject)
    if view.from_local in DAEMONS:
        yield "mailer-daemon", view.evidence("from")


def _hints(view: GuardView) -> list[tuple[str, str]]:
    """The hints that make a bounce together; [] is none. `ENOUGH` says which suffice."""
    named, system = _report_subject(view.mail.subject), _system(view)
    null = view.null_sender or view.first("return-path").lower().startswith("<mailer-daemon")
    report = view.mail.report is not None and view.mail.report.kind != "disposition"
    if not (named or null or report or system):
        return []
    ends = not named and _report_at_end(view.mail.subject)
    head = view.head()
    boilerplate, hint = _BOILERPLATE.search(head), _HINTS.search(head)
    replied = keyword(view.first("auto-submitted")) == "auto-replied"
    hints = {
        "null-sender": "the envelope's sender is null" if null else "",
        "system-from": (view.evidence("from") if view.mail.froms else "no From") if system else "",
        "report-subject": view.evidence("subject", view.mail.subject) if named else "",
        "report-subject-end": view.evidence("subject", view.mail.subject) if ends else "",
        "no-letter": "nobody is greeted or asked" if system and named and _no_letter(head) else "",
        "own-subject-answer": view.evidence("in-reply-to")
        if system and _answers_for_itself(view, head)
        else "",
        "subject-says-it": view.evidence("subject", view.mail.subject) if system and _says_it(view) else "",
        "report-part": view.mail.report.kind if report and view.mail.report else "",
        "automatic": view.evidence("auto-submitted") if keyword(view.first("auto-submitted")) else "",
        "report-text": boilerplate[0] if boilerplate else "",
        "report-at-start": boilerplate[0] if boilerplate and _stands_first(head, boilerplate.start()) else "",
        # a vacation answer, too, may say that a mailbox does not exist any more
        "report-words": hint[0] if hint and not replied else "",
        "returned-mail": _returned(view) if system or null else "",
        "smtp-dialogue": _dialogue(head) if system or null else "",
    }
    present = {code: evidence for code, evidence in hints.items() if evidence}
    for pair in ENOUGH:
        if present.keys() >= pair:
            return [(code, evidence) for code, evidence in present.items() if code in pair]
    return []


def _says_it(view: GuardView) -> bool:
    """Whether the subject says anywhere that a mail did not arrive, above a text that is no letter.
    Counter-example: a postmaster's "Your mails are rejected" above "Hello, your server has no reverse name"."""
    subject = view.mail.subject.lower()[:200]
    if FAILED.search(subject) is None or is_reply_or_forward(subject):
        return False
    return _no_letter(view.head())


def _answers_for_itself(view: GuardView, head: str) -> bool:
    """Whether a postmaster's box answers a mail under a subject of its own, in what is no letter: whatever its language.
    Counter-example: a postmaster of flesh, who answers under "Re:" or greets."""
    if not view.mail.in_reply_to or _PUNCTUATION.sub("", view.from_local) != "postmaster":
        return False
    return not is_reply_or_forward(view.mail.subject) and _no_letter(head)


def _no_letter(head: str) -> bool:
    """Whether nobody is greeted, asked or bidden: who writes from an address like a system's may be of flesh."""
    return "?" not in head and GREETING.match(head) is None and BIDS.search(head) is None


def _stands_first(head: str, at: int) -> bool:
    """Whether a report begins with its phrase. Counter-example: "I get this since yesterday: This message was ..."."""
    return at < _AT_START and not head[:at].rstrip().endswith(":")


def _dialogue(head: str) -> str:
    said = _DIALOGUE.search(head)
    return said[0] if said and _REFUSAL.search(head) else ""


def _returned(view: GuardView) -> str:
    """The mail that comes back, attached or below the words: three or more fields of its header."""
    for attachment in view.mail.attachments:
        if attachment.type in ("message/rfc822", "text/rfc822-headers", "message/global"):
            return f"{attachment.type} attached"
    fields = {match[1].lower() for match in _RETURNED.finditer(view.mail.text[:_RETURNED_WITHIN])}
    return ", ".join(sorted(fields)) if len(fields) >= 3 and fields & _TRANSPORT else ""


def _report_subject(subject: str) -> bool:
    """Whether the subject begins as a report's does; `Re:` or `Fw:` before it make it a person's."""
    whole = subject.lower()[:200].strip()
    plain = _DECORATION.sub("", whole)
    return any(text[:3] in _FIRST and text.startswith(SUBJECTS) for text in (whole, plain))


def _report_at_end(subject: str) -> bool:
    """Whether the subject ends in a report's name, behind that of the mail: "Re: [#1001] Printer - Undeliverable"."""
    last = _DIVIDER.split(subject.lower()[:200].rstrip(" )].!"))[-1].strip()
    return last[:3] in _FIRST and last.startswith(SUBJECTS)


def _system(view: GuardView) -> bool:
    """Whether only mail systems are called so, or there is no From at all."""
    if _PUNCTUATION.sub("", view.from_local) == "postmaster" or not view.mail.froms:
        return True
    return _SYSTEM.search(view.first("from").lower()) is not None
