"""What the pages show of tickets, outages, consents and contracts, in the visitor's words. Pure: facts in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from maild.app import customer
from maild.consent.wanted import shown_words
from maild.model import CompanyFacts, ConsentFacts, EntryFacts, OutageFacts, TicketFacts
from maild.notice import notices
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket.entries import FileRow, MailDetails, PhaseDetails
from maild.ticket.phases import ENDED, ConsentState, Phase
from maild.ticket.prepaid import Balance, last_day
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass
from maild.web.look import PageWords
from maild.web.visitor import Visitor

Values = dict[str, Any]
#: entries of mails in the log: the customer's side wrote them
WRITTEN = frozenset({EntryType.MAIL, EntryType.CALL})
SHOWN = frozenset(notices.SHOWN) | {EntryType.CALL}
STEPS = (Phase.RECEIVED, Phase.ACCEPTED, Phase.IN_PROGRESS)
#: where on the way a phase stands
_PLACE: Mapping[Phase, int] = {
    Phase.RECEIVED: 0, Phase.AWAITING_APPROVAL: 0, Phase.ACCEPTED: 1, Phase.SCHEDULED: 1, Phase.IN_PROGRESS: 2,
    Phase.WAITING_CUSTOMER: 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketFile:
    """One attachment that a visitor may take: the entry that holds its mail, and its place in that mail."""

    index: int  # as in the page's address, from 1
    entry: int
    part: int
    name: str
    size: int


def public_entries(ticket: TicketFacts) -> tuple[EntryFacts, ...]:
    """What mails would show of the log, oldest first."""
    return tuple(
        e for e in ticket.entries
        if e.public and e.type in SHOWN and (e.type not in WRITTEN or e.text.strip() or _attached(e))
    )  # fmt: skip


def files_of(ticket: TicketFacts) -> tuple[TicketFile, ...]:
    """The files of public entries, in order of arrival."""
    files = [(entry.id, file) for entry in public_entries(ticket) for file in _attached(entry)]
    return tuple(
        TicketFile(index, entry, file.index, file.name, file.size)
        for index, (entry, file) in enumerate(files, 1)
    )


def _attached(entry: EntryFacts) -> tuple[FileRow, ...]:
    return entry.details.attachments if isinstance(entry.details, MailDetails) else ()


def card(ticket: TicketFacts, visitor: Visitor, say: PageWords, now: datetime) -> Values:
    """One line of the list."""
    return {
        "number": ticket.number,
        "subject": ticket.subject or say("subject.none"),
        "phase": say(f"phase.{ticket.phase}"),
        "promise": promise(ticket, say, now),
        "changed": say.when(ticket.updated_at or ticket.created_at),
        "waits_for_you": ticket.phase == Phase.WAITING_CUSTOMER,
        "of_other": ticket.requester not in visitor.addresses,
        "requester": ticket.requester_name or ticket.requester,
    }


def promise(ticket: TicketFacts, say: PageWords, now: datetime) -> str:
    """What the contract promises and still lies ahead; "" where nothing does."""
    promised = notices.still_promised(ticket, now)
    if promised is None or ticket.phase in ENDED:
        return ""
    if promised.respond_by is not None:
        return say("ticket.promise", when=say.when(promised.respond_by))
    return (
        say("ticket.resolve", when=say.when(promised.resolve_by)) if promised.resolve_by is not None else ""
    )


def page(
    ticket: TicketFacts,
    consents: Sequence[ConsentFacts],
    outages: Sequence[OutageFacts],
    visitor: Visitor,
    settings: Settings,
    say: PageWords,
    now: datetime,
) -> Values:
    """One ticket whole, the newest first."""
    company = next((c for c in visitor.companies if c.key == ticket.company), None)
    by_entry: dict[int, list[TicketFile]] = {}
    for file in files_of(ticket):
        by_entry.setdefault(file.entry, []).append(file)
    entries = [
        _entry(e, by_entry.get(e.id, []), visitor, settings, say) for e in reversed(public_entries(ticket))
    ]
    return {
        **card(ticket, visitor, say, now),
        "steps": _steps(ticket, say),
        "scheduled": _scheduled(ticket, say, now),
        "oncall": oncall(company, visitor, say),
        "outages": [outage(o, say, now) for o in outages],
        "consents": [_consent(c, visitor, say) for c in consents if _may_see(c, visitor)],
        "entries": entries,
        "facts": _facts(ticket, company, say),
        "may_reply": ticket.phase != Phase.MERGED,
        "may_close": ticket.phase not in ENDED and ticket.phase != Phase.AWAITING_APPROVAL,
        "may_reopen": customer.may_reopen(ticket, settings, now),
        "asks_rating": ticket.phase == Phase.CLOSED and notices.asks_rating(ticket, settings),
    }


def _steps(ticket: TicketFacts, say: PageWords) -> list[Values]:
    over = ticket.phase in ENDED or ticket.phase == Phase.RESOLVED
    here = len(STEPS) if over else _PLACE[ticket.phase]
    names = [*(say(f"phase.{step}") for step in STEPS), say("ticket.done")]
    return [
        {"name": name, "state": "past" if place < here else "now" if place == here else "next"}
        for place, name in enumerate(names)
    ]


def _scheduled(ticket: TicketFacts, say: PageWords, now: datetime) -> str:
    if ticket.phase == Phase.MERGED and ticket.merged_into is not None:
        return say("ticket.merged", number=ticket.merged_into)
    if ticket.phase != Phase.SCHEDULED:
        return ""
    steps = [e.details for e in ticket.entries if isinstance(e.details, PhaseDetails)]
    at = next((one.scheduled_for for one in reversed(steps) if one.scheduled_for is not None), None)
    return say("ticket.scheduled", when=say.when(at)) if at is not None and at > now else ""


def oncall(company: CompanyFacts | None, visitor: Visitor, say: PageWords) -> str:
    """Whom to call at night, for who is entitled to: a contact of a company whose contract has a number."""
    if company is None or not company.oncall_phone or not notices.has_contract(company):
        return ""
    if not entitlement.may_file(visitor.person, company):
        return ""
    code = f" ({company.oncall_code})" if company.oncall_code else ""
    return say("new.oncall", phone=company.oncall_phone + code)


def _entry(
    entry: EntryFacts, files: Sequence[TicketFile], visitor: Visitor, settings: Settings, say: PageWords
) -> Values:
    theirs = entry.type in WRITTEN
    who = notices.author(entry, settings)
    if entry.author in visitor.addresses:
        who = visitor.name or entry.author
    to = entry.details.new if isinstance(entry.details, PhaseDetails) else None
    step = say(f"phase.{to}") if to is not None else ""
    return {
        "at": entry.at.isoformat(timespec="seconds"),
        "when": say.when(entry.at),
        "who": " · ".join(filter(None, (who or ("" if theirs else say("ticket.us")), step))),
        "side": "theirs" if theirs else "step" if step and not entry.text.strip() else "ours",
        "text": entry.text.strip(),
        "files": [{"index": f.index, "name": f.name, "size": say.size(f.size)} for f in files],
    }


def _facts(ticket: TicketFacts, company: CompanyFacts | None, say: PageWords) -> list[tuple[str, str]]:
    rows = [
        (say("ticket.requester"), ticket.requester_name or ticket.requester),
        (say("ticket.opened"), say.when(ticket.created_at)),
        (say("ticket.kind"), say(f"kind.{ticket.kind}")),
    ]
    if notices.has_contract(company) and say.has(f"severity.{ticket.severity}"):
        rows.append((say("ticket.severity"), say(f"severity.{ticket.severity}")))
    others = [p.name or p.address for p in ticket.participants if p.address != ticket.requester]
    if others:
        rows.append((say("ticket.participants"), ", ".join(others)))
    return rows


# ---------------------------------------------------------------------------------------------- consents


def _may_see(consent: ConsentFacts, visitor: Visitor) -> bool:
    return consent.requester in visitor.addresses or bool(set(consent.approvers) & set(visitor.addresses))


def _consent(consent: ConsentFacts, visitor: Visitor, say: PageWords) -> Values:
    waiting = consent.state == ConsentState.WAITING
    return {
        "kind": say(f"approvals.kind.{consent.kind}"),
        "state": say(f"approvals.state.{consent.state}"),
        "until": say.when(consent.expires_at) if waiting else "",
        "request": shown_words(consent.kind, consent.terms, consent.request_text).strip(),
        "approvers": ", ".join(consent.approvers) or say("approvals.nobody"),
        "yours": waiting and bool(set(consent.approvers) & set(visitor.addresses)),
    }


def approval(consent: ConsentFacts, ticket: TicketFacts, say: PageWords) -> Values:
    """What waits for the visitor's word: the request as it was mailed to them."""
    terms = consent.terms
    return {
        "id": consent.id, "number": ticket.number, "subject": ticket.subject or say("subject.none"),
        "kind": say(f"approvals.kind.{consent.kind}"), "until": say.when(consent.expires_at),
        "request": shown_words(consent.kind, terms, consent.request_text),
        "requester": ticket.requester_name or consent.requester,
        "verified": terms.requester_verified, "here": consent.require == "token",
        "amount": say.shared.money(terms.amount, terms.currency) if terms.amount else "",
        "means": say.shared(f"consent.means.{consent.kind}") or say.shared("consent.means.other"),
        "yes": say.shared(f"button.yes.{consent.kind}") or say.shared("button.yes.other"),
        "no": say.shared(f"button.no.{consent.kind}") or say.shared("button.no.other"),
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------- outages


def outage(facts: OutageFacts, say: PageWords, now: datetime) -> Values:
    """A known outage with its times; when it should have ended long ago is none of them."""
    times = [say("outages.since", when=say.when(facts.opened_at))]
    if facts.resolved_at is not None:
        times.append(say("outages.over", when=say.when(facts.resolved_at)))
    elif facts.eta is not None and facts.eta > now:
        times.append(say("outages.eta", when=say.when(facts.eta)))
    return {
        "id": facts.id, "title": facts.title, "text": facts.text, "times": " · ".join(times),
        "over": facts.resolved_at is not None,
    }  # fmt: skip


def touching(outages: Iterable[OutageFacts], visitor: Visitor) -> list[OutageFacts]:
    """Outages of everybody's, and of the visitor's companies."""
    mine = {c.key for c in visitor.companies}
    return [o for o in outages if not o.companies or mine & set(o.companies)]


# ----------------------------------------------------------------------------------------------- company


def company(theirs: CompanyFacts, settings: Settings, say: PageWords) -> Values:
    """A company's contract and people, for its reference persons."""
    level = settings.service_levels.get(theirs.service_level)
    facts: list[tuple[str, str]] = []
    if level is not None and notices.has_contract(theirs):
        for severity, hours in level.respond_hours.items():
            value = say("company.hours_of", hours=say.number(hours))
            facts.append((f"{say('company.respond')} ({say(f'severity.{severity}')})", value))
    if theirs.oncall_phone:
        facts.append((say("head.oncall"), theirs.oncall_phone))
    people = [
        {
            "name": person.name, "address": person.address, "phone": person.phone,
            "roles": ", ".join(
                say(f"company.roles.{role}")
                for one in person.memberships if one.company == theirs.key
                for role in one.roles if say.has(f"company.roles.{role}")
            ),
        }
        for person in theirs.people
    ]  # fmt: skip
    return {"name": theirs.name, "facts": facts, "people": people}


def hours(balance: Balance, say: PageWords) -> tuple[str, str]:
    """(label, value) of the prepaid hours: how much of the period is used and left."""
    phrase = "company.hours_over" if balance.over else "company.hours_left"
    return say("company.prepaid"), say(
        phrase, used=say.number(balance.used / 60), allowed=say.number(balance.allowed / 60),
        left=say.number(balance.left / 60), over=say.number(balance.over / 60),
        until=say.shared.long_date(last_day(balance.span).isoformat()),
    )  # fmt: skip
