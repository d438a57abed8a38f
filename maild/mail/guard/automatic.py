"""Did a program write it: a notification, another help desk, a monitoring system?

RFC 3834, 5 (Auto-Submitted: anything but no), RFC 5436 (auto-notified); Precedence bulk or junk (custom);
fields of other desks and services; addresses that say that nobody reads the answers. In: `Auto-Submitted:
auto-generated` -> auto_reply. X-Auto-Response-Suppress alone proves nothing.
Known false match: an agent of another help desk who writes through it; `[guards] open_for` lets them through.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from maild.mail.guard.auto_submitted import keyword
from maild.mail.guard.automatic_marks import DIGESTS, FIELDS, HOLDERS, PRECEDENCE, PROGRAMS, REPORTERS
from maild.mail.guard.context import GuardView, reasons
from maild.mail.guard.own_list import is_allowed, is_own_list
from maild.mail.guard.prefixes import Prefixes
from maild.mail.impersonal import nobody_reads
from maild.mail.text.subjects import is_reply, is_reply_or_forward
from maild.model import Envelope, Mail, Verdict

name = "automatic"
description = "written by a program: notification, other help desk, monitoring, no-reply address"
example = "Auto-Submitted: auto-generated"
counter_example = "Auto-Submitted: no\nX-Auto-Response-Suppress: All"

_FIELDS, _CODES = Prefixes([prefix for prefix, _ in FIELDS]), dict(FIELDS)


def check(view: GuardView) -> Verdict | None:
    """The standard's field first, then the customs."""
    marks = list(_marks(view))
    return Verdict("auto_reply", reasons(marks[:5]), name) if marks else None


def _marks(view: GuardView) -> Iterator[tuple[str, str]]:
    for value in view.fields.get("auto-submitted", ()):
        if keyword(value):
            yield "auto-submitted", view.evidence("auto-submitted", value)
    # a list of the desk's own puts Precedence on people's mail too
    if not (is_own_list(view) or is_allowed(view)):
        for field in ("precedence", "x-precedence"):
            # a forwarder's word says nothing about the mail that it forwards
            if field not in view.relayed and view.first(field).strip().lower() in PRECEDENCE:
                yield "precedence", view.evidence(field)
    for field in view.unusual:
        mark = _FIELDS.find(field)
        if mark:
            yield _CODES[mark], view.evidence(field)
    for field in ("x-mailer", "user-agent", "x-powered-by"):
        value = view.first(field)
        if value and _is_program(value.lower()):
            yield "program", view.evidence(field)
    if view.mail.content_type == "multipart/report":
        yield "report", view.evidence("content-type")
    subject = view.mail.subject.lower()
    if ("report domain:" in subject and "submitter:" in subject) or REPORTERS.match(view.from_local):
        yield "dmarc-report", view.evidence("subject", view.mail.subject)  # RFC 7489, 7.2.1.1
    if view.from_local in HOLDERS and not is_reply_or_forward(subject) and DIGESTS.search(subject):
        yield "quarantine-digest", view.evidence("subject", view.mail.subject)
    if subject.startswith("cron <"):
        yield "service", view.evidence("subject", view.mail.subject)
    if nobody_reads(view.from_local):
        yield "no-reply-address", f"From: {view.from_address or view.from_local}"


@lru_cache(maxsize=512)
def _is_program(mailer: str) -> bool:
    return any(part in mailer for part in PROGRAMS)


#: marks that a ticket system puts on what its agents write, too
_DESKS_MARKS = frozenset(("other-desk", "program"))


def is_another_desks(verdict: Verdict, mail: Mail, envelope: Envelope) -> bool:
    """Whether nothing but another ticket system's marks makes an answer automatic: a person wrote it there (the contract,
    step 2). `Auto-Submitted`, `Precedence` or a null sender would stand among the reasons."""
    if envelope.mail_from == "":
        return False
    answers = bool(mail.in_reply_to or mail.references) or is_reply(mail.subject)
    return verdict.guard == name and answers and all(r.code in _DESKS_MARKS for r in verdict.reasons)
