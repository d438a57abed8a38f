"""Is it a challenge: "prove that you are a person, then your mail goes through"?

RFC 3834, section 2, counts such answers as automatic. Accepts header fields of the programs (TMDA, ASK,
Boxbe, SpamArrest ...), the services' addresses, or a challenge's subject together with its text. In:
`X-TMDA-Confirm: ...` -> auto_reply.
Known false match: none wanted: a customer who asks "please confirm" has no such text.
"""

from __future__ import annotations

import re

from maild.mail.guard.context import GuardView, cut
from maild.mail.guard.prefixes import Prefixes
from maild.mail.text.subjects import is_reply_or_forward
from maild.model import Reason, Verdict

name = "challenge"
description = "a challenge-response program asks the sender to confirm"
example = "X-TMDA-Confirm: yes"
counter_example = "Subject: Please confirm my e-mail address\n\nIs it right? Our site: http://acme.example"

#: X-TMDA-Fingerprint and the like stand on people's mail
_FIELDS = Prefixes(("x-tmda-confirm", "x-challenge"))
_DOMAINS = ("spamarrest.com", "boxbe.com", "mailblocks.com", "bluebottle.com", "0spam.com", "knowspam.net",
            "spamlion.com", "vanquish.com", "digiportal.com", "ipermitmail.com", "zaep.com")  # fmt: skip
_SUBJECT = re.compile(
    r"(?:please |veuillez |bitte |kérjük,? )?(?:confirm(?:er|ez)?|verify|bestätigen|erősítse meg)\b.{0,30}"
    r"(?:message|e-?mail|mail|nachricht|levelét)|your e-?mail requires verification|verification needed"
    r"|authorization required|challenge|confirmation (?:required|request)|message awaiting|mail pending"
)
_TEXT = re.compile(
    r"to (?:ensure|make sure|verify|confirm|prove) (?:that )?(?:you|your message|this|the sender)"
    r"|spam protection|anti-?spam|not (?:on|in) my (?:list|approved)|held (?:until|pending)"
    r"|awaiting (?:your )?confirmation"
    r"|waiting for (?:your )?(?:confirmation|verification)|one[- ]time (?:confirmation|verification)"
    r"|has (?:not )?been (?:delivered yet|quarantined|held)|spam-?schutz"
    r"|click (?:on )?(?:the|this) (?:link|url)"
)
#: what nobody but such a program says, whatever the subject
_SURE = re.compile(
    r"only (?:accept|allow|receive)?[^.]{0,40}(?:from )?senders (?:that )?i have approved"
    r"|added to my (?:list of )?(?:approved|allowed) senders|(?:my|the) list of approved senders"
)


def check(view: GuardView) -> Verdict | None:
    """Fields, then the known services, then subject and text together."""
    for field in view.unusual:
        if _FIELDS.find(field):
            return _verdict(view.evidence(field))
    domain = view.from_address.rpartition("@")[2]
    if domain.endswith(_DOMAINS):
        return _verdict(f"From: {view.from_address}")
    linked = "http" in view.head_as_it_stands()
    sure = _SURE.search(view.head()) if linked else None
    if sure:
        return _verdict(f"text: {sure[0]}")
    subject = view.mail.subject.lower()[:200]
    if _SUBJECT.search(subject) and not is_reply_or_forward(subject):
        head = view.head()
        text = _TEXT.search(head)
        if text and (linked or "reply to this" in head):
            return _verdict(f"Subject: {view.mail.subject}; text: {text[0]}")
    return None


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("challenge", cut(evidence)),), name)
