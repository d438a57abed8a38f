"""One look-up for one mail: all that app/ may know, in as few round trips as its keys need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from maild.model import ConsentFacts, Facts, KnownKey, LookupKeys, OutboundFacts, TicketFacts
from maild.store.counters import pace_key
from maild.store.ids import in_common
from maild.store.locks import Kind
from maild.store.plain import AT_ONCE, in_parts
from maild.store.tables import LINK
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import LinkType
from maild.values import replace

if TYPE_CHECKING:
    from maild.store.tx import Tx

#: tickets of one thread are followed at most so far, and so many of them
_HOPS, _ANSWERS = 4, 100
#: links that threading makes: the ticket was opened by a mail in the other's thread
_IN_THREAD = (LinkType.CLAIMS, LinkType.RELATED, LinkType.FOLLOW_UP)
#: merged tickets are followed at most so far
_MERGES = 32
#: ids of a thread that are locked; the ticket is locked too
_NEAREST = 3
#: numbers that both databases can hold
_BIGGEST = 2**63 - 1


def _wanted(keys: LookupKeys) -> tuple[str, ...]:
    """What may mean a ticket."""
    wanted = (*keys.message_ids, *keys.keys)
    if keys.own_message_id and keys.own_message_id not in wanted:
        wanted = (*wanted, keys.own_message_id)
    return wanted


def _counted(keys: LookupKeys) -> list[str]:
    """The automatic answers that count for every mail."""
    return ["desk", "unknown", *([f"a:{keys.sender}"] if keys.sender else [])]


class LookUp:
    """Behind `tx.facts`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def facts(self, keys: LookupKeys, now: datetime, inbound_id: int | None) -> Facts:
        """`inbound_id`: the mail itself, which is no duplicate of itself."""
        tx = self._tx
        self._look_ahead(keys, now, inbound_id)
        tx.locks.take(Kind.MAIL, in_common(keys, nearest=_NEAREST))
        known = self._known(keys)
        sent = self._sent(known)
        by_token = tx.consents.by_tokens(keys.token_hashes)
        numbers = {number for number in keys.numbers if 0 < number <= _BIGGEST}
        numbers.update(one.ticket for several in known.values() for one in several if one.ticket is not None)
        numbers.update(one.ticket for one in sent.values() if one.ticket is not None)
        numbers.update(one.ticket for one in by_token.values())
        tickets = self._tickets(numbers)
        answers = self._answers(keys, tickets)
        if answers:
            tickets |= self._tickets({number for pair in answers for number in pair} - tickets.keys())
        copy = self._copy(keys, known, inbound_id)
        consents = self._consents(tickets, by_token)
        # a decision's mail tells all that was done so far
        held = {one.ticket for one in consents.values() if one.state is ConsentState.WAITING} & tickets.keys()
        if keys.acts:  # what an agent does tells all that was done so far, and knows whose it is
            held |= tickets.keys()
        if keys.reports:  # of a mail that came back its writer is told
            held |= {one.ticket for one in sent.values() if one.ticket is not None} & tickets.keys()
        tickets |= {number: replace(tickets[number], entries=tx.tickets.entries(number)) for number in held}
        people = tx.contacts.by_address(self._addresses(keys, consents.values()))
        domain = tx.companies.by_domain(keys.sender.rpartition("@")[2]) if keys.sender else None
        same = tx.inbound.same(keys.fingerprint, inbound_id) if keys.fingerprint else None
        window = timedelta(minutes=tx.settings.limits.same_notice_minutes)
        company_keys = {member.company for person in people.values() for member in person.memberships}
        company_keys.update(one.company for one in tickets.values() if one.company)
        named = tx.companies.by_domain(keys.named.rpartition("@")[2]) if keys.named else None
        company_keys.update(one for one in (domain, named) if one)
        companies = tx.companies.cached(sorted(company_keys))
        approvers = [
            p.address
            for c in companies.values()
            for p in c.people
            if any("approver" in m.roles for m in p.memberships)
        ]
        sums = self._automatic(keys, tickets, approvers, now)
        tx.forget_ahead()
        return Facts(
            tickets=tickets,
            known=known,
            answers=answers,
            people=people,
            companies=companies,
            named_company=named,
            domain_company=domain,
            outages=tx.outages.lasting(),
            duplicate_of=same[0] if same else None,
            duplicate_ticket=same[1] if same else None,
            copy_of=copy,
            copy_text=self._text_of(copy) if copy else "",
            automatic_last_hour=sums.get(f"a:{keys.sender}", 0),
            automatic_unknown_last_hour=sums.get("unknown", 0),
            recent_notices=tx.outbound.recent(list(tickets), now - window) if tickets else frozenset(),
            tokens={one.token_hash: one for consent in consents.values() for one in consent.tokens},
            consents=consents,
            outbound=sent,
            automatic_desk_last_hour=sums.get("desk", 0),
            automatic_ticket_last_hour={number: sums.get(f"t:{number}", 0) for number in tickets},
            paced_last_hour={one: sums[key] for one in approvers if (key := pace_key(one)) in sums},
        )

    def _look_ahead(self, keys: LookupKeys, now: datetime, inbound_id: int | None) -> None:
        """What is looked up for every mail goes with its locks, after which it is read: one round trip instead of six."""
        if self._tx.is_sqlite:
            return
        self._tx.contacts.ahead(self._addresses(keys, ()))
        self._tx.ids.ahead(_wanted(keys)[:AT_ONCE])
        self._tx.counters.ahead(_counted(keys), now)
        if keys.fingerprint:
            self._tx.inbound.same_ahead(keys.fingerprint, inbound_id)

    def _known(self, keys: LookupKeys) -> dict[str, tuple[KnownKey, ...]]:
        wanted = _wanted(keys)
        known: dict[str, tuple[KnownKey, ...]] = {}
        for some in in_parts(wanted):
            known |= self._tx.ids.find(some)
        return known

    def _sent(self, known: dict[str, tuple[KnownKey, ...]]) -> dict[str, OutboundFacts]:
        keys = [one.outbound_id for some in known.values() for one in some if one.outbound_id is not None]
        return {one.message_id: one for one in self._tx.outbound.facts(keys)} if keys else {}

    def _tickets(self, numbers: set[int]) -> dict[int, TicketFacts]:
        """These tickets and those that they were merged into, by numbers."""
        tickets: dict[int, TicketFacts] = {}
        wanted = numbers
        for _ in range(_MERGES):
            if not wanted:
                break
            self._tx.locks.take(Kind.TICKET, wanted)
            tickets |= self._tx.tickets.brief_many(sorted(wanted))
            tickets |= {
                key: replace(one, entries=self._tx.tickets.entries(key))
                for key, one in tickets.items()
                if (one.state.adoptable or one.state.asks) and not one.entries
            }  # whoever adopts or consents takes over all that was written
            survivors = {one.merged_into for one in tickets.values() if one.merged_into is not None}
            wanted = survivors - tickets.keys()
        return tickets

    def _answers(self, keys: LookupKeys, tickets: dict[int, TicketFacts]) -> tuple[tuple[int, int], ...]:
        """How the tickets that the sender takes no part in hang together with others of the same thread."""
        if not tickets or keys.sender is None:
            return ()
        person = self._tx.contacts.by_address([keys.sender]).get(keys.sender)
        own = {keys.sender, *(person.addresses if person else ())}
        others = [
            number for number, one in tickets.items()
            if one.requester not in own and not any(box.address in own for box in one.participants)
        ]  # fmt: skip
        answers: dict[tuple[int, int], None] = {}
        seen = set(others)
        for _ in range(_HOPS):
            if not others or len(answers) >= _ANSWERS:
                break
            pairs = self._linked_pairs(others)
            answers.update(dict.fromkeys(pairs))
            others = sorted({number for pair in pairs for number in pair} - seen)
            seen.update(others)
        return tuple(answers)

    def _linked_pairs(self, numbers: list[int]) -> list[tuple[int, int]]:
        query = (
            select(LINK.c.ticket, LINK.c.other)
            .where(LINK.c.type.in_(_IN_THREAD), or_(LINK.c.ticket.in_(numbers), LINK.c.other.in_(numbers)))
            .order_by(LINK.c.ticket.desc(), LINK.c.other)
            .limit(_ANSWERS)
        )
        return [(row.ticket, row.other) for row in self._tx.execute(query)]

    def _copy(
        self, keys: LookupKeys, known: dict[str, tuple[KnownKey, ...]], inbound_id: int | None
    ) -> KnownKey | None:
        """The first mail with this sender, Message-ID and Date."""
        if not keys.own_message_id or not keys.sender or keys.sent_at is None:
            return None
        came = [
            one for one in known.get(keys.own_message_id, ())
            if one.origin == "in" and one.sender == keys.sender and one.sent_at == keys.sent_at
            and one.inbound_id is not None and one.inbound_id != inbound_id
        ]  # fmt: skip
        return min(came, key=lambda one: one.inbound_id or 0, default=None)

    def _text_of(self, copy: KnownKey) -> str:
        """What the first mail said, where it stands on a ticket."""
        entries = self._tx.tickets.entries(copy.ticket) if copy.ticket else ()
        return next((one.full_text for one in entries if one.mail_id == copy.inbound_id), "")

    def _consents(
        self, tickets: dict[int, TicketFacts], by_token: dict[int, ConsentFacts]
    ) -> dict[int, ConsentFacts]:
        return by_token | self._tx.consents.of_tickets(sorted(tickets)) if tickets else by_token

    def _addresses(self, keys: LookupKeys, consents: Iterable[ConsentFacts]) -> list[str]:
        """Whose contact may matter: those of the mail and the approvers that it may concern."""
        wanted = dict.fromkeys(keys.addresses)
        if keys.sender:
            wanted[keys.sender] = None
        for consent in consents:
            wanted.update(dict.fromkeys((*consent.approvers, consent.requester)))
        return list(wanted)

    def _automatic(
        self, keys: LookupKeys, tickets: dict[int, TicketFacts], approvers: list[str], now: datetime
    ) -> dict[str, int]:
        always = _counted(keys)
        if not self._tx.is_sqlite:
            self._tx.counters.last_hour(always, now)  # the answer came ahead; what is read once is kept
        return self._tx.counters.last_hour(
            [*always, *(f"t:{number}" for number in tickets), *map(pace_key, approvers)], now
        )
