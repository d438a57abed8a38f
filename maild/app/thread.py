"""Which ticket, and what the sender may do with it: the table of evidence and sender.

All rules run, and each names every ticket that its evidence points to. Of all that was found, in the order of
`[threading] rules`, the first ticket that this sender may join decides; where there is none, the first evidence
says what the sender's new ticket is linked to. A ticket that was merged stands for its survivor, an ended one is
reopened within the window, and nobody's mail is joined to a ticket only because it quotes its number.
docs/threading.md tells each decided case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import threading_rules
from maild.app import thread_tickets
from maild.app.relation import TABLE, How, merged_chain, own_addresses, relation
from maild.mail.forwarded import named_author
from maild.mail.own_ids import claimed_number
from maild.mail.text.subjects import is_reply, tag_numbers, unrelated
from maild.model import Facts, Mail, Match, Reason, Sender, Threading, TicketFacts
from maild.settings import Settings
from maild.ticket.phases import DONE, Phase
from maild.ticket.vocabulary import LinkType
from maild.values import dataclass, replace
from threading_rules.view import ThreadView

#: link types of new tickets, by what the table says
LINK: dict[str, LinkType] = {"claim": LinkType.CLAIMS, "linked": LinkType.RELATED}
NOBODY = Reason("no-strict-from", "without a single strict From nobody joins")
_MOST_CONFLICTS = 10


def _unsigned(_text: str) -> int | None:
    return None


def find_ticket(
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
    matches = [match for match in candidates if match.ticket is not None]
    if sender.address is None:
        return Threading(None, None, "none", candidates, (*_conflicts(view, matches, None), NOBODY))
    if not matches:
        forwarded = named_author(mail) if sender.how == "agent" else ()
        return Threading(None, None, "new", (*candidates, *forwarded), _conflicts(view, matches, None))
    return _Deciding(view, sender, facts, settings, now, candidates, matches).decide()


def run_rules(view: ThreadView) -> tuple[Match, ...]:
    """Every configured rule's verdicts, in the configured order."""
    return tuple(match for rule in threading_rules.chosen(view.settings) for match in rule.check(view))


def within_window(ticket: TicketFacts, now: datetime, reopen_days: int) -> bool:
    """Whether the last resolve or close is at most `reopen_days` ago."""
    ends = [at for at in (ticket.resolved_at, ticket.closed_at) if at is not None]
    last = max(ends, default=ticket.updated_at or ticket.created_at)
    return now - last <= timedelta(days=reopen_days)


@dataclass(slots=True)
class _Deciding:
    """Evidence that was found, on its way to a decision."""

    view: ThreadView
    sender: Sender
    facts: Facts
    settings: Settings
    now: datetime
    candidates: tuple[Match, ...]
    found: list[Match]

    def decide(self) -> Threading:
        """The first that may be joined, else a new ticket linked to the first."""
        changed: Match | None = None
        for match in self._with_own_tickets():
            if self._says(match) != "join":
                continue
            if self._changed_subject(match):
                changed = changed or match
                continue
            return self._join(match)
        if changed is not None:
            survivor = self._chain(changed)[-1]
            why = Reason(
                "changed-subject", f"{self.view.mail.subject[:90]!r} is not about {survivor.subject[:90]!r}"
            )
            return self._linked(changed, survivor.number, "linked", why)
        return self._nobody_joins()

    def _nobody_joins(self) -> Threading:
        first = next((m for m in self.found if self._says(m) in LINK), self.found[0])
        chain = self._chain(first)
        if chain[-1].phase == Phase.MERGED:
            lost = Reason("merged-lost", f"ticket {first.ticket} was merged, and its survivor is not there")
            return self._linked(first, chain[0].number, "linked", lost)
        return self._linked(first, chain[-1].number, self._says(first), *self._other_desk(first))

    def _with_own_tickets(self) -> Iterator[Match]:
        """The evidence, and behind each piece the tickets of the same thread that are this sender's own."""
        own = own_addresses(self.sender, self.facts)
        for match in self.found:
            yield match
            if match.strength in ("bare", "awaited"):
                continue
            for number, because in self._others_of_thread(match, own):
                made = replace(match, ticket=number, because=f"{match.because}; {because}")
                self.candidates = (*self.candidates, made)
                yield made

    def _others_of_thread(self, match: Match, own: frozenset[str]) -> list[tuple[int, str]]:
        """The other tickets of the thread; for a tag, which may be another desk's, those with its subject first, and
        without a reply prefix no others."""
        tickets = list(thread_tickets.others(self._chain(match), own, self.facts))
        if match.strength != "tag":
            return tickets
        subject, tag = self.view.mail.subject, self.view.settings.subject_tag
        fits = [one for one in tickets if not unrelated(subject, self.facts.tickets[one[0]].subject, tag)]
        return [*fits, *(one for one in tickets if one not in fits)] if is_reply(subject) else fits

    def _chain(self, match: Match) -> tuple[TicketFacts, ...]:
        assert match.ticket is not None
        return merged_chain(match.ticket, self.facts)

    def _says(self, match: Match) -> How:
        """The table's word on one piece of evidence; a merge without survivor is joined by nobody."""
        chain = self._chain(match)
        if chain[-1].phase == Phase.MERGED:
            return "linked"
        strength = match.strength
        if strength == "awaited" and match.awaited_by in own_addresses(self.sender, self.facts):
            strength = "message_id"
        says = TABLE[strength, relation(self.sender, chain, self.facts)]
        return "linked" if says == "join" and self._other_desk(match) else says

    def _other_desk(self, match: Match) -> tuple[Reason, ...]:
        """Another desk has the same tag: nothing but the tag points to our ticket, the sender is not on it, and
        the subject has nothing to do with it. With a reply prefix it may be a changed subject of ours, unless the
        sender has a ticket of their own that is meant."""
        chain = self._chain(match)
        if match.strength != "tag" or relation(self.sender, chain, self.facts) == "participant":
            return ()
        subject, tag, ticket = self.view.mail.subject, self.view.settings.subject_tag, chain[-1]
        if not unrelated(subject, ticket.subject, tag):
            return ()
        if any(self._chain(other)[-1] is ticket for other in self.found if other.strength != "tag"):
            return ()
        if is_reply(subject) and not self._means_own(chain):
            return ()
        return (
            Reason("tag-of-another-desk", f"{subject[:90]!r} has nothing to do with {ticket.subject[:90]!r}"),
        )

    def _means_own(self, chain: tuple[TicketFacts, ...]) -> bool:
        own, tag = own_addresses(self.sender, self.facts), self.view.settings.subject_tag
        return any(
            not unrelated(self.view.mail.subject, self.facts.tickets[number].subject, tag)
            for number, _ in thread_tickets.others(chain, own, self.facts)
        )

    def _changed_subject(self, match: Match) -> bool:
        """A new topic written as a reply to an old mail. On an open ticket `[threading] changed_subject` decides;
        a number in the subject says itself what it is about, and so does a meeting."""
        ticket, mail = self._chain(match)[-1], self.view.mail
        if match.strength in ("tag", "bare") or (mail.calendar is not None and mail.calendar.uid):
            return False
        if ticket.phase not in DONE and self.view.settings.changed_subject != "new":
            return False
        tag = self.view.settings.subject_tag
        return ticket.number not in tag_numbers(mail.subject, tag) and unrelated(
            mail.subject, ticket.subject, tag
        )

    def _join(self, match: Match) -> Threading:
        chain = self._chain(match)
        ticket, notes = chain[-1], [*_conflicts(self.view, self.found, match)]
        if len(chain) > 1:
            notes.append(Reason("merged", " -> ".join(str(one.number) for one in chain)))
        if ticket.phase not in DONE:
            return Threading(ticket.number, match.rule, "join", self.candidates, tuple(notes))
        days = self.settings.threading.reopen_days
        if within_window(ticket, self.now, days):
            return Threading(ticket.number, match.rule, "reopen", self.candidates, tuple(notes))
        notes.append(Reason("reopen-window", f"{ticket.phase} more than {days} days ago"))
        link = (LinkType.FOLLOW_UP, ticket.number)
        return Threading(None, match.rule, "follow_up", self.candidates, tuple(notes), link)

    def _linked(self, match: Match, number: int, how: How, *notes: Reason) -> Threading:
        """A new ticket of the sender's own, linked where the table says so."""
        link = (LINK[how], number) if how in LINK else None
        conflicts = (*_conflicts(self.view, self.found, match), *notes)
        return Threading(None, match.rule if link else None, how, self.candidates, conflicts, link)


def _conflicts(view: ThreadView, matches: list[Match], decided: Match | None) -> tuple[Reason, ...]:
    """What the rules do not agree on, survivors of merges counted as one."""
    notes: list[Reason] = []
    best = decided or (matches[0] if matches else None)
    if best is not None:
        seen = {_survivor(best, view.facts)}
        for match in matches:
            survivor = _survivor(match, view.facts)
            if survivor not in seen and len(notes) < _MOST_CONFLICTS:
                seen.add(survivor)
                says = f"{best.rule} says {best.ticket}, {match.rule} says {match.ticket}"
                notes.append(Reason("rules-disagree", says))
    tags = tag_numbers(view.mail.subject, view.settings.subject_tag)
    if len(tags) > 1:
        notes.append(Reason("different-tags", f"Subject: {view.mail.subject[:160]}"))
    elif tags and not any(match.strength == "tag" for match in matches):
        notes.append(Reason("tag-not-ours", f"tag {tags[0]} in the subject points to no ticket of this desk"))
    return tuple(notes)


def _survivor(match: Match, facts: Facts) -> int:
    assert match.ticket is not None
    return merged_chain(match.ticket, facts)[-1].number
