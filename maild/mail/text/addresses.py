"""Mail addresses as values: the one normal form that identity, look-ups and the wire compare.

RFC 5321, 4.1.2 and RFC 5322, 3.4.1: `local@domain`, local parts without regard to case as everybody treats them,
the domain as A-labels (RFC 5891). One mailbox has one normal form, and no two mailboxes share one:

- `"anna"@acme.example` is `anna@acme.example`: quotes that say nothing go; `"#FAX#*49"@fax.example` keeps them;
- one full stop of the root (`acme.example.`) goes;
- a domain that only looks like ASCII (full-width letters, the ideographic full stop, zero-width marks) is no
  address: no spelling of a homograph ever equals the ASCII name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-"
_LOCAL = re.compile(rf"[{ATEXT}\x80-\U0010ffff]+")
#: what a quoted local part may hold; `<`, `>` and `@` in it are how one address is made to look like two
_QUOTED = re.compile(r'"((?:[ !#-;=?A-\[\]-~\x80-\U0010ffff]|\\[ -;=?A-~])+)"')
_PAIR = re.compile(r"\\(.)")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})")
_LITERAL = re.compile(r"\[(?:IPv6:)?[0-9A-Fa-f.:]{2,60}\]")
_LONGEST = 400


def normalise(address: str) -> str | None:
    """The normal form of an addr-spec, None for what is none."""
    return _normal(address) if len(address) <= _LONGEST else None


@lru_cache(maxsize=512)
def _normal(address: str) -> str | None:
    """Remembered: reading, guards and look-ups ask for the same few of a mail."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return None
    mine = _local(local)
    host = normal_domain(domain)
    return f"{mine}@{host}" if mine and host else None


def written(address: str) -> str:
    """A normal form as fields and the wire must write it: a local part that is no dot-atom (RFC 5322, 3.2.3: `anna..kiss`,
    `.anna`, `anna.`) in quotes, which is the same mailbox (RFC 5321, 4.1.2); any other as it is."""
    local, at, domain = address.rpartition("@")
    if local[:1] != '"' and (local[:1] == "." or local[-1:] == "." or ".." in local):
        return f'"{local}"{at}{domain}'
    return address


def folded(address: str) -> str:
    """The normal form where there is one, else the words in lower case: for comparing what may be no address."""
    return normalise(address) or address.strip().lower()


@lru_cache(maxsize=8)
def all_folded(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """`folded` of each of the desk's addresses, which every mail is held against."""
    return tuple(map(folded, addresses))


def _local(local: str) -> str | None:
    if not local.isascii():
        for char in local:
            if char > "\x7f" and (
                not char.isprintable() or any(c < "\x80" for c in unicodedata.normalize("NFKC", char).lower())
            ):
                return None
        local = unicodedata.normalize("NFC", local)
    if local[0] == '"':
        quoted = _QUOTED.fullmatch(local)
        if quoted is None:
            return None
        local = _PAIR.sub(r"\1", quoted[1])
        if not _LOCAL.fullmatch(local):
            return '"' + local.lower().replace("\\", "\\\\").replace('"', '\\"') + '"'
    return local.lower() if _LOCAL.fullmatch(local) else None


@lru_cache(maxsize=1_024)
def normal_domain(domain: str) -> str | None:
    """A domain or address literal in lower case, as A-labels, without the root's full stop; None for what is none."""
    if domain.startswith("["):
        return domain.lower() if _LITERAL.fullmatch(domain) else None
    domain = domain.removesuffix(".")
    if domain.isascii():
        domain = domain.lower()
        if len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
            return None
        return domain
    import idna

    labels = []
    for label in domain.split("."):
        if label.isascii():
            if not _LABEL.fullmatch(label):
                return None
            labels.append(label.lower())
            continue
        try:
            encoded = idna.encode(label, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            return None
        if not encoded.startswith("xn--") or "." in encoded:
            return None
        labels.append(encoded)
    joined = ".".join(labels)
    return joined if len(joined) <= 253 else None


def split_detail(address: str) -> tuple[str, str]:
    """(`help@desk.example`, `15789.x`) of `help+15789.x@desk.example` (RFC 5233); no detail is ""."""
    local, at, domain = folded(address).rpartition("@")
    base, _, detail = local.partition("+")
    return (f"{base}{at}{domain}", detail) if base else (f"{local}{at}{domain}", "")
