"""One mail and what is known -> everything that follows. Pure; runs inside the write transaction.

The way: who is it? a machine? which ticket? Then the first that claims the mail makes its plan (`_plan_of`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

from maild.app import (
    agent_mail,
    approval_answer,
    approval_candidate,
    automatic_mail,
    copies,
    decided_ticket,
    join,
    new_by_mail,
    rating_answer,
    telling,
    thread,
)
from maild.app.case import Case
from maild.app.lookup import desk_address as address_written_to
from maild.consent import masking
from maild.mail.envelope import as_written, completed
from maild.mail.guard import judge
from maild.mail.guard.automatic import is_another_desks
from maild.mail.guard.context import GuardContext
from maild.mail.own_ids import Signer
from maild.mail.text.subjects import base_subject
from maild.model import (
    ActKind,
    AuthResult,
    Decision,
    Envelope,
    Facts,
    Mail,
    Plan,
    Reason,
    Sender,
    Threading,
    WaitAct,
)
from maild.notice import notices
from maild.party import sender
from maild.settings import Settings
from maild.ticket import within_notice
from maild.ticket.phases import InboundState
from maild.values import replace

NOBODY = Sender(None, "", "none")
NOWHERE = Threading(None, None, "none")


def decide(
    mail: Mail,
    envelope: Envelope,
    facts: Facts,
    auth: AuthResult,
    settings: Settings,
    signer: Signer,
    now: datetime,
    *,
    nonce: Callable[[], str],
    instance: str = "",
) -> Plan:
    """The plan for one mail. `nonce` gives unguessable text for approval tokens; `instance` is this desk's mark.

    Raises `NotYet` for an answer to an approval whose signature cannot be checked now.
    """
    made = _plan_of(mail, envelope, facts, auth, settings, signer, now, nonce, instance)
    made = _with_alerts(made, mail, facts, settings, now)
    plan = decided_ticket.with_ticket(made, facts)
    # without a consent near it a mail holds no token that means anything
    return masking.hidden(plan, facts.tokens) if facts.consents else plan


def _asks(facts: Facts, settings: Settings, mail: Mail) -> bool:
    """Whether what reads as an absence notice asks for what needs a consent. The ticket's own subject, which it repeats,
    does not."""
    tag = settings.threading.subject_tag
    subject = base_subject(mail.subject, tag).casefold() if facts.tickets else ""
    for ticket in facts.tickets.values():
        if own := base_subject(ticket.subject, tag).casefold():  # a ticket may have none
            subject = _without(subject, own)
    return within_notice.asks_within_notice(subject, mail, settings) is not None


def _without(text: str, words: str) -> str:
    """The text without these words wherever they stand apart from others."""
    pieces: list[str] = []
    done, at = 0, text.find(words)
    while at >= 0:
        end = at + len(words)
        if any(one.isalnum() or one == "_" for one in text[max(0, at - 1) : at] + text[end : end + 1]):
            end = at + 1
        else:
            pieces += (text[done:at], " ")
            done = end
        at = text.find(words, end)
    return "".join((*pieces, text[done:]))


def _returns_ours(mail: Mail, signer: Signer) -> bool:
    """Whether a report returns the header of a mail of ours, which nobody but its readers and their servers have."""
    report = mail.report
    if report is None or not report.mark or report.original_message_id is None:
        return False
    return hmac.compare_digest(signer.delivery_mark(report.original_message_id), report.mark)


def _with_alerts(plan: Plan, mail: Mail, facts: Facts, settings: Settings, now: datetime) -> Plan:
    """The plan with the mails to our own people."""
    if not settings.agents and not any(team.address for team in settings.teams.values()):
        return plan
    writer = mail.sender.address if mail.sender is not None else ""
    cause = telling.Cause(
        settings, now, writer, facts.people.get(writer), facts.companies, notices.files(mail)
    )
    if plan.inbound_state is InboundState.QUARANTINED:
        return replace(
            plan, changes=(*plan.changes, *telling.quarantined(plan.error, mail.subject, settings, now))
        )
    return telling.told(plan, facts.tickets, cause)


def _plan_of(
    mail: Mail,
    envelope: Envelope,
    facts: Facts,
    auth: AuthResult,
    settings: Settings,
    signer: Signer,
    now: datetime,
    nonce: Callable[[], str],
    instance: str,
) -> Plan:
    """The one place where the way forks: who wrote, is it a machine, which ticket; then the first that claims the
    mail makes its plan: a copy, an answer to an approval, spam, a machine, nobody, an agent, a rating, a person."""
    envelope = completed(envelope, mail)
    mail = as_written(mail, envelope)
    desk_address = address_written_to(mail, envelope, settings)
    who = sender.identify(mail, facts, auth, settings, desk_address)
    case = Case(
        mail, envelope, facts, auth, settings, who, now, desk_address, returned=_returns_ours(mail, signer)
    )
    # guards and rules ask for the same few ids again and again
    verify = cache(signer.verify)
    guards = GuardContext(
        settings.desk.addresses,
        lambda i: verify(i) is not None,
        instance,
        settings.guards,
        frozenset(facts.outbound),
        partial(_asks, facts, settings),
    )
    verdict = judge(mail, envelope, guards)
    threading = thread.find_ticket(
        mail, who, facts, settings, envelope.received_at, verify,
        verify_address=signer.verify_reply_address, recipients=envelope.rcpt_to,
    )  # fmt: skip
    ours = agent_mail.is_agents(case)
    # an agent's mail never decides a consent
    asked = None if ours else approval_candidate.candidate(case, threading, verdict)
    if facts.duplicate_of is not None or facts.copy_of is not None:
        taken = None
        if asked is not None:
            taken = approval_answer.taken_though_a_copy_came(case, threading, verdict, asked, nonce)
        return taken or copies.duplicate(case, verdict, threading)
    if asked is not None:
        plan = approval_answer.answer(case, threading, verdict, asked, nonce)
        if plan is not None:
            return plan
    if verdict is not None and verdict.kind == "spam":
        return new_by_mail.spam(case, verdict, threading)
    if verdict is not None and verdict.kind == "request":
        case = replace(case, quiet=verdict.reasons)
    elif (
        verdict is not None
        and threading.how in ("join", "reopen")
        and is_another_desks(verdict, mail, envelope)
    ):
        # a person who answers out of a ticket system: a reply, but no loop
        case = replace(case, quiet=verdict.reasons)
    elif verdict is not None:
        return automatic_mail.automatic(case, verdict, threading)
    if who.address is None:
        return new_by_mail.review(case, threading, nonce)
    if ours and not case.quiet:
        done = agent_mail.on_ticket(case, threading, nonce)
        if done is None and threading.ticket is None and threading.link is None:
            done = agent_mail.on_none(case, threading, nonce)
        if done is not None:
            return done
    said = rating_answer.given(case, threading)
    if said is not None and said.alone:
        return rating_answer.recorded(case, threading, said)
    joins = threading.how in ("join", "reopen")
    plan = join.join(case, threading, nonce) if joins else new_by_mail.request(case, threading, nonce)
    return plan if said is None else rating_answer.with_rating(plan, said)


def unreadable(error: str) -> Plan:
    """The plan for bytes that no mail can be made of: quarantine, nobody is answered."""
    reason = Reason("unreadable", error)
    decision = Decision("hostile", (reason,), NOBODY, NOWHERE, would=(WaitAct(ActKind.QUARANTINE),))
    return Plan(decision=decision, inbound_state=InboundState.QUARANTINED, error=error)
