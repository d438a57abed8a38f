"""What any mail must pass before it counts as its writer's own: the conditions that look at the mail alone.

An answer to a consent passes these and more (conditions.py). A request is called verified only where each mail that
it is made of passes all of them (contract, Permission requests).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from maild.mail.auth.block import HeaderFields, block_of, duplicates, uncovered
from maild.mail.own_ids import without_subaddress
from maild.mail.parse.addresses import strict_addresses
from maild.model import AuthResult, Envelope, Mail, Verdict
from maild.settings import Settings
from maild.values import dataclass

#: (holds, the evidence in words)
Result = tuple[bool, str]
#: where a check has nothing to look at, another one has refused already: each refuses for one cause only, so
#: that a test can show for each that it is needed
NOTHING = "nothing to look at: "


@dataclass(frozen=True, slots=True)
class JudgedMail:
    """One mail as it came, and what authentication and the guards say of it."""

    mail: Mail
    envelope: Envelope
    block: HeaderFields
    auth: AuthResult
    verdict: Verdict | None  # of the guards
    settings: Settings


def passed(a: JudgedMail) -> bool:
    """Whether the From domain vouches for the mail."""
    return a.auth.result == "dmarc-pass"


def strict_from(a: JudgedMail) -> Result:
    if a.mail.sender is None:
        return False, a.mail.sender_defect.evidence if a.mail.sender_defect else "no single strict From"
    return True, a.mail.sender.address


def header_clean(a: JudgedMail) -> Result:
    return a.block.malformed is None, a.block.malformed.evidence if a.block.malformed else "well-formed"


def header_once(a: JudgedMail) -> Result:
    twice = duplicates(a.block)
    return not twice, f"more than once: {', '.join(twice)}" if twice else "each field once"


def authenticated(a: JudgedMail) -> Result:
    said = "; ".join(f"{r.code}: {r.evidence}" for r in a.auth.reasons) or a.auth.result
    return passed(a), said


def fields_covered(a: JudgedMail) -> Result:
    if not passed(a):
        return True, f"{NOTHING}no signature that counts"
    missing = uncovered(a.block, a.auth.signed)
    return (
        not missing,
        f"not signed: {', '.join(missing)}"
        if missing
        else "From, Subject, Date and the MIME fields are signed",
    )


def date_near_reception(a: JudgedMail) -> Result:
    if a.mail.date is None:
        return False, "no Date that can be read"
    slack = timedelta(minutes=a.settings.approval.date_slack_minutes)
    apart = abs(a.envelope.received_at - a.mail.date)
    return apart <= slack, f"{int(apart.total_seconds() // 60)} minutes between Date and reception"


def to_the_desk(a: JudgedMail) -> Result:
    """Written to us, and not to somebody who handed it in: To or Cc, each at most once, names the desk."""
    twice = [name for name in ("to", "cc") if a.block.count(name) > 1]
    if twice:
        return False, f"more than once: {', '.join(twice)}"
    holding = [name for name in ("to", "cc") if _names_the_desk(a, name)]
    if not holding:
        return False, "neither To nor Cc holds an address of the desk"
    return True, f"{holding[0]} holds an address of the desk"


def to_covered(a: JudgedMail) -> Result:
    """The field that names the desk is signed, so that nobody added it."""
    if not passed(a) or not to_the_desk(a)[0]:
        return True, f"{NOTHING}no signature that counts, or not written to the desk"
    signed = [name for name in ("to", "cc") if _names_the_desk(a, name) and name in a.auth.signed]
    if not signed:
        return False, "the signature covers neither To nor Cc with the desk's address"
    return True, f"the signed {signed[0]} holds an address of the desk"


def _names_the_desk(a: JudgedMail, name: str) -> bool:
    ours = {address.lower() for address in a.settings.desk.addresses}
    written = (box for value in a.block.values(name)[:1] for box in strict_addresses(value))
    return any(box in ours or without_subaddress(box) in ours for box in written)


def not_automatic(a: JudgedMail) -> Result:
    if a.verdict is None:
        return True, "written by a person"
    return False, "; ".join(f"{r.code}: {r.evidence}" for r in a.verdict.reasons)[:300]


#: what a mail must pass to be called its writer's own, whatever `require` says
GENUINE: dict[str, Callable[[JudgedMail], Result]] = {
    "strict_from": strict_from,
    "header_clean": header_clean,
    "header_once": header_once,
    "authenticated": authenticated,
    "fields_covered": fields_covered,
    "to_the_desk": to_the_desk,
    "to_covered": to_covered,
    "date_near_reception": date_near_reception,
    "not_automatic": not_automatic,
}


def genuine(
    mail: Mail, envelope: Envelope, auth: AuthResult, verdict: Verdict | None, settings: Settings
) -> bool:
    """Whether a mail is verified: it passes everything that an answer of its writer would have to pass."""
    if auth.result != "dmarc-pass":
        return False  # nearly all mail: nothing more is looked at
    letter = JudgedMail(mail, envelope, block_of(mail.raw_headers), auth, verdict, settings)
    return all(check(letter)[0] for check in GENUINE.values())
