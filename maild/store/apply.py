"""The one-transaction apply: everything that a mail or an act causes, or nothing of it.

One method a kind of change (the table at the end of the class); rows of which a plan makes several (events,
Message-IDs, counters) are gathered and written together.

Over 300 lines: one short method a kind of change, and the table that is complete in one place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import select

from maild.errors import Refused
from maild.model import (
    NEW,
    AddEntry,
    AddLink,
    AddParticipant,
    AddTime,
    AddTokens,
    DecideConsent,
    FileMail,
    HeldBack,
    LeaveCompany,
    LinkOutage,
    LogConsent,
    Mail,
    MarkAddress,
    MarkOutbound,
    MoveEntries,
    MoveKeys,
    Notice,
    OpenConsent,
    OpenOutage,
    OpenTicket,
    Plan,
    RecordAct,
    RememberKeys,
    RemoveCompany,
    RemoveContact,
    RemoveLink,
    RemoveParticipants,
    SaveCompany,
    SaveContact,
    SendNotice,
    SetDeadline,
    Supersede,
    TellOutage,
    UndoAct,
    UpdateTicket,
)
from maild.store.act_snapshot import ActRows, MovedRows, OutageSnapshot, TicketSnapshot
from maild.store.acts import Acts
from maild.store.alerts import ALONE, AlertMails
from maild.store.companies import Companies
from maild.store.consents import Consents
from maild.store.contacts import Contacts
from maild.store.core import Transaction
from maild.store.counters import Counters, pace_key
from maild.store.deadlines import Deadlines, WantedDeadline
from maild.store.decisions import decision_json
from maild.store.facts_of import ALERT
from maild.store.hooks import HookQueue
from maild.store.ids import KnownKeys, known
from maild.store.inbound import InboundMails
from maild.store.lists import TicketLists
from maild.store.locks import Kind
from maild.store.outages import Outages
from maild.store.outbound import CLAIMED, OutboundMails
from maild.store.outbound_work import OutboundWork, work_of
from maild.store.rows import Claim
from maild.store.statements import OnConflict, Params, insert_all
from maild.store.tables import HELD_NOTICE, LINK, TICKET
from maild.store.timelog import TimeLog
from maild.ticket import hook_events, prepaid
from maild.ticket.entries import FileRow, HeldBackDetails, MailDetails
from maild.ticket.phases import PHASE_NOTICE, InboundState, OutboundState, Phase
from maild.ticket.queue_json import row_json
from maild.ticket.vocabulary import DeadlineType, EntryType, HookEvent
from maild.values import dataclass, replace

_ADD_LINK = insert_all(LINK).ext(OnConflict("(ticket, type, other) DO NOTHING"))
_HOLD = insert_all(HELD_NOTICE)
#: lines of our own people: what they attach is told with the line
_OURS = (EntryType.REPLY, EntryType.NOTE)


class IdSigner(Protocol):
    """What `mail.own_ids.Signer` offers to the store."""

    def root_id(self, number: int) -> str: ...

    def message_id(self, number: int, nonce: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Applied:
    """What a plan became. `ticket`: what NEW meant; `consent_head`: "" when nothing was logged; `claimed`: those of
    `outbound` that are the caller's to compose and send."""

    tickets: tuple[int, ...] = ()
    ticket: int | None = None
    outbound: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    consents: tuple[int, ...] = ()
    time_entries: tuple[int, ...] = ()
    consent_head: str = ""
    claimed: tuple[OutboundWork, ...] = ()


@dataclass(slots=True)
class Repositories:
    """The parts of a transaction that changes are written through."""

    tx: Transaction
    tickets: TicketLists
    inbound: InboundMails
    outbound: OutboundMails
    ids: KnownKeys
    counters: Counters
    consents: Consents
    contacts: Contacts
    companies: Companies
    deadlines: Deadlines
    outages: Outages
    timelog: TimeLog
    acts: Acts
    hooks: HookQueue


@dataclass(slots=True)
class _Recorded:
    """The act that a plan is, while it is applied."""

    agent: str
    ticket: int
    before: Mapping[int, TicketSnapshot]
    outage: int | None = None
    outage_before: OutageSnapshot | None = None
    superseded: list[int] = field(default_factory=list)
    moved: list[MovedRows] = field(default_factory=list)
    decided: bool = False


@dataclass(slots=True)
class Applying:
    """One plan on its way into the database."""

    parts: Repositories
    now: datetime
    signer: IdSigner
    nonces: Callable[[], str]
    inbound_id: int | None
    mail: Mail | None
    claim: Claim | None = None  # of answers that are due at once
    opened: list[int] = field(default_factory=list)
    named: dict[int, int] = field(default_factory=dict)
    outbound: list[int] = field(default_factory=list)
    claimed: list[OutboundWork] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    consents: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    head: str = ""
    roots: dict[int, str] = field(default_factory=dict)
    touched: dict[int, None] = field(default_factory=dict)
    known: list[Params] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    events: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    consented: dict[int, bool] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)  # entry by id() of the change that made it
    recorded: _Recorded | None = None
    hooks: list[int] = field(default_factory=list)
    untold: dict[str, list[str]] = field(default_factory=dict)  # ids of events that were taken back, by hook
    touches: set[int] = field(default_factory=set)
    deadlines: dict[str, WantedDeadline] = field(default_factory=dict)  # of changes that stand side by side

    def apply(self, plan: Plan) -> Applied:
        """Write it all. Refused, or the database's error, leaves the transaction to be rolled back."""
        self.touches = _tickets_of(plan)
        self.parts.tx.locks.take(Kind.TICKET, sorted(self.touches))
        for change in plan.changes:
            if self.deadlines and type(change) is not SetDeadline:
                self._set_deadlines()
            _WAYS[type(change)](self, change)
        self._set_deadlines()
        parts = self.parts
        if self.inbound_id is not None:
            self._finish(plan)
        for token, message_id in self.carried:
            parts.consents.carried(token, message_id)
        parts.ids.remember(self.known)
        parts.counters.add(self.counted, self.now)
        parts.tickets.touch([number for number in self.touched if number not in self.opened], self.now)
        parts.tx.add_events(self.events, self.now)
        if parts.tx.settings.webhooks:
            self._tell_hooks(plan)
        if self.recorded is not None:
            self._keep(self.recorded)
        return Applied(
            tickets=tuple(self.opened), ticket=self.opened[-1] if self.opened else None,
            outbound=tuple(self.outbound), entries=tuple(self.entries), consents=tuple(self.consents),
            time_entries=tuple(self.times), consent_head=self.head,
            claimed=tuple(self.claimed),
        )  # fmt: skip

    def _tell_hooks(self, plan: Plan) -> None:
        """A row for each hook that wants to be told of what happened: ticket and entry as they stand now. What an agent
        may take back waits as long as its mails do; of what was taken back after all only those hear who were told."""
        settings, act = self.parts.tx.settings, self.recorded
        hold = settings.delivery.hold_seconds if act and not act.decided else 0.0
        for news in hook_events.news_of(plan):
            urls = [hook.url for hook in settings.webhooks if news.event in hook.events]
            if news.event is HookEvent.UNDONE:
                urls = [url for url in urls if url in self.untold]
            if not urls:
                continue
            number = self.named.get(news.ticket, news.ticket)
            ticket = row_json(self.parts.tickets.row(number), self.now)
            entry = self.written.get(id(news.change)) if news.change is not None else None
            body = {
                "event": news.event, "at": self.now.isoformat(), "id": (event_id := f"evt-{self.nonces()}"),
                "ticket": ticket,
                "entry": None if entry is None else hook_events.entry_json(self.parts.tickets.entry(entry)),
            }  # fmt: skip
            for url in urls:
                said = body | {"undoes": self.untold[url]} if news.event is HookEvent.UNDONE else body
                self.hooks += self.parts.hooks.add(
                    [url], news.event, event_id, number, json.dumps(said, ensure_ascii=False), self.now,
                    hold_seconds=hold,
                )  # fmt: skip

    def number(self, ticket: int) -> int:
        """A ticket's number; one that is not above 0 is the name of a ticket that this plan opens."""
        if ticket > 0:
            self.touched[ticket] = None
            return ticket
        if ticket not in self.named:
            raise Refused("the plan speaks of a new ticket but opens none")
        return self.named[ticket]

    def _finish(self, plan: Plan) -> None:
        assert self.inbound_id is not None
        ticket = None if plan.inbound_ticket is None else self.number(plan.inbound_ticket)
        if plan.inbound_state == InboundState.DONE and self.mail and self.mail.message_id:
            self.known.append(self._came(self.mail.message_id, ticket))
        decision = plan.decision
        self.events.append(self.parts.inbound.finish(
            self.inbound_id, plan.inbound_state, mail=self.mail, ticket=ticket, error=plan.error,
            kind=decision.kind if decision else None, decision=decision_json(decision) if decision else None,
            duplicate_of=plan.duplicate_of,
        ))  # fmt: skip

    def _came(self, message_id: str, ticket: int | None) -> Params:
        """The row for the id of the mail that is applied."""
        mail = self.mail
        sender = mail.sender.address if mail and mail.sender else ""
        return known(message_id, ticket, "in", sender=sender, inbound_id=self.inbound_id,
                     sent_at=mail.date if mail else None)  # fmt: skip

    # ----------------------------------------------------------------------------------- tickets

    def _open(self, change: OpenTicket) -> None:
        ticket = change.ticket
        number = ticket.number if ticket.number > 0 else self.parts.counters.next_number()
        if ticket.number in self.named:
            raise Refused(f"the plan opens two tickets under the name {ticket.number}")
        self.named[ticket.number] = number
        root = self.signer.root_id(number)
        self.parts.tickets.insert(number, root, ticket, self.now)
        self.opened.append(number)
        self.roots[number] = root
        self.known.append(known(root, number, "root"))
        self.events.append(("ticket", number, "", ticket.phase, ""))

    def _update(self, change: UpdateTicket) -> None:
        number = self.number(change.ticket)
        moved = self.parts.tickets.update(number, change.change, self.now)
        self.touched.pop(number, None)
        if moved:
            self.events.append(("ticket", number, *moved, ""))

    def _entry(self, change: AddEntry) -> None:
        details = change.details
        message_id = inbound_id = None
        if change.from_mail:
            inbound_id = self.inbound_id
            if self.mail is not None:
                message_id = self.mail.message_id
                if self.mail.attachments and change.type not in _OURS:
                    known = details if isinstance(details, MailDetails) else MailDetails()
                    details = replace(known, attachments=tuple(
                        FileRow(one.index, one.name, one.type, one.size, one.inline) for one in self.mail.attachments
                    ))  # fmt: skip
        made = self.written[id(change)] = self.parts.tickets.add_entry(
            self.number(change.ticket), self.now, type=change.type, author=change.author, channel=change.channel,
            text=change.text, public=change.public, full_text=change.full_text, elided=change.elided, details=details,
            message_id=message_id, inbound_id=inbound_id,
        )  # fmt: skip
        self.entries.append(made)

    def _participant(self, change: AddParticipant) -> None:
        self.parts.tickets.join(self.number(change.ticket), change.address, change.name, change.via, self.now)

    def _link(self, change: AddLink) -> None:
        number, other = self.number(change.ticket), self.number(change.other)
        self.parts.tx.execute(_ADD_LINK, {"ticket": number, "type": change.type, "other": other,
                                      "at": self.now})  # fmt: skip

    def _leave(self, change: RemoveParticipants) -> None:
        self.parts.tickets.leave(self.number(change.ticket), change.addresses)

    def _unlink(self, change: RemoveLink) -> None:
        number, other = self.number(change.ticket), self.number(change.other)
        self.parts.tickets.unlink(number, change.type, other)
        self.parts.tickets.unlink(other, change.type, number)

    def _move_entries(self, change: MoveEntries) -> None:
        if self.recorded is not None:
            mails = self.parts.acts.mails_of(change.entries)
            self._moved(change.ticket, change.to, change.entries, mails)
        self.parts.tickets.move_entries(self.number(change.ticket), change.entries, self.number(change.to))

    def _move_keys(self, change: MoveKeys) -> None:
        self.parts.ids.remember(self.known)  # what this plan said so far goes along
        self.known = []
        if self.recorded is not None:
            self._moved(change.ticket, change.to)
        self.parts.ids.move(self.number(change.ticket), self.number(change.to))

    def _ids(self, change: RememberKeys) -> None:
        number = self.number(change.ticket)
        self.known += [self._came(one, number) for one in change.message_ids]
        self.known += [known(one, number, "awaited", sender=change.sender) for one in change.awaited]
        self.known += [known(one, number, "kept") for one in change.kept]

    def _time(self, change: AddTime) -> None:
        number = self.number(change.ticket)
        self.times.append(self.parts.timelog.add(number, change, self.now))
        company = self.parts.timelog.prepaid_company(number)
        if company is not None:  # whoever has the deadlines looks at the account of that day
            at = change.at or self.now
            key = f"prepaid-hours:{company}:{at:%Y-%m-%d}"
            self.parts.deadlines.set(key, DeadlineType.PREPAID_HOURS, number, self.now, at)

    def _deadline(self, change: SetDeadline) -> None:
        number = self.number(change.ticket)
        key = f"{change.type.replace('_', '-')}:{number}"
        self.deadlines[key] = (change.type, number, change.at, change.since)

    def _set_deadlines(self) -> None:
        self.parts.deadlines.set_all(self.deadlines)
        self.deadlines = {}

    def _outage(self, change: LinkOutage) -> None:
        self.parts.outages.link(change.outage_id, self.number(change.ticket), change.linked, self.now)

    # -------------------------------------------------------------------------------------- mails

    def _root(self, number: int) -> str:
        root = self.roots.get(number)
        if root is None:
            query = select(TICKET.c.root_message_id).where(TICKET.c.number == number)
            root = self.roots[number] = self.parts.tx.execute(query).scalar() or ""
        return root

    def _send(self, change: SendNotice) -> None:
        notice = self._with_hours(self._with_consent(change.notice))
        if not notice.to:
            raise ValueError(f"the notice {notice.name} has no recipient")
        number = None if notice.ticket == NEW and NEW not in self.named else self.number(notice.ticket)
        root = "" if number is None else self._root(number)
        message_id = self.signer.message_id(number or 0, notice.token or self.nonces())
        references = notice.references
        if root and root not in references:
            references = (root, *references)
        due = self.now + timedelta(seconds=change.hold_seconds)
        if notice.pace:
            most = self.parts.tx.settings.limits.approvals_per_approver_per_hour
            due = max(due, self.parts.counters.slot(pace_key(notice.pace), most, self.now))
        if notice.name == ALERT and notice.data["alert"] not in ALONE:
            due = AlertMails(self.parts.tx).due_at(number, notice.to[0].address, due)
        if notice.auto != "auto-replied" or due > self.now:
            self.claim = None  # mails of one plan leave in its order
        claim = self.claim
        values: Params = {
            "notice": notice.name, "ticket": number, "inbound_id": self.inbound_id, "language": notice.language,
            "message_id": message_id, "in_reply_to": notice.in_reply_to, "refs": references,
            "auto": notice.auto, "null_sender": notice.null_sender,
            "secret": notice.secret or notice.token is not None, "token": notice.token, "attach": notice.attach,
            "created_at": self.now, "next_attempt_at": due,
        }  # fmt: skip
        data = notice.data | {"number": number, "root_message_id": root}
        key = self.parts.outbound.insert(values, data, notice.to, notice.cc, claim)
        self.outbound.append(key)
        self.known.append(known(message_id, number, "out", key, notice.name))
        self.events.append(("outbound", key, "", OutboundState.QUEUED, notice.name))
        if claim is not None:
            self.events.append(("outbound", key, *CLAIMED, claim.worker))
            self.claimed.append(work_of(key, values, replace(notice, data=data)))
        if notice.token is not None:
            self.carried.append((sha256(notice.token.encode()).hexdigest(), message_id))
        if notice.counted:
            self._count(number, [box.address for box in (*notice.to, *notice.cc)],
                        notice.name == "unknown_sender" or bool(notice.data.get("to_unknown")))  # fmt: skip

    def _with_consent(self, notice: Notice) -> Notice:
        """The id of the consent that this plan opened, and, on a ticket with consents, the head of their log: a
        mail that went out is a witness that nobody can change afterwards."""
        data = notice.data
        asked = data.get("consent")
        if self.consents and isinstance(asked, dict) and asked.get("id") is None:
            data = data | {"consent": asked | {"id": f"C{self.consents[-1]}"}}
        if notice.name != ALERT and self._has_consents(notice.ticket):
            data = data | {"consent_head": self.head or self.parts.consents.head()}
        return notice if data is notice.data else replace(notice, data=data)

    def _with_hours(self, notice: Notice) -> Notice:
        """What is left of prepaid hours, with the minutes of this very plan, in the mail that closes the ticket, where
        the contract says so."""
        closes = notice.name == PHASE_NOTICE[Phase.CLOSED] or notice.data.get("closes")
        if not closes or notice.ticket == NEW:
            return notice
        balance = self.parts.timelog.hours_to_tell(notice.ticket, self.now)
        if balance is None:
            return notice
        account = {  # `HoursAccount` of the mail
            "allowed": balance.allowed, "used": balance.used, "left": balance.left, "over": balance.over,
            "percent": balance.percent, "until": prepaid.last_day(balance.span).isoformat(),
        }  # fmt: skip
        return replace(notice, data=notice.data | {"account": account})

    def _has_consents(self, ticket: int) -> bool:
        ticket = self.named.get(ticket, ticket)
        if ticket in self.opened:
            return bool(self.consents)
        has = self.consented.get(ticket)
        if has is None:
            has = self.consented[ticket] = bool(self.parts.consents.of_tickets([ticket]))
        return has

    def _count(self, number: int | None, addresses: list[str], unknown: bool) -> None:
        keys = [f"a:{address}" for address in addresses] + ["desk"]
        if number is not None:
            keys.append(f"t:{number}")
        if unknown:
            keys.append("unknown")
        for key in keys:
            self.counted[key] = self.counted.get(key, 0) + 1

    def _held(self, change: HeldBack) -> None:
        code, evidence = change.reason.code, change.reason.evidence
        if change.ticket is None:
            self.parts.tx.execute(_HOLD, {"at": self.now, "inbound_id": self.inbound_id,
                                      "notice": change.notice, "address": change.to, "code": code,
                                      "evidence": evidence})  # fmt: skip
            return
        self.entries.append(self.parts.tickets.add_entry(
            self.number(change.ticket), self.now, type=EntryType.HELD_BACK, author="maild", channel="system",
            text=f"{code}: {evidence}" if evidence else code, public=False, inbound_id=self.inbound_id,
            details=HeldBackDetails(notice=change.notice, to=change.to, code=code, evidence=evidence),
        ))  # fmt: skip

    def _address(self, change: MarkAddress) -> None:
        if change.reason:
            self.parts.contacts.mark_bounced(change.address, change.reason, self.now)
        else:
            self.parts.contacts.clear_bounce(change.address)

    def _mail_filed(self, change: FileMail) -> None:
        number, entry = self.number(change.ticket), change.entry
        self.parts.inbound.file_on(change.inbound_id, number, change.agent, self.now)
        self.entries.append(self.parts.tickets.add_entry(
            number, self.now, type=entry.type, author=entry.author, channel=entry.channel, text=entry.text,
            public=entry.public, full_text=entry.full_text, elided=entry.elided, details=entry.details,
            message_id=change.message_id, inbound_id=change.inbound_id,
        ))  # fmt: skip

    # -------------------------------------------------------------------- people, companies, outages

    def _contact(self, change: SaveContact) -> None:
        self.parts.contacts.save(change.company, change.contact)

    def _left(self, change: LeaveCompany) -> None:
        self.parts.contacts.leave(change.address, change.company)

    def _no_contact(self, change: RemoveContact) -> None:
        self.parts.contacts.remove(change.address)

    def _company(self, change: SaveCompany) -> None:
        self.parts.companies.save(change.company)

    def _no_company(self, change: RemoveCompany) -> None:
        self.parts.companies.remove(change.key)

    def _outage_open(self, change: OpenOutage) -> None:
        self.parts.outages.open(change.outage, self.now, change.agent)

    def _outage_news(self, change: TellOutage) -> None:
        if change.resolved:
            self.parts.outages.resolve(change.outage_id, change.text, self.now, change.agent)
        else:
            self.parts.outages.update(change.outage_id, change.text, change.eta, self.now, change.agent)

    def _reported(self, change: MarkOutbound) -> None:
        self.parts.outbound.mark(change.outbound_id, change.recipient, change.state, change.answer, self.now)

    # --------------------------------------------------------------------------------- agents' acts

    def _begin(self, change: RecordAct) -> None:
        acts = self.parts.acts
        self.recorded = _Recorded(
            change.agent, change.ticket, acts.stand(self.touches), change.outage,
            acts.outage(change.outage) if change.outage is not None else None,
        )  # fmt: skip

    def _supersede(self, change: Supersede) -> None:
        self.parts.acts.supersede(change.outbound, self.now)
        if self.recorded is not None:
            self.recorded.superseded += change.outbound

    def _moved(self, ticket: int, to: int, entries: Sequence[int] = (), mails: Sequence[int] = ()) -> None:
        """What is about to go to another ticket, and the keys of both as they stand."""
        assert self.recorded is not None
        other = self.number(to)
        keys = self.parts.acts.keys_of(ticket, other)
        self.recorded.moved.append(MovedRows(ticket, other, tuple(entries), tuple(mails), keys))

    def _keep(self, act: _Recorded) -> None:
        ticket = act.ticket if act.ticket > 0 or act.outage is not None else self.named[act.ticket]
        acts = self.parts.acts
        made = ActRows(
            entries=tuple(self.entries), outbound=tuple(self.outbound), times=tuple(self.times),
            consents=tuple(self.consents), opened=tuple(self.opened), replaced=tuple(act.superseded),
            hooks=tuple(self.hooks), moved=tuple(act.moved), decided=act.decided, by_mail=self.inbound_id is not None,
            outage=acts.outage_step(act.outage, act.outage_before) if act.outage is not None else None,
        )  # fmt: skip
        acts.keep(act.agent, ticket, act.before, made, self.now)

    def _take_back(self, change: UndoAct) -> None:
        self.untold = self.parts.hooks.take_back(self.parts.acts.take_back(change.act, self.now), self.now)

    # ------------------------------------------------------------------------------------ consent

    def _consent(self, change: OpenConsent) -> None:
        self.consents.append(self.parts.consents.open(self.number(change.ticket), change, self.now))

    def _tokens(self, change: AddTokens) -> None:
        self.parts.consents.add_tokens(change)

    def _decide(self, change: DecideConsent) -> None:
        if self.recorded is not None:
            self.recorded.decided = True
        self.parts.consents.decide(change, self.now)

    def _log(self, change: LogConsent) -> None:
        key = change.consent_id
        if key == NEW:
            if not self.consents:
                raise Refused("the plan logs a new consent but opens none")
            key = self.consents[-1]
        self.head = self.parts.consents.append(key, change.event, change.data, self.now)


def _tickets_of(plan: Plan) -> set[int]:
    """Numbers of the tickets that exist and that the plan touches."""
    numbers = {plan.inbound_ticket or NEW}
    for change in plan.changes:
        if isinstance(change, OpenTicket):
            numbers.add(change.ticket.number)
            continue
        numbers.update([getattr(change, name) for name in _NAMES_TICKETS[type(change)]])
    return {number for number in numbers if isinstance(number, int) and number > 0}


_WAYS: dict[type, Callable[[Applying, Any], None]] = {
    OpenTicket: Applying._open,
    UpdateTicket: Applying._update,
    AddEntry: Applying._entry,
    AddParticipant: Applying._participant,
    RemoveParticipants: Applying._leave,
    AddLink: Applying._link,
    RemoveLink: Applying._unlink,
    MoveEntries: Applying._move_entries,
    MoveKeys: Applying._move_keys,
    SendNotice: Applying._send,
    HeldBack: Applying._held,
    RememberKeys: Applying._ids,
    AddTime: Applying._time,
    OpenConsent: Applying._consent,
    AddTokens: Applying._tokens,
    DecideConsent: Applying._decide,
    LogConsent: Applying._log,
    SetDeadline: Applying._deadline,
    LinkOutage: Applying._outage,
    MarkAddress: Applying._address,
    MarkOutbound: Applying._reported,
    FileMail: Applying._mail_filed,
    SaveContact: Applying._contact,
    LeaveCompany: Applying._left,
    RemoveContact: Applying._no_contact,
    SaveCompany: Applying._company,
    RemoveCompany: Applying._no_company,
    OpenOutage: Applying._outage_open,
    TellOutage: Applying._outage_news,
    RecordAct: Applying._begin,
    Supersede: Applying._supersede,
    UndoAct: Applying._take_back,
}
#: the fields of each kind of change that may hold a ticket's number
_NAMES_TICKETS: dict[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.name in ("ticket", "to", "other")) for kind in _WAYS
}
