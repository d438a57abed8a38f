"""Which ticket, and what the sender may do with it: SPEC's table of evidence and sender.

All rules run, and each names every ticket that its evidence points to. Of all that was found, in the order of
`[threading] rules`, the first ticket that this sender may join decides; where there is none, the first evidence
says what the sender's new ticket is linked to. A ticket that was merged stands
for its survivor, an ended one is reopened within the window, and nobody's mail is joined to a ticket only
because it quotes its number. docs/threading.md tells each decided case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import threading_rules
from maild.mail.forwarded import named_author
from maild.mail.own_ids import claimed_number
from maild.mail.text.subjects import tag_numbers, unrelated
from maild.model import Facts, Mail, Match, Reason, Sender, Threading, TicketFacts
from maild.settings import Settings
from maild.ticket.phases import DONE, Phase
from maild.ticket.vocabulary import LinkType
from threading_rules.view import ThreadView

Relation = Literal["participant", "company", "stranger", "agent"]
How = Literal["join", "claim", "linked", "new"]

#: (strength of the evidence, relation of the sender to the ticket) -> what becomes of the mail
TABLE: dict[tuple[str, Relation], How] = {
    ("token", "participant"): "join",
    ("token", "company"): "join",
    ("token", "agent"): "join",
    ("token", "stranger"): "claim",
    ("message_id", "participant"): "join",
    ("message_id", "company"): "join",
    ("message_id", "agent"): "join",
    ("message_id", "stranger"): "linked",
    ("tag", "participant"): "join",
    ("tag", "company"): "join",
    ("tag", "agent"): "join",
    ("tag", "stranger"): "linked",
    ("bare", "participant"): "join",
    ("bare", "company"): "linked",
    ("bare", "agent"): "linked",
    ("bare", "stranger"): "new",
}

#: link types of new tickets, by what the table says
LINK: dict[str, LinkType] = {"claim": LinkType.CLAIMS, "linked": LinkType.RELATED}
#: a reply to a ticket in one of these phases reopens it, or follows it up
NOBODY = Reason("no-strict-from", "without a single strict From nobody joins")


def _unsigned(_text: str) -> int | None:
    return None


def thread(
    mail: Mail,
    sender: Sender,
    facts: Facts,
    settings: Settings,
    now: datetime,
    verify: Callable[[str], int | None],
    *,
    verify_address: Callable[[str], int | None] = _unsigned,
    recipients: tuple[str, ...] = (),
) -> Threading:
    """All rules' verdicts and what they add up to for this sender.

    `verify`, `verify_address`: `Signer.verify` and `Signer.verify_reply_address`. `recipients`: the
    envelope's. `now`: when the mail came, what the reopen window is measured against.
    """
    view = ThreadView(mail, facts, settings.threading, verify, verify_address, claimed_number, recipients)
    candidates = run_rules(view)
    notes = _conflicts(view, candidates)
    if sender.address is None:
        return Threading(None, None, "none", candidates, (*notes, NOBODY))
    found = [match for match in candidates if match.ticket is not None]
    if not found:
        forwarded = named_author(mail) if sender.how == "agent" else ()
        return Threading(None, None, "new", (*candidates, *forwarded), notes)
    joinable = next((match for match in found if _says(match, sender, facts) == "join"), None)
    best = joinable or found[0]
    assert best.ticket is not None
    chain = merged_chain(best.ticket, facts)
    if chain[-1].phase == Phase.MERGED:
        lost = Reason("merged-lost", f"ticket {best.ticket} was merged, and its survivor is not there")
        return _linked(best, best.ticket, "linked", candidates, (*notes, lost))
    if len(chain) > 1:
        notes = (*notes, Reason("merged", " -> ".join(str(ticket.number) for ticket in chain)))
    if joinable is None:
        return _linked(best, chain[-1].number, _says(best, sender, facts), candidates, notes)
    return _join(best, chain[-1], view, now, settings, candidates, notes)


def run_rules(view: ThreadView) -> tuple[Match, ...]:
    """Every configured rule's verdicts, in the configured order."""
    return tuple(match for rule in threading_rules.chosen(view.settings) for match in rule.check(view))


def _says(match: Match, sender: Sender, facts: Facts) -> How:
    """The table's word on one piece of evidence; a merge without survivor is joined by nobody."""
    assert match.ticket is not None
    chain = merged_chain(match.ticket, facts)
    if chain[-1].phase == Phase.MERGED:
        return "linked"
    return TABLE[match.strength, relation(sender, chain, facts)]


def merged_chain(number: int, facts: Facts) -> tuple[TicketFacts, ...]:
    """The ticket and those it was merged into, survivor last. A circle or a gap ends at a merged ticket."""
    chain: list[TicketFacts] = []
    visited: set[int] = set()
    following: int | None = number
    while following is not None and following not in visited and following in facts.tickets:
        visited.add(following)
        ticket = facts.tickets[following]
        chain.append(ticket)
        following = ticket.merged_into if ticket.phase == Phase.MERGED else None
    return tuple(chain)


def relation(sender: Sender, chain: tuple[TicketFacts, ...], facts: Facts) -> Relation:
    """What the sender is to the ticket: by their own addresses, then by the survivor's company."""
    assert sender.address is not None
    person = facts.people.get(sender.address)
    own = {sender.address, *(person.addresses if person else ())}
    for ticket in chain:
        if ticket.requester in own or any(box.address in own for box in ticket.participants):
            return "participant"
    if sender.how == "agent":
        return "agent"
    companies = {sender.company, *(m.company for m in person.memberships)} if person else {sender.company}
    company = chain[-1].company
    return "company" if company is not None and company in companies else "stranger"


def within_window(ticket: TicketFacts, now: datetime, reopen_days: int) -> bool:
    """Whether the last resolve or close is at most `reopen_days` ago."""
    ends = [at for at in (ticket.resolved_at, ticket.closed_at) if at is not None]
    last = max(ends, default=ticket.updated_at or ticket.created_at)
    return now - last <= timedelta(days=reopen_days)


def _join(
    winner: Match,
    ticket: TicketFacts,
    view: ThreadView,
    now: datetime,
    settings: Settings,
    candidates: tuple[Match, ...],
    notes: tuple[Reason, ...],
) -> Threading:
    number, ended = ticket.number, ticket.phase in DONE
    if _changed_subject(winner, ticket, view, ended):
        changed = Reason(
            "changed-subject", f"{view.mail.subject[:90]!r} is not about {ticket.subject[:90]!r}"
        )
        return _linked(winner, number, "linked", candidates, (*notes, changed))
    if not ended:
        return Threading(number, winner.rule, "join", candidates, notes)
    if within_window(ticket, now, settings.threading.reopen_days):
        return Threading(number, winner.rule, "reopen", candidates, notes)
    late = Reason("reopen-window", f"{ticket.phase} more than {settings.threading.reopen_days} days ago")
    return Threading(None, winner.rule, "follow_up", candidates, (*notes, late), (LinkType.FOLLOW_UP, number))


def _changed_subject(winner: Match, ticket: TicketFacts, view: ThreadView, ended: bool) -> bool:
    """A new topic written as a reply to an old mail. On an open ticket `[threading] changed_subject` decides;
    a number in the subject says itself what it is about."""
    if winner.strength in ("tag", "bare") or not (ended or view.settings.changed_subject == "new"):
        return False
    tag = view.settings.subject_tag
    if ticket.number in tag_numbers(view.mail.subject, tag):
        return False
    return unrelated(view.mail.subject, ticket.subject, tag)


def _linked(
    winner: Match, number: int, how: How, candidates: tuple[Match, ...], notes: tuple[Reason, ...]
) -> Threading:
    """A new ticket of the sender's own, linked where the table says so."""
    link = (LINK[how], number) if how in LINK else None
    return Threading(None, winner.rule if link else None, how, candidates, notes, link)


def _conflicts(view: ThreadView, candidates: tuple[Match, ...]) -> tuple[Reason, ...]:
    """What the rules do not agree on, survivors of merges counted as one."""
    notes: list[Reason] = []
    found = [match for match in candidates if match.ticket is not None]
    survivors = {
        m.rule: chain[-1].number for m in found if m.ticket and (chain := merged_chain(m.ticket, view.facts))
    }
    for match in found[1:]:
        if survivors.get(match.rule) != survivors.get(found[0].rule):
            says = f"{found[0].rule} says {found[0].ticket}, {match.rule} says {match.ticket}"
            notes.append(Reason("rules-disagree", says))
    tags = tag_numbers(view.mail.subject, view.settings.subject_tag)
    if len(tags) > 1:
        notes.append(Reason("different-tags", f"Subject: {view.mail.subject[:160]}"))
    elif tags and not any(match.rule == "subject_tag" for match in found):
        notes.append(Reason("tag-not-ours", f"tag {tags[0]} in the subject points to no ticket of this desk"))
    return tuple(notes)
