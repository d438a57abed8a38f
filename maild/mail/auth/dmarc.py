"""DMARC after RFC 9989: the organisational domain by a tree walk, and what counts as aligned here.

Stricter than the RFC for our purpose: `d=` must be the From domain or a parent of it within the
organisational domain; a sibling or child proves nothing about the writer (contract, Written consent).
"""

from __future__ import annotations

from maild.mail.auth.signatures import Answers, tags
from maild.values import dataclass

#: RFC 9989, 4.10: at most eight queries a walk
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Record:
    """A DMARC policy record (RFC 9989, 4.7)."""

    domain: str
    policy: str  # none, quarantine, reject
    strict_dkim: bool
    psd: str  # y, n, u


@dataclass(frozen=True, slots=True)
class TreeWalk:
    """What the tree walk found. `temporary`: DNS did not answer somewhere, so nothing is certain."""

    organisational: str
    policy: Record | None
    temporary: bool


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
    return Record(
        domain,
        policy if policy in ("none", "quarantine", "reject") else "none",
        only.get("adkim", "r").lower() == "s",
        psd if psd in ("y", "n") else "u",
    )


def walk(domain: str, answers: Answers) -> TreeWalk:
    """The organisational domain and the policy that applies to `domain` (RFC 9989, 4.10.1 and 4.10.2)."""
    records: list[Record] = []
    temporary = False
    organisational = ""
    for candidate in walk_domains(domain):
        texts = answers.get(f"_dmarc.{candidate}")
        if texts is None:
            temporary = True
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
    return TreeWalk(organisational, exact or of_org or (records[-1] if records else None), temporary)


def aligned(signing: str, from_domain: str, walk_: TreeWalk) -> bool:
    """Whether `d=` speaks for the From domain: itself, or a parent not above the organisational domain."""
    if signing == from_domain:
        return True
    if walk_.policy is not None and walk_.policy.strict_dkim:
        return False
    within = signing == walk_.organisational or signing.endswith("." + walk_.organisational)
    return within and from_domain.endswith("." + signing)
