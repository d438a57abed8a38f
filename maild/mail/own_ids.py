"""Message-IDs and reply addresses that only this desk can make.

Shapes (all lower case, dots keep them clear of what spam filters score, see docs/quirks.md)::

    <maild.15789.SIG@desk.example>           root of ticket 15789: in References of each of its mails
    <maild.15789.NONCE.SIG@desk.example>     one outgoing mail of the ticket
    help+15789.SIG@desk.example              reply address (RFC 5233 subaddress)

SIG is HMAC-SHA256 cut to 80 bits in base32 (16 characters). It proves that we made the id; it gives
nobody rights: who joins a ticket is decided by sender *and* evidence (`maild.app.thread`).
"""

from __future__ import annotations

import hmac
import re
from functools import lru_cache

from maild.mail.text.addresses import split_detail

_ID = re.compile(r"<maild\.([1-9][0-9]{0,17})(?:\.([a-z0-9]{1,64}))?\.([a-z2-7]{16})@([^<>@\s]{1,255})>")
_LOCAL = re.compile(r"([1-9][0-9]{0,17})\.([a-z2-7]{16})")
_NONCE = re.compile(r"[a-z0-9]{1,64}")

#: an approval token: 130 random bits in base32; the nonce of an approval mail's Message-ID has this shape
APPROVAL_TOKEN = re.compile(r"[a-z2-7]{26}")
#: the reference line's form of it in a body: relays rewrite Message-IDs, people quote
REFERENCE_LINE = re.compile(r"(?<![a-z0-9])maild-([a-z2-7]{26})(?![a-z0-9])", re.IGNORECASE)


#: what ten bits are in base32; the standard library's encoder takes ten times as long
_PAIRS = tuple(a + b for a in "abcdefghijklmnopqrstuvwxyz234567" for b in "abcdefghijklmnopqrstuvwxyz234567")


def base32(octets: bytes) -> str:
    """Lower-case base32 (RFC 4648, section 6) of a multiple of five octets, four pairs of letters for each five."""
    bits = int.from_bytes(octets, "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(len(octets) * 8 - 10, -1, -10)])


class Signer:
    """Makes and recognises the ids of one desk. Pure: nonces are passed in."""

    def __init__(self, secret: bytes, domain: str) -> None:
        if len(secret) < 16:
            raise ValueError("the secret needs 16 bytes or more")
        self._secret = secret
        self._domain = domain.lower()

    def _signature(self, purpose: str, number: int, nonce: str = "") -> str:
        return self._signed(f"maild\0{purpose}\0{number}\0{nonce}")

    def _signed(self, text: str) -> str:
        return base32(hmac.digest(self._secret, text.encode(), "sha256")[:10])

    def root_id(self, number: int) -> str:
        """The one Message-ID that every mail of the ticket has in References; no mail carries it itself."""
        return f"<maild.{number}.{self._signature('root', number)}@{self._domain}>"

    def message_id(self, number: int, nonce: str) -> str:
        """Message-ID of one outgoing mail. `nonce`: 1 to 64 of a-z 0-9, never used twice."""
        if not _NONCE.fullmatch(nonce):
            raise ValueError("a nonce is 1 to 64 characters of a-z and 0-9")
        return f"<maild.{number}.{nonce}.{self._signature('mail', number, nonce)}@{self._domain}>"

    def delivery_mark(self, message_id: str) -> str:
        """Of X-Maild-Delivery: it stands in the header of that one mail and nowhere else. Answers name the Message-ID to
        everybody; a report that returns this has seen the mail itself."""
        return self._signed(f"maild\0delivery\0{message_id}")

    def verify(self, message_id: str) -> int | None:
        """Ticket number of a genuine id of ours, else None.

        Letters' case and the domain are not compared: some gateways change them, and the signature alone
        is the proof.
        """
        match = _ID.fullmatch(message_id.lower())
        if match is None:
            return None
        number, nonce = int(match[1]), match[2]
        made = self._signature("mail", number, nonce) if nonce else self._signature("root", number)
        return number if hmac.compare_digest(made, match[3]) else None

    def reply_address(self, desk_address: str, number: int) -> str:
        """`help+15789.SIG@desk.example`, for `[threading] reply_addresses = true`."""
        local, _, domain = desk_address.rpartition("@")
        return f"{local}+{number}.{self._signature('address', number)}@{domain}"

    def verify_reply_address(self, address: str) -> int | None:
        """Ticket number of a genuine reply address, else None. Any mailbox before the `+` may stand."""
        match = _LOCAL.fullmatch(subaddress(address))
        if match is None:
            return None
        number = int(match[1])
        return number if hmac.compare_digest(self._signature("address", number), match[2]) else None


def subaddress(address: str) -> str:
    """What stands between the first `+` and the `@`, lower case; "" without one (RFC 5233, section 1)."""
    return split_detail(address)[1]


def without_subaddress(address: str) -> str:
    """`help+15789.x@desk.example` -> `help@desk.example`, lower case (RFC 5233)."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def claimed_number(message_id: str) -> int | None:
    """Number in an id of maild's shape, whoever made it: for looking up, never for deciding."""
    return _read(message_id)[0] if _is_ours(message_id) else None


def claimed_address_number(address: str) -> int | None:
    """Number in a reply address of maild's shape, genuine or not."""
    match = _LOCAL.fullmatch(subaddress(address))
    return int(match[1]) if match else None


def nonce_of(message_id: str) -> str | None:
    """The nonce in an id of maild's shape: an approval mail's is its token."""
    return _read(message_id)[1] if _is_ours(message_id) else None


def names_token(message_id: str) -> bool:
    """Whether it has the shape of an approval mail's Message-ID."""
    nonce = nonce_of(message_id)
    return nonce is not None and APPROVAL_TOKEN.fullmatch(nonce) is not None


@lru_cache(maxsize=256)
def _read(message_id: str) -> tuple[int | None, str | None]:
    """(number, nonce) in an id of maild's shape: several ask for those of one mail, one after the other."""
    match = _ID.fullmatch(message_id.lower())
    return (int(match[1]), match[2]) if match else (None, None)


def _is_ours(message_id: str) -> bool:
    """A cheap look: most ids are others'."""
    return message_id[:7].lower() == "<maild."
