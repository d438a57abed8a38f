"""The case that app/ decides: one mail with everything that was looked up for it, and the answer that it may get."""

from __future__ import annotations

from datetime import datetime

from maild.consent import letter
from maild.mail.envelope import WEB_SOURCE
from maild.mail.impersonal import is_no_person
from maild.model import (
    UNKNOWN,
    AuthResult,
    Change,
    CompanyFacts,
    Envelope,
    Facts,
    HeldBack,
    Mail,
    MailAct,
    Mailbox,
    MarkAddress,
    Notice,
    PersonFacts,
    Reason,
    Sender,
    SendNotice,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.first_mails import Acknowledgement
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import moving
from maild.ticket.entries import PhaseDetails
from maild.ticket.moving import DESK, Actor, Moved
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.values import dataclass

#: the same mail of ours went to them a short while ago
SAME_NOTICE = "same-notice"


@dataclass(frozen=True, slots=True)
class Case:
    """One mail and all that is known; `now` is the moment of the decision, promises count from the envelope's."""

    mail: Mail
    envelope: Envelope
    facts: Facts
    auth: AuthResult
    settings: Settings
    sender: Sender
    now: datetime
    desk_address: str = ""
    returned: bool = False  # a report that returns a header which only the very mail had that it is about
    quiet: tuple[Reason, ...] = ()  # an automatic sender that may open tickets: never answered, and why

    @property
    def company(self) -> CompanyFacts | None:
        return self.facts.companies.get(self.sender.company) if self.sender.company else None

    @property
    def person(self) -> PersonFacts | None:
        return self.facts.people.get(self.sender.address) if self.sender.address else None

    @property
    def channel(self) -> str:
        """By which way the words came, as entries name it."""
        return "web" if self.envelope.source == WEB_SOURCE else "email"

    @property
    def known(self) -> bool:
        """Whether an answer may repeat what they wrote: a declared sender, or an authenticated one."""
        named = self.sender.company is not None or self.sender.how == "agent"
        return self.auth.result == "dmarc-pass" or (named and not self.disowned)

    @property
    def disowned(self) -> bool:
        """Whether the From domain says that a mail like this is not from it (RFC 9989, section 4.7: p=), or may say so:
        who chooses what cannot be asked for in time (a key, a header without an end) wins nothing by it."""
        return self.auth.result != "dmarc-pass" and self.auth.policy in ("reject", "quarantine", UNKNOWN)

    def company_of(self, ticket: TicketFacts) -> CompanyFacts | None:
        """The company that the ticket is of, which may be another than the sender's."""
        return self.facts.companies.get(ticket.company) if ticket.company else None

    @property
    def verified(self) -> bool:
        """Whether this mail passes what an answer of its writer would have to pass."""
        return not self.quiet and letter.genuine(self.mail, self.envelope, self.auth, None, self.settings)

    def language(self) -> str:
        return notices.language_of(self.person, self.company, self.settings, self.mail.language)

    def colleagues(self, company: str | None) -> tuple[Mailbox, ...]:
        """Addresses in To and Cc that belong to `company` (contact or declared domain): they may become participants.
        Of a crowd nobody does, and no list and no box that nobody reads."""
        if company is None or self._is_crowd():
            return ()
        boxes: list[Mailbox] = []
        domains = self.facts.companies[company].domains if company in self.facts.companies else ()
        for box in (*self.mail.to, *self.mail.cc):
            person = self.facts.people.get(box.address)
            is_contact = person is not None and any(m.company == company for m in person.memberships)
            of_company = is_contact or (person is None and entitlement.in_domains(box.address, domains))
            known = {self.sender.address, *[one.address for one in boxes]}
            if of_company and box.address not in known and not is_no_person(box.address, self.mail):
                boxes.append(box)
        return tuple(boxes)

    def _is_crowd(self) -> bool:
        """More people in copy than `[limits] participants`: a mass mail."""
        ours = {address.lower() for address in self.settings.desk.addresses}
        return any(
            len({box.address for box in boxes} - ours) > self.settings.limits.participants
            for boxes in (self.mail.cc, self.mail.to)
        )


def subject_of(mail: Mail) -> str:
    """The subject a ticket gets: the mail's, or the first words of its text."""
    if mail.subject.strip():
        return mail.subject.strip()
    for line in mail.new_text.splitlines():
        if line.strip():
            return line.strip()[:78]
    return ""


# ---------------------------------------------------------------------------------- automatic answers


def held_back(case: Case, notice: Notice) -> Reason | None:
    """Why a cap holds an automatic answer back, or None when it may go."""
    limits, facts = case.settings.limits, case.facts
    address = notice.to[0].address
    if address in case.settings.desk.addresses:
        return Reason("own-address", address)
    if facts.automatic_last_hour >= limits.automatic_mails_per_address_per_hour:
        return Reason(
            "cap-address", f"{facts.automatic_last_hour} automatic mails to {address} in the last hour"
        )
    if not case.known and facts.automatic_unknown_last_hour >= limits.automatic_mails_to_unknown_per_hour:
        return Reason(
            "cap-unknown", f"{facts.automatic_unknown_last_hour} to unknown senders in the last hour"
        )
    if facts.automatic_desk_last_hour >= limits.automatic_mails_per_hour:
        return Reason("cap-desk", f"{facts.automatic_desk_last_hour} automatic mails in the last hour")
    on_ticket = facts.automatic_ticket_last_hour.get(notice.ticket, 0)
    if on_ticket >= limits.automatic_mails_per_ticket_per_hour:
        return Reason("cap-ticket", f"{on_ticket} automatic mails on #{notice.ticket} in the last hour")
    if (notice.ticket, notice.name, address) in facts.recent_notices:
        return Reason(
            SAME_NOTICE, f"{notice.name} went to {address} within {limits.same_notice_minutes} minutes"
        )
    return None


def acknowledge(
    case: Case, said: Acknowledgement, ticket: TicketFacts, language: str, *, echo: bool, anew: bool = False
) -> tuple[tuple[Change, ...], tuple[MailAct, ...]]:
    """The one automatic answer to this mail's author, or the note that a cap held it back; and its act. `anew`: it says
    what the one before did not say, however soon it comes."""
    sender, mail = case.sender, case.mail
    if sender.address is None or case.quiet:
        return (), ()
    name = said.name
    if case.auth.result != "dmarc-pass":
        said = said.without_links()
    notice = notices.letter(
        said if echo else said.without_echo(),
        ticket.number,
        (Mailbox(sender.address, sender.name if echo else ""),),
        language,
        auto="auto-replied",
        null_sender=True,
        in_reply_to=mail.message_id,
        references=(*mail.references[-10:], mail.message_id) if mail.message_id else mail.references[-10:],
        counted=True,
    )
    # who writes can be written to: a mark of mail that came back is over
    alive = (MarkAddress(sender.address, ""),) if case.person is not None and case.person.bounced else ()
    reason = held_back(case, notice)
    if reason is not None and not (anew and reason.code == SAME_NOTICE):
        return (
            *alive,
            HeldBack(ticket.number, name, sender.address, reason),
        ), (MailAct(name, (sender.address,), reason.code),)
    return (*alive, SendNotice(notice)), (MailAct(name, (sender.address,)),)


# ------------------------------------------------------------------------------------- on its ticket


def last_mail(case: Case) -> TicketChange:
    """From now on status mails answer this mail."""
    return TicketChange(last_message_id=case.mail.message_id) if case.mail.message_id else TicketChange()


def move(case: Case, ticket: TicketFacts, new: Phase, by: Actor | None = None) -> Moved:
    """The step that the mail causes. `by`: whose it was, where customers may see it; else only agents do."""
    return moving.move(
        ticket, new, by or DESK, case.now, case.settings, public=by is not None,
        details=PhaseDetails(because="the customer wrote"), also=last_mail(case),
    )  # fmt: skip
