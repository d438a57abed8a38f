"""Keeps approval tokens out of everything that people and programs are shown (contract, Written consent).

A reply quotes the mail that it answers, and its References name it: token and all. What is stored of it for
reading, and what goes out because of it, holds the token no more; the raw mail does, as evidence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from maild.mail.own_ids import APPROVAL_TOKEN, nonce_of
from maild.model import (
    AddEntry,
    Change,
    Decision,
    FileMail,
    HeldBack,
    LogConsent,
    Notice,
    Plan,
    Reason,
    SendNotice,
)
from maild.ticket import entries

#: a token in one of its three shapes: Message-ID (with its signature and domain), reference line, reply address
_SECRET = re.compile(
    r"((?<![a-z0-9])maild(?:-|\.[1-9][0-9]{0,17}\.)|\+)([a-z2-7]{26})(?![a-z0-9])"
    r"(?:\.[a-z2-7]{16}(?![a-z0-9])(?:@[a-z0-9.-]{1,255})?)?",
    re.IGNORECASE,
)


def hide(text: str) -> str:
    """The text with each token replaced, and of a Message-ID that holds one all that follows it."""
    return _SECRET.sub(r"\1[token]", text)


def hidden(plan: Plan) -> Plan:
    """The plan with each token replaced, but in what is never shown: hashes, ids to be recognised, the token of
    a mail that goes out."""
    decision = _decision(plan.decision) if plan.decision else None
    return replace(plan, changes=tuple(map(_change, plan.changes)), decision=decision, error=hide(plan.error))


def _entry(entry: AddEntry) -> AddEntry:
    return replace(
        entry, text=hide(entry.text), full_text=hide(entry.full_text), elided=hide(entry.elided),
        details=entries.load(entry.type, _values(entries.dump(entry.details))),
    )  # fmt: skip


def _change(change: Change) -> Change:
    match change:
        case AddEntry():
            return _entry(change)
        case FileMail():
            return replace(change, entry=_entry(change.entry))
        case SendNotice():
            return replace(change, notice=_notice(change.notice))
        case HeldBack():
            return replace(change, reason=_reason(change.reason))
        case LogConsent():
            return replace(change, data=_values(change.data))
        case _:
            return change


def _notice(notice: Notice) -> Notice:
    """What goes out answers and names no approval mail but its own."""
    answered = notice.in_reply_to
    return replace(
        notice,
        data=_values(notice.data),
        in_reply_to=None if answered and names_token(answered) else answered,
        references=tuple(i for i in notice.references if not names_token(i)),
    )


def names_token(message_id: str) -> bool:
    """Whether it has the shape of an approval mail's Message-ID."""
    nonce = nonce_of(message_id)
    return nonce is not None and APPROVAL_TOKEN.fullmatch(nonce) is not None


def _decision(decision: Decision) -> Decision:
    thread = decision.thread
    shown = replace(
        thread,
        candidates=tuple(replace(m, because=hide(m.because)) for m in thread.candidates),
        conflicts=tuple(map(_reason, thread.conflicts)),
    )
    return replace(
        decision, reasons=tuple(map(_reason, decision.reasons)), thread=shown, would=_values(decision.would),
        checks=_values(decision.checks),
    )  # fmt: skip


def _reason(reason: Reason) -> Reason:
    return replace(reason, evidence=hide(reason.evidence))


def _values(value: Any) -> Any:
    """The same with every string in it hidden."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: _values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_values(one) for one in value)
    return value
