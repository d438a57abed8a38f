"""Whether a mail in an agent's name is proven to be theirs, on the ticket that it is about: `[agent_mail] require`."""

from __future__ import annotations

from maild.app.case import Case
from maild.consent import letter
from maild.mail.auth.block import block_of
from maild.mail.text.addresses import folded
from maild.mail.text.subjects import tag_numbers
from maild.model import TicketFacts
from maild.values import dataclass

#: of a mail's own, whoever proves it
_ALWAYS = ("strict_from", "header_clean", "header_once")


@dataclass(frozen=True, slots=True)
class NotProven:
    """Why a mail does not count as the agent's: the phrase `reason.CODE` for them, the evidence for the record."""

    reason: str
    evidence: str


def not_proven(case: Case, ticket: TicketFacts) -> NotProven | None:
    """Why the mail is not known to be the agent's word on that ticket; None where it is."""
    if case.settings.agent_mail.require == "dmarc":
        return vouched(case) or _signed_for(case, ticket)
    block = block_of(case.mail.raw_headers)
    judged = letter.JudgedMail(case.mail, case.envelope, block, case.auth, None, case.settings)
    for name in _ALWAYS:
        holds, evidence = letter.GENUINE[name](judged)
        if not holds:
            return NotProven(name, evidence)
    writer = case.sender.address or ""
    mine = any(
        known is not None and known.ticket == ticket.number and writer in map(folded, known.to)
        for known in (case.facts.outbound.get(one) for one in case.mail.in_reply_to[:1])
    )
    return None if mine else NotProven("own_mail", "it answers no mail of ours to you on this ticket")


def vouched(case: Case) -> NotProven | None:
    """Why the agent's domain does not vouch for the mail; None where it does."""
    block = block_of(case.mail.raw_headers)
    judged = letter.JudgedMail(case.mail, case.envelope, block, case.auth, None, case.settings)
    for name, check in letter.GENUINE.items():
        holds, evidence = check(judged)
        if not holds:
            return NotProven(name, evidence)
    if block.count("message-id") != 1 or "message-id" not in case.auth.signed:
        return NotProven("fields_covered", "the signature does not cover the Message-ID")
    return None


def _signed_for(case: Case, ticket: TicketFacts) -> NotProven | None:
    """Why what is signed does not name that ticket; None where it does."""
    named = tag_numbers(case.mail.subject, case.settings.threading.subject_tag)
    if named:
        own = {
            ticket.number,
            *(n for n, one in case.facts.tickets.items() if one.merged_into == ticket.number),
        }
        others = f"its subject names #{', #'.join(map(str, named))}"
        return None if set(named) <= own else NotProven("subject_tag", others)
    block = block_of(case.mail.raw_headers)
    if block.count("in-reply-to") == 1 and "in-reply-to" in case.auth.signed:
        known = case.facts.outbound.get(case.mail.in_reply_to[0]) if case.mail.in_reply_to else None
        if known is not None and known.ticket == ticket.number:
            return None
    tag = case.settings.threading.subject_tag.replace("{number}", str(ticket.number))
    return NotProven("subject_tag", f"its subject does not hold {tag}")
