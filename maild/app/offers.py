"""Offers and costs that the customer accepts by mail: amounts exact, the same consent engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from maild.app import acts
from maild.app.acts import ActContext
from maild.consent import asking, costs
from maild.consent import request as written_request
from maild.consent.wanted import ConsentWanted, request_text
from maild.errors import Refused
from maild.model import Change, ConsentFacts, Plan, SendNotice, TicketFacts, UpdateTicket
from maild.notice import notices
from maild.notice.status_mails import CostNotice
from maild.notice.values import RequestedConsent
from maild.party import entitlement
from maild.ticket import clocks, entries, service
from maild.ticket.entries import OfferDetails
from maild.ticket.moving import refuse_while_held
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import AnnouncedCost, TicketChange
from maild.ticket.terms import ConsentTerms, LineItem
from maild.ticket.vocabulary import ConsentKind, EntryType
from maild.values import dataclass, replace

#: ISO 4217, the codes in use
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
MOST_VALID_DAYS = 366
#: an estimate above this is a project, or a slip of the finger
MOST_ESTIMATE = 400 * 60
#: bytes of an attached offer; base64 adds a third, and many relays stop at 20 MB
MOST_FILE = 10 * 1024 * 1024

_AMOUNT = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?")
_DAYS = re.compile(r"([0-9]{1,4})\s?([dw])")


def amount(text: str) -> str:
    """`450`, `450.5` or `450,50` as `450.50`. Raises `Refused` for anything that could be read in two ways."""
    written = _AMOUNT.fullmatch(text.strip())
    if written is None:
        raise Refused(f"{text!r} is not an amount; write 1450 or 1450.50, without thousands marks")
    value = Decimal(f"{written[1]}.{written[2] or '0'}")
    if value == 0:
        raise Refused("an offer of 0 needs no acceptance; `maild reply` tells the customer")
    return f"{value:.2f}"


def currency(text: str) -> str:
    """An ISO 4217 code, in any case."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise Refused(f"{text!r} is not a currency code of ISO 4217; write EUR, HUF, USD ...")
    return code


def valid_until(text: str, now: datetime, zone: str) -> tuple[date, datetime]:
    """`14d`, `2w` or an ISO date: the last day in `zone`, and its end in UTC."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    days = _DAYS.fullmatch(text.strip().lower())
    try:
        if days is not None:
            last = today + timedelta(days=int(days[1]) * (7 if days[2] == "w" else 1))
        else:
            last = date.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise Refused(f"--valid {text!r}: write 14d, 2w or 2026-12-31") from None
    if not 0 < (last - today).days <= MOST_VALID_DAYS:
        raise Refused(f"--valid {text!r}: 1 to {MOST_VALID_DAYS} days from now")
    return last, datetime.combine(last, time(23, 59, 59), here).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Quote:
    """What is offered. `amount`: "" = the sum of the items. `items`: ("Three notebooks", "1200.00"). `vat`: what is
    said of it. `files`: name and SHA-256 of each stored file."""

    amount: str
    currency: str
    valid: str
    text: str = ""
    items: tuple[tuple[str, str], ...] = ()
    vat: str = ""
    files: tuple[tuple[str, str], ...] = ()


def item(text: str) -> tuple[str, str]:
    """`Three notebooks=1200.00` as its two halves; the last `=` parts them."""
    what, equals, value = text.rpartition("=")
    if not equals or not what.strip():
        raise Refused(f"{text!r} is not a line of an offer; write --item 'Three notebooks=1200.00'")
    return " ".join(what.split()), amount(value)


def total(offer: Quote) -> str:
    """The amount of the offer: as given, or what its lines add up to. Refused where the two differ."""
    added = sum((Decimal(value) for _, value in offer.items), Decimal(0))
    if not offer.amount:
        if not offer.items:
            raise Refused(
                "say how much: --amount 1450.00, or lines that add up: --item 'Three notebooks=1200.00'"
            )
        return f"{added:.2f}"
    value = amount(offer.amount)
    if offer.items and Decimal(value) != added:
        raise Refused(
            f"the lines add up to {added:.2f}, not to {value}; leave --amount out, or mend one of them"
        )
    return value


def quote(act: ActContext, ticket: TicketFacts, offer: Quote, nonce: Callable[[], str]) -> Plan:
    """`maild quote send N`: held until an approver of the company accepts; a newer offer voids the older."""
    old = _sendable(act, ticket, ConsentKind.QUOTE)
    company = act.company
    if company is None:
        raise Refused(
            f"#{ticket.number} belongs to no company, so nobody could accept; `maild move {ticket.number} COMPANY` first"
        )
    value, code = total(offer), currency(offer.currency)
    last, expires = valid_until(offer.valid, act.now, service.display_timezone(company, act.settings))
    # the words that the yes is bound to: every line, the sum, the last day, and each file by its hash
    lines = [f"{what}: {price} {code}" for what, price in offer.items]
    terms = [*lines, f"{value} {code}" + (f", {offer.vat}" if offer.vat else ""), last.isoformat()]
    terms += [f"{name} (SHA-256 {digest})" for name, digest in offer.files]
    request = request_text(ticket.subject, "\n\n".join(filter(None, [offer.text, "\n".join(terms)])))
    made = ConsentTerms(
        amount=value, currency=code, valid_until=last, vat=offer.vat, attach=tuple(digest for _, digest in offer.files),
        items=tuple(LineItem(text=what, amount=price) for what, price in offer.items), words=offer.text.strip(),
    )  # fmt: skip
    return _ask(act, ticket, ConsentKind.QUOTE, request, made, nonce, old, expires, offer.text)


def cost(act: ActContext, ticket: TicketFacts, minutes: int, reason: str, nonce: Callable[[], str]) -> Plan:
    """`maild cost send N`: work outside the contract; asked where the contract says so, else told.

    `minutes`: the estimate for the whole ticket, charged in whole quanta.
    """
    company = act.company
    quantum = act.settings.time.quantum_minutes
    reason = reason.strip() or act.settings.tickets.out_of_scope_text.get(ticket.language, "")
    terms = ConsentTerms(estimate_minutes=minutes, quantum_minutes=quantum, reason=reason)
    shown = f"{costs.units(minutes, act.settings.time)} x {quantum} min"
    if company is not None and company.cost_needs_consent:
        old = _sendable(act, ticket, ConsentKind.COST)
        request = request_text(ticket.subject, "\n\n".join(filter(None, [reason, shown])))
        return _ask(act, ticket, ConsentKind.COST, request, terms, nonce, old, None, reason)
    refuse_while_held(ticket, act.consents)
    acts.refuse_ended(ticket)
    shown_cost = RequestedConsent(
        kind=ConsentKind.COST, estimate_minutes=minutes, quantum_minutes=quantum, reason=reason
    )
    made = notices.status(CostNotice(**acts.told(act, ticket), consent=shown_cost), ticket)
    if made is None:
        raise Refused(f"#{ticket.number} has no verified requester to write to")
    changes: list[Change] = [
        UpdateTicket(
            ticket.number,
            replace(_answered(act, ticket), cost=AnnouncedCost(minutes, act.now), out_of_scope=True),
        ),
        act.noted(
            ticket.number, EntryType.COST, f"told the customer: {shown}" + (f", {reason}" if reason else ""),
            OfferDetails(estimate_minutes=minutes, quantum_minutes=quantum),
        ),
        *(clocks.answered(ticket) if ticket.responded_at is None else ()),
        SendNotice(made),
    ]  # fmt: skip
    return Plan(tuple(changes))


def _sendable(act: ActContext, ticket: TicketFacts, kind: ConsentKind) -> ConsentFacts | None:
    """The offer that is asked about now and that a new one replaces; refused where another consent is waited for."""
    acts.refuse_ended(ticket)
    if ticket.phase != Phase.AWAITING_APPROVAL:
        return None
    asked = next(
        (c for c in reversed(act.consents) if c.state in (ConsentState.WAITING, ConsentState.EXPIRED)), None
    )
    if asked is None or asked.kind != kind:
        refuse_while_held(ticket, act.consents)
    return asked


def _answered(act: ActContext, ticket: TicketFacts) -> TicketChange:
    return TicketChange(responded_at=act.now) if ticket.responded_at is None else TicketChange()


def _ask(
    act: ActContext,
    ticket: TicketFacts,
    kind: ConsentKind,
    request: str,
    terms: ConsentTerms,
    nonce: Callable[[], str],
    old: ConsentFacts | None,
    expires: datetime | None,
    message: str,
) -> Plan:
    """Hold the ticket for the offer. An offer is the desk's answer: the promise of one is kept."""
    verified = written_request.verified(ticket)
    if act.company is None or not entitlement.approvers(act.company, kind, ticket.requester):
        where = act.company.key if act.company else "the requester's company, which is not known"
        raise Refused(
            f"nobody at {where} may accept a {kind}; "
            f"`maild contact edit ADDRESS --role approver --approves {kind}` names somebody"
        )
    wanted = ConsentWanted(
        kind, request, ticket.requester, ticket.requester_name,
        replace(terms, requester_verified=verified), expires_at=expires,
    )  # fmt: skip
    changes = asking.hold(
        ticket, act.company, wanted, act.settings, act.now, nonce, by=act.actor, message=message, old=old
    )
    change = _answered(act, ticket)
    if kind is ConsentKind.COST:
        change = replace(change, out_of_scope=True)
    changes.append(UpdateTicket(ticket.number, change))
    shown = OfferDetails(
        amount=terms.amount, currency=terms.currency,
        valid_until=terms.valid_until.isoformat() if terms.valid_until else "",
        estimate_minutes=terms.estimate_minutes, quantum_minutes=terms.quantum_minutes, reason=terms.reason,
    )  # fmt: skip
    text = f"{kind} sent: " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in entries.dump(shown).items())
    return Plan((*changes, act.noted(ticket.number, EntryType(kind), text, shown)))
