"""Bytes to `Mail`: the whole of mail/parse/ in order. Pure; never raises but for bytes without any header field.

Over 300 lines: the whole order of reading, with the fallbacks where a part cannot be read.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from maild.errors import Unreadable
from maild.mail.parse import addresses, bodies, calendar, dates, fingerprint, ids, params, report, words
from maild.mail.parse.caps import CapHit, ParseLimits, TooCostly
from maild.mail.parse.headers import HeaderBlock, parse_block
from maild.mail.parse.html import html_to_text, without_marks
from maild.mail.parse.leaves import MailContent
from maild.mail.parse.structure import MimePart, build
from maild.mail.text.marks import ALL as ALL_MARKS
from maild.mail.text.marks import TINT
from maild.mail.text.tokens import APPROVAL_TOKEN_ALONE
from maild.model import Attachment, EnclosedMail, Mail, Mailbox, NewText, Reason
from maild.values import replace

if TYPE_CHECKING:
    from maild.mail.newtext.setting import Setting

#: formats whose readers are dragged out most easily; in any case of letters
_RISKY = (b"ms-tnef", b"winmail.dat", b"application/rtf", b"text/rtf")
_NO_MARKS = dict.fromkeys(map(ord, ALL_MARKS))
#: the beginning of a quoted line that its colour tells from the quote
_TINTED = re.compile(rf"(?m)^[> \t]*{TINT}")
#: the whole text of a mail whose words nobody but its writer's programs can read
ENCRYPTED = "[encrypted: this mail cannot be read here]"
#: the last line of a text that is longer than we keep; the raw mail has all of it
CUT = "[cut here: the mail as it came has more]"
#: other readings of an answer to an approval mail that are compared, and the tags of each
MOST_READINGS, MOST_TAGS = 4, 20_000
#: how often `_readings` reads each HTML besides
READINGS_OF_HTML = 1
#: fields In-Reply-To and References that are read beyond the first
_FURTHER = 8
#: bytes of an address field that is remembered
_LIKELY_AGAIN = 200
_ADDRESS_FIELDS = ("from", "to", "cc", "reply-to")
#: reading what is smaller takes some milliseconds at worst
_LARGE, _MANY_BOUNDARIES, _MANY_MULTIPARTS = 32_768, 300, 20


def parse_mail(
    raw: bytes, *, limits: ParseLimits | None = None, desk_addresses: tuple[str, ...] = ()
) -> Mail:
    """The mail in `raw`.

    Raises `Unreadable` when not one header field can be made out, `TooCostly` where `limits` ask for that, and nothing
    else. Beyond a cap of `limits` the mail is read from its header block only and marked `capped`. `desk_addresses`:
    what quotes a mail of theirs is history, whatever else the mail says.
    """
    return _parsed(raw, limits or ParseLimits(), desk_addresses, opens=True)


def _parsed(raw: bytes, limits: ParseLimits, desk_addresses: tuple[str, ...], *, opens: bool) -> Mail:
    """`opens`: whether a mail that it holds is read, too. One within one is not: what is read twice stays bounded."""
    if len(raw) > limits.size:
        return _from_headers(raw, limits, Reason("cap-size", f"{len(raw)} bytes"))
    try:
        block = parse_block(raw, limits=limits, root=True)
        _stop_at_dear_addresses(block, limits)
        root, defects = build(raw, block, limits)
        content = bodies.Collector(raw, root, limits).collect()
    except CapHit as hit:
        return _from_headers(raw, limits, Reason(hit.code, hit.evidence))
    except (RecursionError, MemoryError) as error:
        return _from_headers(raw, limits, Reason("cap-depth", type(error).__name__))
    defects = [*block.defects, *defects, *content.defects]
    mail = _assemble(raw, block, root, content, defects, limits, desk_addresses)
    held = enclosed_mails(mail) if opens and mail.report is None else ()
    if len(held) != 1:
        return mail
    return replace(
        mail, enclosed=_enclosed(content.attachments[held[0].index - 1].load(), limits, desk_addresses)
    )


def _stop_at_dear_addresses(block: HeaderBlock, limits: ParseLimits) -> None:
    """An address costs ten times what other bytes do, and a field of addresses is read in two ways."""
    size = sum([len(value) for name in _ADDRESS_FIELDS for value in block.index.get(name, ())])
    if size > limits.dear_address_bytes:
        raise TooCostly(f"{size} bytes of addresses")


def enclosed_mails(mail: Mail) -> tuple[Attachment, ...]:
    """The mails that are attached whole."""
    return tuple(one for one in mail.attachments if one.type in ("message/rfc822", "message/global"))


def _enclosed(raw: bytes, limits: ParseLimits, desk_addresses: tuple[str, ...]) -> EnclosedMail | None:
    try:
        inside = _parsed(raw, limits, desk_addresses, opens=False)
    except Unreadable:
        return None
    return EnclosedMail(inside.sender, inside.subject, inside.text)


def headers_only(raw: bytes, *, limits: ParseLimits | None = None, defect: Reason | None = None) -> Mail:
    """What a mail gets that hit a cap or whose parse was stopped: everything its header block says, no body."""
    return _from_headers(raw, limits or ParseLimits(), defect or Reason("cap-time"))


def _from_headers(raw: bytes, limits: ParseLimits, defect: Reason) -> Mail:
    head = raw[: limits.header_bytes // 2]
    if len(head) < len(raw):
        head = head[: head.rfind(b"\n") + 1] or head
    block = parse_block(head, limits=limits, root=True, cut=True)
    kind, parameters = params.content_type(block.first("content-type"))
    root = MimePart((), block, kind, parameters, "", {}, "", block.body, block.body)
    content = MailContent(digests=[hashlib.sha256(raw).digest()])
    return _assemble(raw, block, root, content, [*block.defects, defect], limits, capped=True)


def _assemble(
    raw: bytes,
    block: HeaderBlock,
    root: MimePart,
    content: MailContent,
    defects: list[Reason],
    limits: ParseLimits,
    desk_addresses: tuple[str, ...] = (),
    *,
    capped: bool = False,
) -> Mail:
    index = block.index
    hint = root.charset or next((p.charset for p in root.walk() if p.charset), "")
    headers = tuple([(name, words.header_text(value, hint)) for name, value in block.fields])
    shown: dict[str, str] = {}
    for name, value in headers:
        shown.setdefault(name.lower(), value)
    subject = shown.get("subject", "")
    from_values = index.get("from", [])
    sender, sender_defect = addresses.strict_sender(from_values)
    froms = (sender,) if sender is not None else addresses.shown_froms(from_values)
    date = dates.parse_date(block.first("date"))
    message_id = ids.message_id(block.first("message-id"))
    text, visible, marks = _joined(content, defects, limits)
    if text.count("\n") > limits.dear_lines:
        raise TooCostly(f"{text.count(chr(10))} lines")
    parents = any((block.first(name) or b"").strip() for name in ("in-reply-to", "references"))
    new, visible_new, language = _new_text(text, visible, marks, subject, parents, froms, desk_addresses)
    plain = without_marks(text) if marks else text
    added = _added(content, plain, defects)
    whole = _with(plain, added)
    in_reply_to = ids.message_ids(block.first("in-reply-to"), limit=limits.ids)
    references = _references(index, limits)
    to, cc = _boxes(index.get("to"), limits), _boxes(index.get("cc"), limits)
    readings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    below, between = "", False
    if _may_name_a_token((*in_reply_to, *references), (*to, *cc), whole):
        from maild.mail.newtext.placed import placed

        _stop_at_dear_readings(content, limits)
        about = (subject, parents, froms, desk_addresses)
        readings, said = _readings(content, about)
        endings = tuple(dict.fromkeys((_ending(visible, marks, about), *said)))
        where = placed(without_marks(visible) if marks else visible, visible_new)
        below, between = where.below, where.between
    text, new = whole, replace(new, text=_with(new.text, added))
    found_report = None
    if not capped or root.type == "multipart/report":
        found_report, why = report.read_report(
            raw,
            root,
            block,
            subject,
            sender.address if sender else froms[0].address if froms else "",
            text,
            limits,
        )
        if why is not None:
            defects.append(why)
    return Mail(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        headers=headers,
        raw_headers=block.raw,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        thread_index=ids.thread_index(block.first("thread-index")),
        froms=froms,
        sender=sender,
        sender_defect=sender_defect,
        to=to,
        cc=cc,
        reply_to=_boxes(index.get("reply-to"), limits),
        subject=subject,
        date=date,
        text=text,
        new_text=new.text,
        elided=new.elided,
        boilerplate=new.boilerplate,
        new_text_confidence=new.confidence,
        language=language,
        attachments=tuple(
            [
                Attachment(n, a.name, a.type, a.size, a.inline, a.part, a.content_id, a.tnef)
                for n, a in enumerate(content.attachments, 1)
            ]
        ),
        fingerprint=fingerprint.fingerprint(
            sender.address if sender else shown.get("from", ""),
            date.isoformat() if date else shown.get("date", ""),
            subject,
            message_id or "",
            content.digests,
        ),
        content_type=root.type,
        report=found_report,
        calendar=content.calendar,
        visible_new_text=visible_new,
        readings=readings,
        endings=endings,
        below_quoted=below,
        between_quoted=between,
        encrypted=content.encrypted,
        defects=tuple(dict.fromkeys(defects)),
        capped=capped,
    )


def _references(index: dict[str, list[bytes]], limits: ParseLimits) -> tuple[str, ...]:
    """Ids of References; behind them those of further fields In-Reply-To and References, which RFC 5322, 3.6 forbids
    and gateways write: they tell the thread, and count for no more than References do."""
    own = index.get("references", [])
    named = ids.message_ids(own[0] if own else None, limit=limits.ids)
    further = (*own[1:], *index.get("in-reply-to", ())[1:])
    if not further:
        return named
    more = [one for value in further[:_FURTHER] for one in ids.message_ids(value, limit=limits.ids)]
    return tuple(dict.fromkeys((*named, *more)))[: limits.ids]


def _boxes(values: list[bytes] | None, limits: ParseLimits) -> tuple[Mailbox, ...]:
    if not values:
        return ()
    if len(values) == 1 and len(values[0]) <= _LIKELY_AGAIN:
        return _likely_boxes(values[0], limits.addresses)
    return addresses.mailboxes(values, limit=limits.addresses)


@lru_cache(maxsize=256)
def _likely_boxes(value: bytes, limit: int) -> tuple[Mailbox, ...]:
    """Most mails to a desk have the same To."""
    return addresses.mailboxes([value], limit=limit)


def _joined(content: MailContent, defects: list[Reason], limits: ParseLimits) -> tuple[str, str, bool]:
    """(all text, visible text, whether marker lines stand in them) of the outermost message."""
    if len(content.texts) == 1:
        text, visible, marks = content.texts[0]
    else:
        text = "\n\n".join(t.strip("\n") for t, _, _ in content.texts if t.strip())
        visible = "\n\n".join(v.strip("\n") for _, v, _ in content.texts if v.strip())
        marks = any(m for _, _, m in content.texts)
    if len(text) > limits.text_chars:
        defects.append(Reason("cut-text", f"{len(text)} characters"))
        text, visible = text[: limits.text_chars], visible[: limits.text_chars]
    if not marks and not text.isascii() and any(mark in text for mark in ALL_MARKS):
        text, visible = text.translate(_NO_MARKS), visible.translate(_NO_MARKS)
    return text, visible, marks


def _added(content: MailContent, text: str, defects: list[Reason]) -> str:
    """Lines that stand below what the writer wrote: a meeting's facts, and that a text goes on."""
    lines = [calendar.missing_lines(content.calendar, text)] if content.calendar else []
    if content.encrypted and not text.strip():
        lines.append(ENCRYPTED)
    if any(defect.code in ("cut-text", "cut-html") for defect in defects):
        lines.append(CUT)
    return "\n\n".join(line for line in lines if line)


def _with(text: str, added: str) -> str:
    return f"{text.rstrip()}\n\n{added}".lstrip("\n") if added else text


def _new_text(
    text: str,
    visible: str,
    marks: bool,
    subject: str,
    parents: bool,
    froms: tuple[Mailbox, ...],
    desk_addresses: tuple[str, ...],
) -> tuple[NewText, str, str | None]:
    """(new text, visible new text, language). `parents`: In-Reply-To or References names a mail."""
    from maild.mail.newtext import new_text
    from maild.mail.parse.language import detect

    setting = _setting(subject, parents, froms, desk_addresses)
    added = new_text(text, html_marks=marks, setting=setting)
    same = visible is text or visible == text
    shown = added if same else new_text(visible, html_marks=marks, setting=setting)
    # what was kept only since nothing new was found is nobody's visible word
    seen = shown.text if shown.confidence > 0 else ""
    if not setting.answers and ">" in seen:
        # citations of a mail that answers nothing are its writer's words, but nobody's decision
        seen = "\n".join(line for line in seen.split("\n") if not line.lstrip().startswith(">"))
    if marks and TINT in seen:
        # what stands inside a quote decides nothing, whatever its colour
        seen = _TINTED.sub("> ", seen)
    if marks:
        own = _TINTED.sub("", added.text) if TINT in added.text else added.text
        added = replace(added, text=without_marks(own), elided=without_marks(added.elided))
    new = added.text
    language = detect(new if len(new) > 40 else f"{subject}\n{new}")
    return added, without_marks(seen), language


def _setting(
    subject: str, parents: bool, froms: tuple[Mailbox, ...], desk_addresses: tuple[str, ...]
) -> Setting:
    """What the mail's head says of its text."""
    from maild.mail.newtext import Setting
    from maild.mail.text.addresses import all_folded
    from maild.mail.text.subjects import read_subject

    prefix, base = read_subject(subject)
    return Setting(
        answers=parents or prefix == "reply",
        forwarded=prefix == "forward",
        subject=base.casefold(),
        sender=(froms[0].name, froms[0].address) if froms else ("", ""),
        desk=all_folded(desk_addresses),
    )


def _ending(text: str, marks: bool, about: tuple[str, bool, tuple[Mailbox, ...], tuple[str, ...]]) -> str:
    """What is taken for a signature below the new text."""
    from maild.mail.newtext import ending

    return without_marks(ending(text, html_marks=marks, setting=_setting(*about)))


def _may_name_a_token(answered: tuple[str, ...], to: tuple[Mailbox, ...], text: str) -> bool:
    """Whether it may answer an approval mail, in any of the places where a token counts: of these alone each reading is
    looked at. An answer to another mail of ours names none."""
    named = (*answered, *[box.address for box in to if "+" in box.address])
    return any(map(APPROVAL_TOKEN_ALONE.search, named)) or "maild-" in text.lower()


def _stop_at_dear_readings(content: MailContent, limits: ParseLimits) -> None:
    """Each reading is as much work as the first was."""
    tags = sum([source.count("<") for source in content.html])
    if (1 + READINGS_OF_HTML) * tags > limits.dear_tags:
        raise TooCostly(f"{tags} tags of what may answer an approval mail")


def _readings(
    content: MailContent, about: tuple[str, bool, tuple[Mailbox, ...], tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The new text, and the signature below it, of each other way to read the mail: everything that its HTML says, hidden
    or not, what of it is plainly shown, and the texts beside it."""
    texts: dict[str, None] = {}
    endings: list[str] = []
    if len(content.html) > MOST_READINGS or len(content.beside) > MOST_READINGS:
        return ("",), ()  # nobody looked at them all
    for source in content.html:
        read = html_to_text(source, max_tags=MOST_TAGS, strict=True)
        said = () if read.cut else (read.text, read.visible)
        for one in said:
            texts.setdefault(_new_text(one, one, True, *about)[1])
            endings.append(_ending(one, True, about))
        if read.cut or read.spoiled:
            texts.setdefault("")
    for text in content.beside:
        texts.setdefault(_new_text(text, text, False, *about)[1])
        endings.append(_ending(text, False, about))
    return tuple(texts), tuple(endings)


def attachment_bytes(
    raw: bytes, index: int, *, limits: ParseLimits | None = None
) -> tuple[Attachment, bytes]:
    """Attachment number `index` (1-based, as in `Mail.attachments`) with its decoded bytes.

    Raises `Unreadable` for a mail that cannot be walked, IndexError where there is no such attachment.
    """
    limits = limits or ParseLimits()
    try:
        block = parse_block(raw, limits=limits, root=True)
        root, _ = build(raw, block, limits)
        content = bodies.Collector(raw, root, limits).collect()
    except CapHit as hit:
        raise Unreadable(f"the mail exceeds a limit ({hit.code}: {hit.evidence})") from None
    if not 1 <= index <= len(content.attachments):
        raise IndexError(index)
    leaf = content.attachments[index - 1]
    shown = Attachment(
        index, leaf.name, leaf.type, leaf.size, leaf.inline, leaf.part, leaf.content_id, leaf.tnef
    )
    return shown, leaf.load()


def needs_worker(raw: bytes) -> bool:
    """A cheap look: could parsing this mail be dragged out, so that it belongs into a killable process?"""
    if len(raw) > _LARGE:
        return True
    if raw.count(b"\n--") > _MANY_BOUNDARIES or raw.count(b"multipart/") > _MANY_MULTIPARTS:
        return True
    low = raw.lower()
    return any(mark in low for mark in _RISKY)
