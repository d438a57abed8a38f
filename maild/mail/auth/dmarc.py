"""DMARC after RFC 9989: the organisational domain by a tree walk, and what counts as aligned here.

Stricter than the RFC for our purpose: `d=` must be the From domain or a parent of it within the
organisational domain; a sibling or child proves nothing about the writer (contract, Written consent).
"""

from __future__ import annotations

from maild.mail.auth.signatures import Answers, tags
from maild.model import UNKNOWN
from maild.values import dataclass

#: RFC 9989, 4.10: at most eight queries a walk
MOST_LABELS = 8
POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Record:
    """A DMARC policy record (RFC 9989, 4.7)."""

    domain: str
    policy: str  # none, quarantine, reject
    below: str  # what it says of sub-domains that publish nothing (sp=)
    strict_dkim: bool
    psd: str  # y, n, u


@dataclass(frozen=True, slots=True)
class TreeWalk:
    """What the tree walk found. `silent`: domains of which DNS said nothing now, so that they may say anything."""

    domain: str
    organisational: str
    policy: Record | None
    silent: tuple[str, ...] = ()

    @property
    def temporary(self) -> bool:
        """Whether nothing is certain."""
        return bool(self.silent)

    @property
    def says(self) -> str:
        """What is published about mail that nobody vouches for: none, quarantine, reject; "" where nothing is, UNKNOWN
        where it cannot be told now and what could be is no refusal."""
        if self.policy is not None and self.policy.domain == self.domain:
            return self.policy.policy
        found = self.policy.below if self.policy is not None else ""
        return UNKNOWN if self.silent and found in ("", "none") else found


def walk_domains(domain: str) -> tuple[str, ...]:
    """The domains whose `_dmarc` is asked, most exact first (RFC 9989, 4.10).

    >>> walk_domains("mail.acme.example")
    ('mail.acme.example', 'acme.example', 'example')
    """
    labels = domain.split(".")
    domains = [domain]
    rest = labels[1:] if len(labels) < MOST_LABELS else labels[-(MOST_LABELS - 1) :]
    while rest:
        domains.append(".".join(rest))
        rest = rest[1:]
    return tuple(domains)


def names(domain: str) -> tuple[str, ...]:
    """The DNS names to ask for a From domain."""
    return tuple(f"_dmarc.{d}" for d in walk_domains(domain))


def record_of(domain: str, texts: tuple[bytes, ...]) -> Record | None:
    """The one valid record at a domain; several or none mean none (RFC 9989, 4.7 and 4.10)."""
    valid = []
    for text in texts:
        fields = tags(text)
        # v= must stand first and be exactly DMARC1
        if fields is not None and next(iter(fields.items()), None) == ("v", "DMARC1"):
            valid.append(fields)
    if len(valid) != 1:
        return None
    only = valid[0]
    policy = only.get("p", "none").lower()
    psd = only.get("psd", "u").lower()
    policy = policy if policy in POLICIES else "none"
    below = only.get("sp", policy).lower()
    return Record(
        domain,
        policy,
        below if below in POLICIES else policy,
        only.get("adkim", "r").lower() == "s",
        psd if psd in ("y", "n") else "u",
    )


def walk(domain: str, answers: Answers) -> TreeWalk:
    """The organisational domain and the policy that applies to `domain` (RFC 9989, 4.10.1 and 4.10.2)."""
    records: list[Record] = []
    silent: list[str] = []
    organisational = ""
    for candidate in walk_domains(domain):
        texts = answers.get(f"_dmarc.{candidate}")
        if texts is None:
            silent.append(candidate)
            continue
        record = record_of(candidate, texts)
        if record is None:
            continue
        records.append(record)
        if record.psd == "n":
            organisational = candidate
            break
        if record.psd == "y" and candidate != domain:
            # one label below the public suffix
            depth = candidate.count(".") + 2
            organisational = ".".join(domain.split(".")[-depth:])
            break
    if not organisational:
        organisational = records[-1].domain if records else domain
    exact = next((r for r in records if r.domain == domain), None)
    of_org = next((r for r in records if r.domain == organisational), None)
    applies = exact or of_org or (records[-1] if records else None)
    return TreeWalk(domain, organisational, applies, tuple(silent))


def aligned(signing: str, from_domain: str, walk_: TreeWalk) -> bool:
    """Whether `d=` speaks for the From domain: itself, or a parent not above the organisational domain. Not a parent
    where DNS is silent about it or a domain below it: they may forbid that (adkim=s, psd=)."""
    if signing == from_domain:
        return True
    if any(one == signing or one.endswith("." + signing) for one in walk_.silent):
        return False
    if walk_.policy is not None and walk_.policy.strict_dkim:
        return False
    within = signing == walk_.organisational or signing.endswith("." + walk_.organisational)
    return within and from_domain.endswith("." + signing)
