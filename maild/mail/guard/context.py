"""What guards look at: the mail, how it came, what the desk is, and the header fields by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from maild.model import Envelope, Mail, Reason
from maild.settings import Guards
from maild.values import dataclass

#: evidence is shown on a terminal and stored with each mail
MAX_EVIDENCE = 200
#: hints against this much of a long body would cost more than they tell
BODY_HEAD = 1500


#: fields of ordinary mail, which no table of marks needs to look at
COMMON = frozenset(
    {
        "received", "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to",
        "mime-version", "content-type", "content-transfer-encoding", "content-language", "content-disposition",
        "return-path", "delivered-to", "x-original-to", "dkim-signature", "domainkey-signature", "received-spf",
        "authentication-results", "arc-seal", "arc-message-signature", "arc-authentication-results",
        "x-google-dkim-signature", "x-gm-message-state", "x-gm-gg", "x-google-smtp-source", "x-received",
        "x-mailer", "user-agent", "thread-topic", "thread-index", "accept-language", "x-ms-has-attach",
        "x-ms-tnef-correlator", "x-originating-ip", "x-spam-status", "x-spam-level", "x-spam-flag",
        "x-spam-checker-version", "x-virus-scanned", "x-priority", "importance", "sender", "autocrypt",
        "x-originatororg", "x-ms-publictraffictype", "x-forefront-antispam-report", "organization",
    }
)  # fmt: skip


#: what a field that is not there says
_NONE = [""]


def _never_ours(_message_id: str) -> bool:
    return False


def _asks_nothing(_mail: Mail) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class GuardContext:
    """The desk as guards see it. `is_ours`: does this Message-ID carry our signature. `instance`: the value
    of our own X-Maild-Instance. `known_outbound`: Message-IDs of ours that the look-up found. `asks`: does a mail that
    reads as an absence notice ask for what needs a consent."""

    desk_addresses: tuple[str, ...] = ()
    is_ours: Callable[[str], bool] = _never_ours
    instance: str = ""
    guards: Guards = field(default_factory=Guards)
    known_outbound: frozenset[str] = frozenset()
    asks: Callable[[Mail], bool] = _asks_nothing


@dataclass(frozen=True, slots=True)
class GuardView:
    """One mail with its header fields in one dict: lower-case name -> values, topmost first."""

    mail: Mail
    envelope: Envelope
    ctx: GuardContext
    fields: dict[str, list[str]]
    null_sender: bool
    from_local: str  # local part of the first From address, lower case
    from_address: str
    unusual: tuple[str, ...]  # names of fields that are not COMMON
    relayed: frozenset[
        str
    ]  # names of fields that stand only above a Received: a hop wrote them, not the author

    def first(self, name: str) -> str:
        """First value of the field (lower-case name), "" without one."""
        return self.fields.get(name, _NONE)[0]

    def evidence(self, name: str, value: str | None = None) -> str:
        """`Name: value` as a person wants to see it, cut."""
        shown = self.first(name) if value is None else value
        return cut(f"{'-'.join(part.capitalize() for part in name.split('-'))}: {shown}")

    def head(self) -> str:
        """Beginning of the new text, lower case, blanks squeezed: where machines say what they are."""
        return " ".join(self.head_as_it_stands().split())

    def head_as_it_stands(self) -> str:
        """The same with its blanks: enough to look for one word."""
        return (self.mail.new_text or self.mail.text)[:BODY_HEAD].lower()


def view_of(mail: Mail, envelope: Envelope, ctx: GuardContext) -> GuardView:
    """Gather once what all guards share."""
    fields: dict[str, list[str]] = {}
    names = [name.lower() for name, _ in mail.headers]
    for name, (_, value) in zip(names, mail.headers, strict=True):
        known = fields.get(name)
        if known is None:
            fields[name] = [value]
        else:
            known.append(value)
    sender = mail.sender.address if mail.sender else (mail.froms[0].address if mail.froms else "")
    return GuardView(
        mail=mail,
        envelope=envelope,
        ctx=ctx,
        fields=fields,
        null_sender=_null(envelope, fields),
        from_local=sender.rpartition("@")[0].lower() or _bare_from(fields),
        from_address=sender.lower(),
        unusual=tuple(name for name in fields if name not in COMMON),
        relayed=_relayed(names),
    )


def _relayed(names: list[str]) -> frozenset[str]:
    """RFC 5321, 4.4: each hop puts its fields on top, so what stands above a Received was not in the mail that the
    hop before sent on."""
    if "received" not in names:
        return frozenset()
    last = len(names) - 1 - names[::-1].index("received")
    return frozenset(names[:last]).difference(names[last:])


def _null(envelope: Envelope, fields: dict[str, list[str]]) -> bool:
    """RFC 5321, 4.5.5: the envelope's null sender, or the Return-Path that a delivery wrote of it."""
    if envelope.mail_from == "":
        return True
    for name in ("return-path", "x-envelope-from"):
        paths = fields.get(name)
        if paths is not None and paths[0].replace(" ", "") == "<>":
            return True
    return False


def _bare_from(fields: dict[str, list[str]]) -> str:
    """`From: MAILER-DAEMON` without a domain is no mailbox, yet says what it is."""
    values = fields.get("from")
    return values[0].strip(' "<>').lower()[:80] if values else ""


def cut(text: str) -> str:
    """At most `MAX_EVIDENCE` characters on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_EVIDENCE else line[: MAX_EVIDENCE - 3] + "..."


def reasons(pairs: Iterable[tuple[str, str]]) -> tuple[Reason, ...]:
    """(code, evidence) pairs as reasons."""
    return tuple(Reason(code, cut(evidence)) for code, evidence in pairs)
