"""The conditions of a written consent, one small check each. A grant counts only if all hold (contract, Written consent).

`check_all` runs every one and keeps every verdict: `approval explain` shows them. Each refuses for a cause of
its own, and a test proves for each that switching it off lets some attack through.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from maild.consent import letter
from maild.consent.decision_word import Word
from maild.consent.letter import NOTHING, JudgedMail, Result, passed
from maild.mail.text.subjects import tag_numbers
from maild.model import (
    CompanyFacts,
    ConditionResult,
    ConsentFacts,
    PersonFacts,
    Sender,
    TicketFacts,
    TokenFacts,
)
from maild.party import entitlement
from maild.ticket.phases import ENDED, ConsentState
from maild.ticket.vocabulary import ConsentKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class ApprovalAnswer(JudgedMail):
    """One mail that may decide a consent, with everything that the checks look at."""

    sender: Sender
    person: PersonFacts | None
    word: Word
    token: TokenFacts | None
    places: tuple[str, ...]  # where the token stands: in-reply-to, references, to, cc, body
    consent: ConsentFacts
    ticket: TicketFacts
    company: CompanyFacts | None

    @property
    def require(self) -> str:
        """`dmarc` or `token`, as frozen when the consent was asked for."""
        return self.consent.require


@dataclass(frozen=True, slots=True)
class Condition:
    """A named check. `only`: the mode of `require` it belongs to, "" = both."""

    name: str
    description: str
    check: Callable[[ApprovalAnswer], Result]
    only: str = ""


#: places of a token that count: what was answered, the address it was sent to, the text. References alone also
#: name what others answered before
PLACES = ("in-reply-to", "to", "cc", "body")


def _counting(a: ApprovalAnswer) -> tuple[str, ...]:
    return tuple(p for p in a.places if p in PLACES)


def _token_known(a: ApprovalAnswer) -> Result:
    if a.token is None:
        return (
            False,
            "the mail carries no token of this consent; an answer must be a direct reply to the approval mail",
        )
    if not _counting(a):
        return (
            False,
            "the token stands in References alone; an answer must be a direct reply to the approval mail",
        )
    return a.token.consent_id == a.consent.id, f"the token of C{a.token.consent_id}"


def _token_unspent(a: ApprovalAnswer) -> Result:
    spent = a.token.spent_at if a.token else None
    return spent is None, "unspent" if spent is None else f"spent {spent:%Y-%m-%d %H:%M} UTC"


def _request_unchanged(a: ApprovalAnswer) -> Result:
    if a.consent.state == ConsentState.VOID:
        return False, "the request was changed after this approval was asked for"
    return True, f"bound to the request {a.consent.request_sha256[:12]}"


def _waiting(a: ApprovalAnswer) -> Result:
    if a.consent.state == ConsentState.VOID or (a.token is not None and a.token.spent_at is not None):
        return True, f"{NOTHING}C{a.consent.id} is {a.consent.state}"
    if a.ticket.phase in ENDED:
        return False, f"#{a.ticket.number} is {a.ticket.phase}"
    if a.consent.state == ConsentState.EXPIRED:
        # what was received in time counts, however late it could be checked; `unexpired` looks at the time
        return True, f"{NOTHING}C{a.consent.id} is expired"
    return a.consent.state == ConsentState.WAITING, f"C{a.consent.id} is {a.consent.state}"


def _unexpired(a: ApprovalAnswer) -> Result:
    end = min(a.consent.expires_at, a.token.expires_at) if a.token else a.consent.expires_at
    return (
        a.envelope.received_at <= end,
        f"received {a.envelope.received_at:%Y-%m-%d %H:%M}, until {end:%Y-%m-%d %H:%M} UTC",
    )


def _token_covered(a: ApprovalAnswer) -> Result:
    places = _counting(a)
    if a.token is None or not passed(a) or not places:
        return True, f"{NOTHING}no token, or no signature that counts"
    # of several fields of one name a signature may cover another one than we read
    fields = [p for p in places if p in a.auth.signed and a.block.count(p) == 1]
    if fields:
        return True, f"stands in the signed {fields[0]}"
    if "body" in a.places and a.auth.whole_body:
        return True, "stands in the signed body"
    return False, f"stands only in {', '.join(places)}, which the signature does not cover"


def _bound_approver(a: ApprovalAnswer) -> Result:
    if a.token is None or a.sender.address is None:
        return True, f"{NOTHING}no token, or no From"
    address, asked = a.sender.address, a.token.approver
    same = address == asked or (
        a.person is not None and (asked == a.person.address or asked in a.person.addresses)
    )
    return same, f"asked {asked}, answered {address}"


def _approver_now(a: ApprovalAnswer) -> Result:
    if a.sender.address is None:
        return True, f"{NOTHING}no From"
    if a.company is None or a.company.key != a.ticket.company:
        return False, f"{a.sender.address} is not of the ticket's company"
    place = entitlement.membership(a.person, a.company)
    if a.consent.kind == ConsentKind.CONFIRM:
        return place is not None, "confirms their own request"
    if place is None or "approver" not in place.roles:
        return False, f"{a.sender.address} is not an approver of {a.company.key} now"
    may = a.consent.kind in (place.approves or entitlement.UNNAMED)
    return may, f"approves {', '.join(place.approves or entitlement.UNNAMED)}"


def _not_requester(a: ApprovalAnswer) -> Result:
    own = entitlement.same_person(a.sender.address or "", a.consent.requester, a.person, a.company)
    if not own:
        return True, f"requested by {a.consent.requester}"
    if a.consent.kind == ConsentKind.CONFIRM:
        return True, "a confirmation of their own request"
    if entitlement.may_decide_own(a.company, a.consent.kind):
        return True, f"who asked for it may decide a {a.consent.kind} themselves"
    return False, "the requester themselves"


def _after_request(a: ApprovalAnswer) -> Result:
    if a.mail.date is None:
        return False, "no Date that can be read"
    # clocks of honest senders differ by minutes, and Date has whole seconds
    ok = a.mail.date >= a.consent.requested_at - timedelta(minutes=2)
    return ok, f"Date {a.mail.date:%Y-%m-%d %H:%M} UTC, asked {a.consent.requested_at:%Y-%m-%d %H:%M} UTC"


def _subject_tag(a: ApprovalAnswer) -> Result:
    tags = tag_numbers(a.mail.subject, a.settings.threading.subject_tag)
    ok = tuple(tags) == (a.ticket.number,)
    return ok, f"Subject: {a.mail.subject[:80]}"


def _word(a: ApprovalAnswer) -> Result:
    return a.word.verdict in ("yes", "no"), a.word.evidence


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "token_known",
        "carries a token that we sent for this consent, and not in References alone",
        _token_known,
    ),
    Condition("token_unspent", "the token was not used before", _token_unspent),
    Condition("request_unchanged", "the request is the one that the token was made for", _request_unchanged),
    Condition("consent_waiting", "the consent is still to be decided", _waiting),
    Condition("unexpired", "received before the consent expires", _unexpired),
    Condition(
        "token_covered", "the token stands in a signed field or the signed body", _token_covered, "dmarc"
    ),
    Condition("strict_from", "exactly one strict From mailbox", letter.strict_from),
    Condition("bound_approver", "From is the approver whom this token was sent to", _bound_approver),
    Condition("approver_now", "From is an approver of that company, for that kind, now", _approver_now),
    Condition("not_requester", "not the requester, unless the company allows it", _not_requester),
    Condition(
        "header_clean", "no bare CR, LF or NUL and no malformed line in the header block", letter.header_clean
    ),
    Condition("header_once", "From, Subject, Date and the MIME fields at most once each", letter.header_once),
    Condition(
        "authenticated",
        "an aligned DKIM pass over the whole body, our own or by a believed source",
        letter.authenticated,
        "dmarc",
    ),
    Condition(
        "fields_covered",
        "From, Subject, Date and the present MIME fields are signed",
        letter.fields_covered,
        "dmarc",
    ),
    Condition("date_after_request", "written after the approval was asked for", _after_request, "dmarc"),
    Condition(
        "date_near_reception", "written shortly before it was received", letter.date_near_reception, "dmarc"
    ),
    Condition("subject_tag", "the Subject carries this ticket's tag, and no other", _subject_tag, "dmarc"),
    Condition("to_the_desk", "To or Cc, at most once each, holds an address of the desk", letter.to_the_desk),
    Condition("to_covered", "that field is signed", letter.to_covered, "dmarc"),
    Condition("decision_word", "a clear word begins the new, visible text", _word),
    Condition("not_automatic", "not an automatic mail", letter.not_automatic),
)


def check_all(
    answer: ApprovalAnswer, conditions: tuple[Condition, ...] = CONDITIONS
) -> tuple[ConditionResult, ...]:
    """Every condition's verdict, in order."""
    rows: list[ConditionResult] = []
    for condition in conditions:
        if condition.only and condition.only != answer.require:
            continue
        ok, evidence = condition.check(answer)
        rows.append(ConditionResult(condition.name, ok, evidence[:400]))
    return tuple(rows)


def table() -> list[tuple[str, str, str]]:
    """(name, mode, description) of each condition, for the documentation."""
    return [(c.name, c.only or "both", c.description) for c in CONDITIONS]
