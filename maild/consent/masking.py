"""Keeps approval tokens out of everything that people and programs are shown (contract, Written consent).

A reply quotes the mail that it answers, and its References name it: token and all. What is stored of it for
reading, and what goes out because of it, holds the token no more; the raw mail does, as evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import field
from typing import Any

from maild.consent.hiding import hide
from maild.mail.own_ids import names_token
from maild.model import (
    AddEntry,
    Change,
    ConditionResult,
    DecidedAct,
    Decision,
    FileMail,
    HeldBack,
    LogConsent,
    Mail,
    MailAct,
    MarkAddress,
    MarkOutbound,
    Notice,
    OpenConsent,
    OpenTicket,
    Plan,
    Reason,
    SendNotice,
    TicketAct,
)
from maild.ticket import entries
from maild.values import dataclass, replace


def hidden(plan: Plan, hashes: Container[str] = ()) -> Plan:
    """The plan with each token replaced, but in what is never shown: hashes, ids to be recognised, the token of
    a mail that goes out. `hashes`: as `hide` takes them."""
    return _Mask(hashes).plan(plan)


def shown(mail: Mail, hashes: Container[str] = ()) -> Mail:
    """The mail as its row and the list of its files tell of it. Its own Message-ID is a token's where an approval mail
    came back."""
    own = mail.message_id
    return replace(
        mail,
        subject=hide(mail.subject, hashes),
        message_id=hide(own, hashes) if own and (hashes or names_token(own)) else own,
        attachments=tuple(replace(one, name=hide(one.name, hashes)) for one in mail.attachments),
    )


def without_tokens(mail: Mail, hashes: Container[str] = ()) -> Mail:
    """The same, and so its words."""
    return replace(shown(mail, hashes), new_text=hide(mail.new_text, hashes))


@dataclass(frozen=True, slots=True)
class _Mask:
    """What replaces tokens in every text of a plan."""

    hashes: Container[str]
    requests: dict[str, str] = field(
        default_factory=dict
    )  # SHA-256 of a request, as written -> without tokens

    def plan(self, plan: Plan) -> Plan:
        decision = self._decision(plan.decision) if plan.decision else None
        for change in plan.changes:
            if isinstance(change, OpenConsent):
                text = hide(change.request_text, self.hashes)
                self.requests[change.request_sha256] = hashlib.sha256(text.encode()).hexdigest()
        return replace(
            plan, changes=tuple(map(self._change, plan.changes)), decision=decision,
            error=hide(plan.error, self.hashes),
        )  # fmt: skip

    def _entry(self, entry: AddEntry) -> AddEntry:
        text, whole, left_out = (
            hide(one, self.hashes) for one in (entry.text, entry.full_text, entry.elided)
        )
        details = entries.load(entry.type, self._values(entries.dump(entry.details)))
        return replace(entry, text=text, full_text=whole, elided=left_out, details=details)

    def _change(self, change: Change) -> Change:
        match change:
            case AddEntry():
                return self._entry(change)
            case FileMail():
                return replace(change, entry=self._entry(change.entry))
            case SendNotice():
                return replace(change, notice=self._notice(change.notice))
            case OpenTicket():
                known = change.ticket
                return replace(change, ticket=replace(known, subject=hide(known.subject, self.hashes)))
            case MarkOutbound():
                return replace(change, answer=hide(change.answer, self.hashes))
            case MarkAddress():
                return replace(change, reason=hide(change.reason, self.hashes))
            case OpenConsent():  # the request that approvers read, and that the yes is bound to
                return replace(
                    change,
                    request_text=hide(change.request_text, self.hashes),
                    request_sha256=self.requests[change.request_sha256],
                )
            case HeldBack():
                return replace(change, reason=self._reason(change.reason))
            case LogConsent():
                return replace(change, data=self._values(change.data))
            case _:
                return change

    def _notice(self, notice: Notice) -> Notice:
        """What goes out answers and names no approval mail but its own."""
        answered = notice.in_reply_to
        return replace(
            notice,
            data=self._values(notice.data),
            in_reply_to=None if answered and names_token(answered) else answered,
            references=tuple(i for i in notice.references if not names_token(i)),
        )

    def _decision(self, decision: Decision) -> Decision:
        thread = decision.thread
        shown = replace(
            thread,
            candidates=tuple(replace(m, because=hide(m.because, self.hashes)) for m in thread.candidates),
            conflicts=tuple(map(self._reason, thread.conflicts)),
        )
        return replace(
            decision, reasons=tuple(map(self._reason, decision.reasons)), thread=shown,
            would=tuple(map(self._act, decision.would)), checks=tuple(map(self._check, decision.checks)),
        )  # fmt: skip

    def _act(self, act: DecidedAct) -> DecidedAct:
        match act:
            case TicketAct(asked=asked, because=because):
                to = None if asked is None else tuple(hide(one, self.hashes) for one in asked)
                return replace(act, because=hide(because, self.hashes), asked=to)
            case MailAct(to=boxes):
                return replace(act, to=tuple(hide(one, self.hashes) for one in boxes))
            case _:
                return act

    def _check(self, one: ConditionResult) -> ConditionResult:
        return replace(one, evidence=hide(one.evidence, self.hashes))

    def _reason(self, reason: Reason) -> Reason:
        return replace(reason, evidence=hide(reason.evidence, self.hashes))

    def _values(self, value: Any) -> Any:
        """The same with every string in it hidden."""
        if isinstance(value, str):
            return self.requests.get(value) or hide(value, self.hashes)
        if isinstance(value, dict):
            return {key: self._values(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._values(one) for one in value)
        return value
