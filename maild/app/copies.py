"""The same mail once more: exactly, or as a gateway changed it on another way (a mark in the subject, a banner, a
footer). It is noted as a duplicate where the first one stands, and nobody is answered."""

from __future__ import annotations

import re

from maild.app.case import Case
from maild.model import (
    AddEntry,
    Change,
    CopyAct,
    Decision,
    Plan,
    Reason,
    Threading,
    Verdict,
)
from maild.ticket.phases import InboundState
from maild.ticket.vocabulary import EntryType
from maild.values import replace

_WORD = re.compile(r"\w{3,}")
#: gateways rewrite links, so the words of links say nothing
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
#: so many words of its own on each side, and the two do not say the same
_OWN_WORDS = 3


def duplicate(case: Case, verdict: Verdict | None, threading: Threading) -> Plan:
    """The plan for a mail that came before: exactly, or of the same sender, Message-ID and Date. Where each of two such
    says what the other does not, it is no banner: the ticket's agents see both."""
    copy = case.facts.copy_of
    if case.facts.duplicate_of is not None or copy is None:
        first = case.facts.duplicate_of
        reason = Reason("same-mail", f"mail {first}: same From, Date, Subject, Message-ID and parts")
        return _duplicate(case, verdict, threading, first, case.facts.duplicate_ticket, reason)
    reason = Reason("gateway-copy", f"mail {copy.inbound_id}: same sender, Message-ID and Date")
    plan = _duplicate(case, verdict, threading, copy.inbound_id, copy.ticket, reason)
    if copy.ticket is None or not _says_something_else(case.mail.text, case.facts.copy_text):
        return plan
    note = f"a copy of mail {copy.inbound_id} by its sender, Message-ID and Date says something else:"
    entry: Change = AddEntry(
        copy.ticket,
        EntryType.SYSTEM,
        "maild",
        "system",
        f"{note}\n\n{case.mail.new_text}",
        public=False,
        from_mail=True,
    )
    return replace(plan, changes=(entry,))


def _duplicate(
    case: Case,
    verdict: Verdict | None,
    threading: Threading,
    first: int | None,
    ticket: int | None,
    reason: Reason,
) -> Plan:
    kind = verdict.kind if verdict else ("reply" if threading.ticket else "request")
    decision = Decision(
        kind, (reason,), case.sender, replace(threading, how="none"), would=(CopyAct(first, ticket),)
    )
    return Plan(
        decision=decision, inbound_state=InboundState.DUPLICATE, inbound_ticket=ticket, duplicate_of=first
    )


def _says_something_else(one: str, other: str) -> bool:
    first, second = (set(_WORD.findall(_LINK.sub(" ", text.casefold()))) for text in (one, other))
    return len(first - second) >= _OWN_WORDS and len(second - first) >= _OWN_WORDS
