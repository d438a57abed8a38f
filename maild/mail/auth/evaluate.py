"""The verdict on a mail's From domain."""

from __future__ import annotations

from datetime import datetime

from maild.mail.auth import dmarc, results
from maild.mail.auth.block import HeaderFields, block_of, uncovered, whole
from maild.mail.auth.canonical import CanonicalMail
from maild.mail.auth.signatures import Answers, Signature, signatures
from maild.mail.auth.verify import verify
from maild.model import AuthResult, Envelope, Mail, Reason
from maild.settings import Settings
from maild.values import replace


def questions(mail: Mail) -> tuple[str, ...]:
    """The DNS names (TXT) that `evaluate` needs for this mail; of one without a signature, what its domain says of
    mail that nobody vouches for."""
    domain = _from_domain(mail)
    if domain is None:
        return ()
    keys = [
        s.key_name
        for s in signatures(block_of(mail.raw_headers))
        if s.refused is None and _may_align(s, domain)
    ]
    return tuple(dict.fromkeys((*keys, *dmarc.names(domain))))


def _from_domain(mail: Mail) -> str | None:
    return mail.sender.address.rpartition("@")[2] if mail.sender else None


def _may_align(signature: Signature, domain: str) -> bool:
    return signature.domain == domain or domain.endswith("." + signature.domain)


def evaluate(raw: bytes, mail: Mail, envelope: Envelope, answers: Answers, settings: Settings) -> AuthResult:
    """Whether the strict From's domain vouches for this mail. Raises nothing.

    "dmarc-pass": a signature of that domain holds, or a believed source says so. "temperror": it could not
    be told now. "dmarc-fail": the domain publishes a policy and nothing aligned holds. "none": nothing is said.
    """
    domain = _from_domain(mail)
    if domain is None:
        return AuthResult("none", reasons=(Reason("no-strict-from", ""),))
    block = block_of(mail.raw_headers)
    reason = block.malformed
    if block.count("from") != 1:
        reason = reason or Reason("from-count", f"{block.count('from')} From fields")
    if not whole(raw, mail.raw_headers):
        reason = reason or Reason("header-end", "the header block ends in no certain place")
    walk = dmarc.walk(domain, answers)
    if reason is not None:
        return AuthResult("dmarc-fail", domain=domain, reasons=(reason,), policy=walk.says)
    by_source = _by_source(block, domain, envelope, settings, walk)
    if by_source is not None and by_source.result == "dmarc-pass":
        return by_source
    if settings.authentication.verify_dkim:
        letter = CanonicalMail(raw, mail.raw_headers)
        return _by_signature(letter, block, domain, answers, walk, envelope.received_at)
    if by_source is not None:
        return replace(by_source, policy=walk.says)
    return AuthResult("unchecked", domain=domain, reasons=(Reason("dkim-off", "verify_dkim = false"),))


def _by_signature(
    letter: CanonicalMail,
    block: HeaderFields,
    domain: str,
    answers: Answers,
    walk: dmarc.TreeWalk,
    received_at: datetime,
) -> AuthResult:
    reasons: list[Reason] = []
    temporary = False
    policy = walk.says
    passed: list[Signature] = []
    for signature in signatures(block):
        if signature.refused is None and not dmarc.aligned(signature.domain, domain, walk):
            reasons.append(Reason("dkim-not-aligned", f"d={signature.domain} does not speak for {domain}"))
            temporary = temporary or (walk.temporary and _may_align(signature, domain))
            continue
        failed = verify(letter, signature, answers, received_at)
        if failed is None:
            passed.append(signature)
            continue
        reasons.append(failed)
        temporary = temporary or failed.code == "dkim-temperror"
    if passed:
        # of several that hold, the one that covers what a consent needs
        best = min(passed, key=lambda s: (len(uncovered(block, s.signed)), s.index))
        ok = Reason("dkim-pass", f"d={best.domain} s={best.selector}")
        return AuthResult("dmarc-pass", "dkim", best.domain, best.signed, True, (*reasons, ok), policy)
    if not reasons:
        count = block.count("dkim-signature")
        many = Reason("dkim-too-many", f"{count} DKIM signatures")
        reasons.append(many if count else Reason("unsigned", "no DKIM signature"))
    if temporary:
        return AuthResult("temperror", domain=domain, reasons=tuple(reasons), policy=policy)
    return AuthResult(
        "dmarc-fail" if walk.policy else "none", domain=domain, reasons=tuple(reasons), policy=policy
    )


def _by_source(
    block: HeaderFields, domain: str, envelope: Envelope, settings: Settings, walk: dmarc.TreeWalk
) -> AuthResult | None:
    """What a believed source says. For a consent the fields must be covered too, so the signature is named."""
    said = results.believed(
        block, results.believed_source(envelope, settings), relay=envelope.source == "smtp"
    )
    if said is None:
        return None
    evidence = f"{said.source}: dmarc={said.dmarc or '-'} header.from={said.header_from or '-'}"
    if said.dmarc != "pass" or said.header_from != domain:
        return AuthResult(
            "dmarc-fail", "authentication-results", domain, reasons=(Reason("results-fail", evidence),)
        )
    every = signatures(block)
    for passed in said.dkim:
        if not dmarc.aligned(passed.domain, domain, walk):
            continue
        # one that we cannot read may be the one that the source could
        held = [s for s in every if _is(s, passed) or not s.domain]
        if not held:
            continue
        refused = next((s.refused for s in held if s.refused is not None), None)
        if refused is not None:
            return AuthResult("none", "authentication-results", domain, reasons=(refused,))
        # which of them the source saw hold is not known: only what all of them cover is covered
        signed = tuple(n for n in held[0].signed if all(n in s.signed for s in held))
        ok = Reason("results-pass", f"{evidence}, dkim d={passed.domain}")
        return AuthResult("dmarc-pass", "authentication-results", passed.domain, signed, True, (ok,))
    # by SPF alone: the writer may be any customer of the same mail host
    reason = Reason("results-spf-only", f"{evidence}; no aligned DKIM pass")
    return AuthResult("none", "authentication-results", domain, reasons=(reason,))


def _is(signature: Signature, passed: results.DkimPass) -> bool:
    """Whether that field may be the signature which the source says holds."""
    if signature.domain != passed.domain:
        return False
    if passed.selector and signature.selector != passed.selector:
        return False
    return not passed.value or signature.value.startswith(passed.value)
