"""The verdict on a mail's From domain."""

from __future__ import annotations

from maild.auth import dmarc, results
from maild.auth.block import Block, block_of
from maild.auth.signatures import Answers, Signature, signatures, verify
from maild.model import AuthResult, Envelope, Mail, Reason
from maild.settings import Settings


def questions(mail: Mail) -> tuple[str, ...]:
    """The DNS names (TXT) that `evaluate` needs for this mail; none when it proves nothing anyway."""
    domain = _from_domain(mail)
    if domain is None:
        return ()
    keys = [
        s.key_name
        for s in signatures(block_of(mail.raw_headers))
        if s.refused is None and _may_align(s, domain)
    ]
    if not keys:
        return ()
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
    if block.malformed is not None or block.count("from") != 1:
        reason = block.malformed or Reason("from-count", f"{block.count('from')} From fields")
        return AuthResult("dmarc-fail", domain=domain, reasons=(reason,))
    found = dmarc.walk(domain, answers)
    by_source = _by_source(block, domain, envelope, settings, found)
    if by_source is not None and by_source.result == "dmarc-pass":
        return by_source
    if settings.authentication.verify_dkim:
        return _by_signature(raw, block, domain, answers, found)
    return by_source or AuthResult(
        "unchecked", domain=domain, reasons=(Reason("dkim-off", "verify_dkim = false"),)
    )


def _by_signature(raw: bytes, block: Block, domain: str, answers: Answers, found: dmarc.Walk) -> AuthResult:
    reasons: list[Reason] = []
    temporary = False
    policy = found.policy.policy if found.policy else ""
    for signature in signatures(block):
        if signature.refused is None and not dmarc.aligned(signature.domain, domain, found):
            reasons.append(Reason("dkim-not-aligned", f"d={signature.domain} does not speak for {domain}"))
            temporary = temporary or (found.temporary and _may_align(signature, domain))
            continue
        failed = verify(raw, signature, answers)
        if failed is None:
            ok = Reason("dkim-pass", f"d={signature.domain} s={signature.selector}")
            return AuthResult(
                "dmarc-pass", "dkim", signature.domain, signature.signed, True, (*reasons, ok), policy
            )
        reasons.append(failed)
        temporary = temporary or failed.code == "dkim-temperror"
    if not reasons:
        reasons.append(Reason("unsigned", "no DKIM signature"))
    if temporary:
        return AuthResult("temperror", domain=domain, reasons=tuple(reasons), policy=policy)
    return AuthResult(
        "dmarc-fail" if found.policy else "none", domain=domain, reasons=tuple(reasons), policy=policy
    )


def _by_source(
    block: Block, domain: str, envelope: Envelope, settings: Settings, found: dmarc.Walk
) -> AuthResult | None:
    """What a believed source says. For a consent the fields must be covered too, so the signature is named."""
    said = results.believed(block, results.believed_source(envelope, settings))
    if said is None:
        return None
    evidence = f"{said.source}: dmarc={said.dmarc or '-'} header.from={said.header_from or '-'}"
    if said.dmarc != "pass" or (said.header_from and said.header_from != domain):
        return AuthResult(
            "dmarc-fail", "authentication-results", domain, reasons=(Reason("results-fail", evidence),)
        )
    held = next(
        (
            s
            for s in signatures(block)
            if s.refused is None
            and s.domain in said.dkim_domains
            and (s.domain == domain or _may_align(s, domain))
        ),
        None,
    )
    if held is None:
        # by SPF alone: the writer may be any customer of the same mail host
        reason = Reason("results-spf-only", f"{evidence}; no aligned DKIM pass")
        return AuthResult("none", "authentication-results", domain, reasons=(reason,))
    ok = Reason("results-pass", f"{evidence}, dkim d={held.domain}")
    return AuthResult("dmarc-pass", "authentication-results", held.domain, held.signed, True, (ok,))
