"""Delivery reports (RFC 3464), feedback reports (RFC 5965), read receipts (RFC 8098), and the bounces of qmail,
Exim, Postfix and old Exchange that follow no standard."""

from __future__ import annotations

import re

from maild.mail.parse import ids, words
from maild.mail.parse.caps import CapHit, ParseLimits
from maild.mail.parse.headers import HeaderBlock, parse_block
from maild.mail.parse.structure import MimePart
from maild.mail.text import clean
from maild.mail.text.addresses import normalise
from maild.model import DeliveryReport, Reason, ReportedRecipient
from maild.values import replace

_MAX_RECIPIENTS = 200
_END = re.compile(r"[/ ]")
_DELAYED = re.compile(r"(?i)\bdelayed\b|will (?:be|keep) (?:re)?try|not yet been|still being|warning")
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
_REPLY = re.compile(r"\b([45])[0-9]{2}[ -]")
_ANGLE = re.compile(r"<([^<>\s@]{1,200}@[^<>\s]{1,250})>")
_BARE = re.compile(r"^\s{0,8}([^<>\s@:;,\"]{1,200}@[A-Za-z0-9.-]{1,250})(?::?\s*$|:?\s)")
_BOUNCER = re.compile(
    r"mailer-daemon|^postmaster@|mail delivery (?:sub)?system|mail.?delivery|^mdaemon@|^bounces?@", re.I
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|report)|returned mail|failure notice|"
    r"mail delivery (?:failed|failure|problem|error)|delayed mail|warning: (?:message|could not send)|non ?remis|"
    r"unzustellbar|nicht zugestellt|zustellung|onbestelbaar|k[ée]zbes[ií]t|nem k[ée]zbes[ií]thet|message status|"
    r"undelivered|could not be delivered|non-?delivery|nondeliverable|notification d.échec",
    re.I,
)
_RETURNED = re.compile(
    r"(?im)^(?:[-=_* ]{0,40}(?:this is a copy of|below this line is|here is a copy of|included is a copy|"
    r"original message follows|(?:the )?(?:headers?|text) of (?:the|your) (?:original )?message)|"
    r"[-=_*]{2,40}[ ]?(?:original message|returned message|your message|unsent message|message header|copy of|"
    r"start of returned message|headers?))[^\n]{0,160}$"
)
_ID_LINE = re.compile(r"(?im)^[> \t]{0,8}message-id:\s*(<[^<>\n]{1,300}>)")
_MARK_LINE = re.compile(r"(?im)^[> \t]{0,8}x-maild-delivery: ?([a-z2-7]{16})[ \t\r]{0,4}$")


def read_report(
    raw: bytes, root: MimePart, block: HeaderBlock, subject: str, sender: str, text: str, limits: ParseLimits
) -> tuple[DeliveryReport | None, Reason | None]:
    """The report in this mail, if it is one, and a defect when a part of it could not be read."""
    leaves = [part for part in root.walk() if not part.children]
    original, mark = _original_id(raw, leaves, limits)
    for part in leaves:
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            recipients, own_id = _delivery_status(part.payload(raw)[0], limits)
            return DeliveryReport("dsn", original or own_id or _id_in(text), recipients, mark), None
        if part.type == "message/feedback-report":
            fields = _groups(part.payload(raw)[0], limits)
            return DeliveryReport("feedback", original or _id_in(text), _feedback(fields), mark), None
        if part.type in ("message/disposition-notification", "message/global-disposition-notification"):
            fields = _groups(part.payload(raw)[0], limits)
            return _disposition(fields, original), None
    if _looks_like_bounce(block, subject, sender, root):
        report = _plain(text, original)
        return replace(report, mark=mark or _mark_in(text)), None
    return None, None


def _looks_like_bounce(block: HeaderBlock, subject: str, sender: str, root: MimePart) -> bool:
    if "x-failed-recipients" in block.index:
        return True
    if root.type == "multipart/report":
        return root.params.get("report-type", b"").lower() in (b"delivery-status", b"")
    null_sender = (block.first("return-path") or b"-").strip() == b"<>"
    from_text = block.text("from")
    daemon = bool(_BOUNCER.search(sender) or _BOUNCER.search(from_text))
    return bool((daemon or null_sender) and _BOUNCE_SUBJECT.search(subject)) or bool(
        null_sender and daemon and "auto-replied" not in block.text("auto-submitted")
    )


def _groups(data: bytes, limits: ParseLimits) -> list[HeaderBlock]:
    """Blocks of fields parted by empty lines (RFC 3464, section 2.1)."""
    blocks: list[HeaderBlock] = []
    pos = 0
    data = data.replace(b"\r\n", b"\n")[:1_000_000]
    while pos < len(data) and len(blocks) < _MAX_RECIPIENTS + 1:
        while pos < len(data) and data[pos] in b"\r\n":
            pos += 1
        try:
            block = parse_block(data, pos, len(data), limits=limits)
        except CapHit:
            break
        if block.fields:
            blocks.append(block)
        if block.body <= pos:
            break
        pos = block.body
    return blocks


def _delivery_status(data: bytes, limits: ParseLimits) -> tuple[tuple[ReportedRecipient, ...], str | None]:
    recipients: list[ReportedRecipient] = []
    own_id: str | None = None
    for block in _groups(data, limits):
        if "original-envelope-id" in block.index and own_id is None:
            own_id = next(iter(ids.message_ids(block.first("original-envelope-id"))), None)
        if "x-original-message-id" in block.index:
            own_id = ids.message_id(block.first("x-original-message-id"))
        recipient = block.text("final-recipient") or block.text("original-recipient")
        if not recipient and "action" not in block.index:
            continue
        original = _address(block.text("original-recipient"))
        status = _STATUS.search(block.text("status"))
        recipients.append(
            ReportedRecipient(
                original or _address(recipient),
                block.text("action").split(" ")[0].split(";")[0].lower()[:20],
                status.group() if status else "",
                block.text("diagnostic-code").partition(";")[2].strip()[:500]
                or block.text("diagnostic-code")[:500],
            )
        )
    return tuple(recipients), own_id


def _address(typed: str) -> str:
    """RFC 3464, section 2.3.1: `rfc822; user@example.com`."""
    value = typed.partition(";")[2] or typed
    value = value.strip(" <>\"'")
    return normalise(value) or clean.line(value.lower())[:320]


def _feedback(blocks: list[HeaderBlock]) -> tuple[ReportedRecipient, ...]:
    recipients = []
    for block in blocks:
        for value in block.index.get("original-rcpt-to", ())[:_MAX_RECIPIENTS]:
            kind = block.text("feedback-type") or "abuse"
            recipients.append(ReportedRecipient(_address(words.header_text(value)), kind.lower()[:20], ""))
    return tuple(recipients)


def _disposition(blocks: list[HeaderBlock], original: str | None) -> DeliveryReport:
    for block in blocks:
        own = ids.message_id(block.first("original-message-id"))
        action = block.text("disposition").partition(";")[2].strip().lower()
        recipient = _address(block.text("final-recipient"))
        people = (
            (ReportedRecipient(recipient, _END.split(action, maxsplit=1)[0][:20], ""),) if recipient else ()
        )
        return DeliveryReport("disposition", own or original, people)
    return DeliveryReport("disposition", original)


def _original_id(raw: bytes, leaves: list[MimePart], limits: ParseLimits) -> tuple[str | None, str]:
    """Message-ID of the returned mail or its header, and our mark in it."""
    for part in leaves:
        if part.type in ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"):
            data = (
                part.payload(raw[: part.end])[0]
                if part.encoding
                else raw[part.start : min(part.end, part.start + 262_144)]
            )
            data = data[:262_144].lstrip(b"\r\n \t")
            try:
                block = parse_block(data, limits=limits)
            except CapHit:
                continue
            if own := ids.message_id(block.first("message-id")):
                return own, block.text("x-maild-delivery").strip()[:64]
    return None, ""


def _id_in(text: str) -> str | None:
    match = _ID_LINE.search(text[:500_000])
    return match.group(1) if match else None


def _mark_in(text: str) -> str:
    match = _MARK_LINE.search(text[:500_000])
    return match.group(1) if match else ""


def _plain(text: str, original: str | None) -> DeliveryReport:
    """Recipients named in the human part: `<addr>:` and indented addresses, with the reason on or below the line."""
    text = text[:200_000]
    returned = _RETURNED.search(text)
    upper = text[: returned.start()] if returned else text.partition("\nReceived: ")[0]
    recipients: dict[str, ReportedRecipient] = {}
    lines = upper.split("\n")[:2_000]
    for number, line in enumerate(lines):
        match = _ANGLE.search(line) if line[:1] in ("<", " ", "\t") or ">:" in line else None
        match = match or _BARE.match(line)
        if match and "-id:" in line.lower():
            continue
        if not match or len(recipients) >= _MAX_RECIPIENTS:
            continue
        address = normalise(match.group(1).strip(".:'"))
        if not address or address in recipients:
            continue
        reason = " ".join(
            [line[match.end() :].lstrip(">:, "), *(part.strip() for part in lines[number + 1 : number + 5])]
        )
        recipients[address] = _recipient(address, reason.strip(), upper)
    return DeliveryReport("plain", original or _id_in(text), tuple(recipients.values()))


def _recipient(address: str, reason: str, whole: str) -> ReportedRecipient:
    status = _STATUS.search(reason) or _STATUS.search(whole)
    code = _REPLY.search(reason) or _REPLY.search(whole)
    delayed = _DELAYED.search(whole) is not None
    leading = status.group(1) if status else code.group(1) if code else ""
    action = "delayed" if delayed and leading != "5" else "failed"
    return ReportedRecipient(address, action, status.group() if status else "", reason[:500])
