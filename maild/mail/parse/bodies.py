"""Which parts are this mail's own words, which are attachments, and how the words read.

RFC 2046: multipart/alternative shows one of its parts (plain text unless it says nothing), related its root, signed
and report their first; everything else is shown or attached in order. Nothing below message/rfc822 is this mail's.

Over 300 lines: one walk over the parts of a mail: what is text, what a file, what is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from maild.mail.parse import calendar as ical
from maild.mail.parse import charsets, cms, flowed, mbox, names, rtf, tnef, uu
from maild.mail.parse.caps import ParseLimits, TooCostly
from maild.mail.parse.headers import parse_block
from maild.mail.parse.html import html_to_text
from maild.mail.parse.leaves import AttachmentPart, Leaves, MailContent
from maild.mail.parse.readings import html_says_more
from maild.mail.parse.structure import MimePart, build
from maild.mail.text import clean
from maild.model import Reason

_SHOWN = frozenset(
    ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/rtf", "application/rtf",
     "text/x-patch", "text/x-diff", "text/x-markdown", "application/xhtml+xml", "text/x-web-markdown")
)  # fmt: skip
_HTML = frozenset(("text/html", "application/xhtml+xml", "text/x-amp-html", "text/watch-html"))
_NOT_LISTED = frozenset(
    ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
     "message/feedback-report", "text/rfc822-headers", "message/global-disposition-notification",
     "text/x-amp-html", "text/watch-html")
)  # fmt: skip
_CID = re.compile(r"\[cid:([^\]\s]{1,200})\]")
_TNEF_TYPES = frozenset(("application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef"))
_RIGHTS_TYPES = frozenset(("application/x-microsoft-rpmsg-message",))
_UNTYPED = frozenset(("application/octet-stream", "application/x-ics", "text/x-vcalendar"))
_MAX_WRAPPINGS = 3
_SMIME_NAME = "smime.p7m"  # RFC 8551, section 3.2.1
_ENTITY = re.compile(rb"\s*(?:content-[a-z-]+|mime-version)[ \t]*:", re.I)
_SMIME_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))


class Collector:
    """One pass over the tree: each leaf is decoded once, hashed, and either shown or listed."""

    def __init__(
        self,
        raw: bytes,
        root: MimePart,
        limits: ParseLimits,
        content: MailContent | None = None,
        within: tuple[int, ...] = (),
        level: int = 0,
    ) -> None:
        self.raw = raw
        self.root = root
        self.limits = limits
        self.content = content or MailContent()
        self.within = within  # path of the wrapping that this tree was taken out of
        self.level = level
        self.hint = self._charset_hint()
        self._images: dict[str, str] = {}
        self._made = 0
        self.tags_left = limits.html_tags
        self.leaves = Leaves(raw, limits, self.content)
        self._late: list[MimePart] = []  # named inline texts: shown when nothing else is
        self._first = next(part for part in root.walk() if not part.children)
        self._tnef_text: tuple[str, str, bool] = ("", "", False)
        self._named: dict[tuple[int, ...], str] = {}

    def collect(self) -> MailContent:
        """The whole mail's content."""
        self._name_images()
        self._show(self.root)
        self._fill_empty()
        for part in self.root.walk():
            if not part.children and part.path not in self.leaves.kept:
                # a reading that was not chosen still counts for sameness
                self.leaves.decode(part)
        return self.content

    def _charset_hint(self) -> str:
        return next((p.charset for p in self.root.walk() if p.charset and p.type.startswith("text/")), "")

    def _name_images(self) -> None:
        if not self.root.children:
            return
        number = 0
        for part in self.root.walk():
            if part.children or not part.type.startswith("image/"):
                continue
            number += 1
            name = names.safe(part.name(self.hint) or part.told_name(self.hint)) or names.made(
                part.type, number
            )
            self._named[part.path] = name
            if "content-id" in part.block.index and part.content_id:
                self._images[part.content_id] = name

    # ------------------------------------------------------------------------------------- what is shown

    def _show(self, part: MimePart) -> None:
        if not part.children:
            self._leaf(part)
            return
        if part.type == "multipart/alternative":
            self._alternative(part)
        elif part.type == "multipart/related":
            self._related(part)
        elif part.type == "multipart/encrypted":
            self.content.encrypted = "pgp"
            for child in part.children:
                if child.type == "application/pgp-encrypted" and not child.name(self.hint):
                    self.leaves.decode(child)  # "Version: 1" and nothing else
                else:
                    self._show(child)
        else:
            for child in part.children:
                self._show(child)

    def _related(self, part: MimePart) -> None:
        start = part.params.get("start", b"").decode("latin-1").strip("<> ")
        root = next((c for c in part.children if start and c.content_id == start), None)
        if root is None:  # RFC 2387, section 3.2: the first; where that is a picture, the first text
            words = (c for c in part.children if c.children or c.type in _SHOWN)
            root = next(words, part.children[0])
        self._show(root)
        for child in part.children:
            if child is not root:
                if child.children:
                    self._show(child)
                else:
                    self._leaf(child, related=True)

    def _alternative(self, part: MimePart) -> None:
        chosen = self._choose(part)
        for child in part.children:
            if child is chosen:
                self._show(child)
                continue
            self._beside(child)
            for leaf in child.walk():
                if leaf.children:
                    continue
                if leaf.type == "text/calendar":
                    self._calendar(leaf, shown=False)
                elif leaf.type in _SHOWN and leaf.disposition != "attachment":
                    self.leaves.text(leaf)
                elif (
                    not leaf.type.startswith("text/")
                    or leaf.disposition == "attachment"
                    or leaf.name(self.hint)
                ):
                    self._leaf(leaf, related=child.type == "multipart/related")

    def _beside(self, child: MimePart) -> None:
        """What a reader may see in place of what is shown."""
        leaves = [one for one in child.walk() if not one.children and one.disposition != "attachment"]
        html = [one for one in leaves if one.type in _HTML]
        if html:
            self.content.html.append("\n".join(map(self.leaves.text, html)))
        elif any(one.type in _SHOWN for one in leaves):
            self.content.beside.append("\n".join(self.leaves.text(o) for o in leaves if o.type in _SHOWN))

    def _choose(self, part: MimePart) -> MimePart:
        """Plain text, unless the HTML says more."""
        plain: list[MimePart] = []
        rich: list[MimePart] = []
        for child in part.children:
            kinds = {
                leaf.type for leaf in child.walk() if not leaf.children and leaf.disposition != "attachment"
            }
            if "text/html" in kinds:
                rich.append(child)
            elif kinds & {"text/plain", "text/enriched", "text/richtext", "text/markdown"}:
                plain.append(child)
            elif kinds & {"text/rtf", "application/rtf"}:
                rich.insert(0, child)
        if not plain:
            return rich[-1] if rich else part.children[-1]
        best = plain[0]
        if rich and self._html_says_more(best, rich[-1]):
            return rich[-1]
        return best

    def _html_says_more(self, plain: MimePart, rich: MimePart) -> bool:
        text = "".join(self.leaves.text(p) for p in plain.walk() if not p.children and p.type in _SHOWN)
        html = "".join(self.leaves.text(p) for p in rich.walk() if p.type == "text/html")
        return html_says_more(text, html)

    def _leaf(self, part: MimePart, *, related: bool = False) -> None:
        kind = part.type
        is_tnef = kind in _TNEF_TYPES or part.name(self.hint).lower() in ("winmail.dat", "win.dat")
        if is_tnef and self._unpack(part):
            return
        if kind in ("text/calendar", "application/ics") or (
            kind in _UNTYPED and part.name(self.hint).lower().endswith(".ics")
        ):
            self._calendar(part, shown=True)
            return
        if kind in _SHOWN and self._is_body(part, related):
            self._shown_text(part)
            return
        if part.parent is None and kind.startswith("text/") and not part.name(self.hint):
            self._shown_text(part)  # RFC 2046, section 4.1.4: an unknown text is plain text
            return
        if kind in _NOT_LISTED and not part.name(self.hint):
            self.leaves.decode(part)
            return
        name = part.name(self.hint).lower()
        if kind in _SMIME_TYPES or name.endswith(".p7m"):
            data = cms.binary(self.leaves.decode(part))
            is_file = part.parent is not None and bool(name) and name != _SMIME_NAME
            if self._unwrap(part, data, is_file=is_file):
                return
            if not is_file and not cms.is_signature(data):
                self.content.encrypted = self.content.encrypted or "smime"
        elif kind == "application/pgp-encrypted" or kind in _RIGHTS_TYPES or name.endswith(".rpmsg"):
            self.content.encrypted = self.content.encrypted or ("pgp" if "pgp" in kind else "rights")
        self._attach(part, related)
        if kind in _SHOWN and part.disposition != "attachment":
            if part is self._first and not related:
                self._shown_text(part)  # what stands on top is read, whatever it is called
            else:
                self._late.append(part)

    def _unwrap(self, part: MimePart, data: bytes, *, is_file: bool) -> bool:
        """Read what an opaque signature wraps in place of it; False where there is nothing to be read.

        is_file: it has a name of its own. A signed file ("invoice.xml.p7m") stays one; a MIME entity under such a name
        is read.
        """
        inner = cms.signed_content(data) if self.level < _MAX_WRAPPINGS else None
        if inner is None or (is_file and _ENTITY.match(inner) is None):
            return False
        block = parse_block(inner, limits=self.limits)
        root, defects = build(inner, block, self.limits)
        self.content.defects += defects
        nested = Collector(inner, root, self.limits, self.content, (*self.within, *part.path), self.level + 1)
        nested.tags_left = self.tags_left
        nested.collect()
        self.tags_left = nested.tags_left
        return True

    def _is_body(self, part: MimePart, related: bool) -> bool:
        if part.parent is None:
            return part.disposition != "attachment" or not part.name(self.hint)
        if part.disposition == "attachment":
            return False
        if part.type in ("text/rtf", "application/rtf") and part.parent.type != "multipart/alternative":
            return False
        if related:
            return False
        if part.parent.type in ("multipart/alternative", "multipart/related", "multipart/signed"):
            return True
        return not part.name(self.hint)

    def _fill_empty(self) -> None:
        """A mail whose only words stand in a named text part, a container or an invitation."""
        if any(text.strip() for text, _, _ in self.content.texts):
            return
        if self._tnef_text[0].strip():
            self._add(*self._tnef_text)
        elif self._late:
            self._shown_text(self._late[0])
            # a file, which its sender need not have written
            self.content.texts[:] = [(text, "", marks) for text, _, marks in self.content.texts]
        elif self.content.calendar is not None:
            self._add(ical.readable(self.content.calendar), "", False)

    def _shown_text(self, part: MimePart) -> None:
        text = mbox.without_escapes(self.leaves.text(part))
        kind = part.type
        if kind in ("text/html", "application/xhtml+xml") or (kind == "text/plain" and _is_bare_html(text)):
            self._stop_at_dear_html(text)
            read = html_to_text(text, self._images, max_tags=self.tags_left)
            self.tags_left -= read.tags
            if read.cut:
                self.content.defects.append(Reason("cut-html", f"more than {self.limits.html_tags} tags"))
            self._note_armor(read.text)
            self._add(read.text, read.visible, True)
            self.content.html.append(text)
            return
        if kind in ("text/rtf", "application/rtf") or text.startswith("{\\rtf"):
            words, is_html = rtf.rtf_to_text(part.payload(self.raw)[0][: self.limits.rtf_bytes])
            # RTF hides and strikes out in ways of its own: nothing in it is plainly somebody's word
            self._add(html_to_text(words).text if is_html else clean.text(words), "", is_html)
            return
        if kind in ("text/enriched", "text/richtext"):
            text = flowed.enriched(text)
        elif part.params.get("format", b"").lower() == b"flowed":
            text = flowed.unflow(text, delsp=part.params.get("delsp", b"").lower() == b"yes")
        if "\nbegin" in text or text.startswith("begin"):
            text = self._uuencoded(part, text)
        if self._images and "[cid:" in text:
            text = _CID.sub(
                lambda m: f"[image: {self._images[m.group(1)]}]" if m.group(1) in self._images else m.group(),
                text,
            )
        self._note_armor(text)
        self._add(text, None, False)

    def _note_armor(self, text: str) -> None:
        if not self.content.encrypted and "-----BEGIN PGP MESSAGE-----" in text[:2_000]:
            self.content.encrypted = "pgp"

    def _stop_at_dear_html(self, text: str) -> None:
        tags = self.limits.html_tags - self.tags_left + text.count("<")
        if tags > self.limits.dear_tags:
            raise TooCostly(f"{tags} tags")

    def _add(self, text: str, visible: str | None, marks: bool) -> None:
        before = self.content.texts
        if marks and before and _same_words(text, before[-1][0]):
            return  # the same words once as text, once as HTML, side by side
        before.append((text, text if visible is None else visible, marks))

    def _uuencoded(self, part: MimePart, text: str) -> str:
        text, files = uu.extract(text)
        for number, file in enumerate(files):
            name = names.safe(file.name) or names.made("application/octet-stream", number + 1)
            data = file.data
            self.content.attachments.append(
                AttachmentPart(
                    name,
                    "application/octet-stream",
                    len(data),
                    False,
                    (*self.within, *part.path, number),
                    _holder(data),
                )
            )
        return text

    # --------------------------------------------------------------------------------------- attachments

    def _attach(self, part: MimePart, related: bool) -> None:
        data = self.leaves.decode(part) if part.path not in self.leaves.kept else part.payload(self.raw)[0]
        name = self._named.get(part.path) or names.safe(part.name(self.hint) or part.told_name(self.hint))
        if not name:
            self._made += 1
            subject = ""
            if part.type in ("message/rfc822", "message/global"):
                subject = _inner_subject(data, self.limits)
            name = names.made(part.type, self._made, subject)
        cid = part.content_id
        inline = part.disposition == "inline" or (part.disposition != "attachment" and (related or bool(cid)))
        self.content.attachments.append(
            AttachmentPart(
                name,
                part.type,
                len(data),
                inline,
                (*self.within, *part.path),
                lambda: part.payload(self.raw)[0],
                cid,
            )
        )
        if (
            part.disposition == "inline"
            and part.type.startswith("image/")
            and not related
            and not self._mentioned(cid)
        ):
            self._add(f"[image: {name}]", None, False)

    def _mentioned(self, cid: str) -> bool:
        return bool(cid) and any(self._images.get(cid, "\0") in text for text, _, _ in self.content.texts)

    def _calendar(self, part: MimePart, *, shown: bool) -> None:
        data = self.leaves.decode(part) if part.path not in self.leaves.kept else part.payload(self.raw)[0]
        text = self.leaves.kept.get(part.path) or charsets.decode_text(data, part.charset)[0]
        method = part.params.get("method", b"").decode("ascii", "replace")
        if self.content.calendar is None:
            self.content.calendar = ical.read_calendar(text, method)
        if (
            part.name(self.hint)
            or part.disposition == "attachment"
            or (shown and self.content.calendar is None)
        ):
            self._attach(part, False)

    def _unpack(self, part: MimePart) -> bool:
        data = self.leaves.decode(part) if part.path not in self.leaves.kept else part.payload(self.raw)[0]
        packed = tnef.read_tnef(data, self.limits)
        if packed is None:
            return False
        if packed.broken:
            self.content.defects.append(Reason("tnef-broken", part.name(self.hint)))
            if not packed.files:
                return False
        for number, file in enumerate(packed.files):
            kind = file.type.lower() or "application/octet-stream"
            name = names.safe(clean.line(file.name)) or names.made(kind, number + 1)
            held = file.data
            self.content.attachments.append(
                AttachmentPart(
                    name,
                    kind,
                    len(held),
                    False,
                    (*self.within, *part.path, number),
                    _holder(held),
                    clean.line(file.content_id),
                    True,
                )
            )
        if not self._tnef_text[0].strip():
            self._tnef_text = tnef.tnef_text(packed, self.limits)
        return True


def _holder(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _inner_subject(data: bytes, limits: ParseLimits) -> str:
    from maild.mail.parse.caps import CapHit

    try:
        return parse_block(data[:65_536].lstrip(b"\r\n"), limits=limits).text("subject")
    except CapHit:
        return ""


def _is_bare_html(text: str) -> bool:
    """HTML under the wrong label."""
    head = text[:300].lstrip().lower()
    return head.startswith(("<html", "<!doctype html")) and "</" in text[-2_000:]


def _same_words(one: str, other: str) -> bool:
    if not one or not other or len(one) > 3 * len(other) or len(other) > 3 * len(one):
        return False
    return "".join(one.split())[:5_000] == "".join(other.split())[:5_000]
