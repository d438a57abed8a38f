"""HTML to readable text: one pass over the tags, no tree, linear in the input (RFC 1866 to HTML5, as mail has it).

`.text` keeps links, lists, tables and quotes; `.visible` leaves out what a reader does not see. Quoted history that
the client marked as such stands between marker lines (`QUOTE_OPEN`, `QUOTE_CLOSE`) for the new-text scanner.

Over 300 lines: one pass over the tags, with the tables of what each tag does.
"""

from __future__ import annotations

import html as _entities
import re
from collections.abc import Mapping

from maild.mail.languages import LANGUAGES
from maild.mail.parse.css import Styles, has_border, hides, read_styles, unseen
from maild.mail.parse.markup import Tag, tags_of
from maild.mail.parse.plain_style import FEWEST_PIXELS, Sheet, read_sheet, shows_plainly, size_of, spoils
from maild.mail.parse.tint import tinted
from maild.mail.parse.writer import TextBuilder
from maild.mail.text import clean
from maild.mail.text.marks import (
    HEAD_OPEN,
    OF_LINES,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    SIGN_CLOSE,
    SIGN_OPEN,
    TINT,
    UNSEEN_ABOVE,
)
from maild.values import dataclass

_DROPPED = frozenset(("style", "script", "title", "xml", "template", "noframes", "iframe"))
_CONDITIONAL = "<!--[if "
#: kinds of fields whose value is shown
_SAYING = frozenset(("", "text", "search", "email", "url", "tel", "button", "submit", "reset"))
_LONGEST_FIELD = 1_000  # characters
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "header", "main", "nav", "section", "table", "tbody", "thead", "tfoot", "tr", "html",
        "caption", "legend",
    )
)  # fmt: skip
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "hr"))
_VOID = frozenset(
    (
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "embed",
        "source",
        "track",
        "wbr",
        "param",
        "o:p",
    )
)
#: the first label of a header block; below a drawn line it begins what is answered or forwarded
_FROM_LABELS = frozenset(label for language in LANGUAGES for label in language.from_labels)
_BLANKS = " \t\r\n\xa0"
_LONGEST_LABEL = 40  # characters
_MAX_OPEN = 4_000  # deeper nesting is read as if it were flat
_QUOTE_CLASSES = ("moz-cite-prefix", "quotetop")
_HEAD_CLASSES = ("outlookmessageheader", "ms-outlook-mobile-reference-message", "freebirdreply")
#: these hold the whole quote: what follows them is the writer's again
_QUOTE_HOLDERS = (
    "gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote", "mail_quote", "inoteshistory",
)  # fmt: skip
_SIGNATURES = (
    "gmail_signature", "moz-signature", "protonmail_signature", "k9mail-signature", "ms-outlook-mobile-signature",
    "composer_signature", "ydpsignature", "yahoo-signature", "tutanota_signature", "ymail_signature",
)  # fmt: skip
_QUOTE_IDS = ("reply-intro", "replysplit", "yahooquoted", "divtagdefaultwrapper_quote")
_HEAD_IDS = (
    "divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "orighead", "orimsghtmlseperator",
    "isforwardcontent", "olk_src_body_section",
)  # fmt: skip
#: rules between the answer and what it answers: Outlook's web access, Zimbra
_HEAD_RULES = frozenset(("stopspelling", "zwchr"))
_OUTLOOK_LINES = (
    "#e1e1e1 1.0pt",
    "#b5c4df 1.0pt",
    "#b5c4df 1pt",
    "#e1e1e1 1pt",
    "rgb(225, 225, 225)",
    "rgb(181, 196, 223)",
)


def without_marks(text: str) -> str:
    """`text` without the marker lines and the marks within lines."""
    if text.isascii():
        return text
    text = text.replace(TINT, "")
    if not any(mark in text for mark in OF_LINES):
        return text
    return "\n".join(line for line in text.split("\n") if line[:1] not in OF_LINES)


_CLASS = re.compile(
    "|".join(
        f"(?P<{kind}>{'|'.join(map(re.escape, names))})"
        for kind, names in (
            ("head", _HEAD_CLASSES),
            ("quote", _QUOTE_CLASSES),
            ("holder", _QUOTE_HOLDERS),
            ("signature", _SIGNATURES),
        )
    )
)
_SIGNATURE_IDS = frozenset(("signature", *_SIGNATURES))


def _is_outlook_line(style: str) -> bool:
    return "border-top" in style and "solid" in style and any(line in style for line in _OUTLOOK_LINES)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What a reader gets (`text`), the same without hidden elements (`visible`), and whether these differ."""

    text: str
    visible: str
    has_hidden: bool
    tags: int = 0
    cut: bool = False
    spoiled: bool = False  # read strictly: it shows words that no text holds, or what may lie above others


def html_to_text(
    html: str, images: Mapping[str, str] | None = None, *, max_tags: int = 200_000, strict: bool = False
) -> HtmlText:
    """Readable text of an HTML document. `images`: file name by Content-ID, shown as `[image: name]`.

    What stands behind `max_tags` tags is cut (`cut`); `tags` says how many were read. `strict`: only what every reader
    surely sees as it stands is `visible` (`plain_style`), else all that the usual ways of hiding do not hide.
    """
    sheet = read_sheet(html) if strict else None
    reader = _Reader(images or {}, Styles() if strict else read_styles(html), sheet)
    count = 0
    for chunk, tag in tags_of(html):
        if chunk and not reader.dropping:
            reader.words(chunk)
        elif chunk and sheet is not None and reader.dropping == "xml" and not chunk.isspace():
            reader.spoiled = True
        if tag is not None:
            count += 1
            if count > max_tags:
                break
            reader.tag(tag)
    text, visible, has_hidden = reader.finish()
    spoiled = reader.spoiled or (strict and says_to_some(html))
    return HtmlText(text, visible, has_hidden, count, count > max_tags, spoiled)


def says_to_some(html: str) -> bool:
    """Whether a conditional comment, which Outlook shows and others do not, holds words."""
    at = html.find(_CONDITIONAL)
    while at >= 0:
        end = html.find("-->", at)
        said, dropping = 0, ""
        inner = html[html.find(">", at) + 1 : end if end >= 0 else len(html)].removesuffix("<![endif]")
        for chunk, tag in tags_of(inner):
            said += not dropping and any(map(str.isalnum, chunk))
            if tag is not None and tag.name in _DROPPED:
                dropping = "" if tag.end else tag.name
        if said:
            return True
        at = html.find(_CONDITIONAL, end) if end >= 0 else -1
    return False


@dataclass(slots=True)
class _Open:
    """An element that is open and changes how its content is read."""

    name: str
    hidden: bool = False
    unseen: bool = False
    quote: bool = False  # a blockquote: its lines begin with "> "
    mark: str = ""  # the client marked it as quoted history, or as the head of that or of a forward
    holds: bool = False  # ... all of it stands in this element
    signature: bool = False  # the client marked it as the signature
    href: str = ""
    link_from: int = 0
    ordered: int = -1  # next number of an ordered list, -1 for none
    tint: bool | None = None  # its words are in a colour that marks them, or surely not
    size: float = 16.0  # of its letters, in pixels; kept where only what is plainly shown counts


class _Reader:
    def __init__(self, images: Mapping[str, str], styles: Styles, sheet: Sheet | None = None) -> None:
        self.images = images
        self.styles = styles
        self.sheet = sheet
        self.out = TextBuilder()
        self.open: list[_Open] = []
        self.lists: list[_Open] = []  # the open <ul> and <ol> among them
        self.counts: dict[str, int] = {}  # open elements by name: a stray end tag costs nothing
        self.dropping = ""
        self.hidden = 0
        self.pre = 0
        self.quotes = 0
        self.marked = False
        self.signing = False
        self.bordered = False  # a line stands above the words that come next
        self.unseen = 0  # open elements that nobody sees
        self.leading, self.led = sheet is None, False  # no word was seen yet; one that is not seen was read
        self.tints: list[bool] = []
        self.spoiled = False

    def words(self, chunk: str) -> None:
        text = _entities.unescape(chunk) if "&" in chunk else chunk
        if self.bordered and not text.isspace():
            self.bordered = False
            if _label(text) in _FROM_LABELS:
                self._mark(HEAD_OPEN)
        if self.leading and clean.invisible_out(text).strip(_BLANKS):
            if self.unseen:
                self.led = True
            else:
                self.leading = False
                if self.led:
                    self.out.marker(UNSEEN_ABOVE)
        if self.tints and self.tints[-1] and (self.marked or self.quotes) and not text.isspace():
            self.out.tint(TINT)
        self.out.words(text, pre=self.pre > 0, hidden=self.hidden > 0)

    def tag(self, tag: Tag) -> None:
        name = tag.name
        if self.sheet is not None and not tag.end and not self.spoiled:
            self.spoiled = spoils(name, tag.attributes() if tag.has_attributes else {})
        if self.dropping:
            if tag.end and name == self.dropping:
                self.dropping = ""
            return
        if tag.end:
            self._end(name)
        elif name in _DROPPED:
            if not tag.empty:
                self.dropping = name
        else:
            self._start(tag)

    def _start(self, tag: Tag) -> None:
        name, out = tag.name, self.out
        if name == "br":
            out.line_break()
            return
        if name == "img":
            self._image(tag)
            return
        if name in _PARAGRAPHS:
            out.block(2 if not (name in ("ul", "ol") and self.counts.get("li")) else 1)
        elif name in _BLOCKS:
            out.block(1)
        if name == "hr":
            if not self.marked and tag.attributes().get("id", "").lower() in _HEAD_RULES:
                self._mark(HEAD_OPEN)
            out.words("-" * 20, pre=False, hidden=self.hidden > 0)
            out.block(1)
            return
        if name == "input":
            self._field(tag)
        if name in _VOID:
            return
        element = _Open(name)
        if tag.has_attributes:
            self._read_attributes(tag, element)
        elif self.sheet is not None:
            element.hidden = not shows_plainly(name, {}, self.sheet)
        if self.sheet is not None:
            outer = self.open[-1].size if self.open else element.size
            element.size = size_of(name, tag.attributes() if tag.has_attributes else {}, outer)
            element.hidden = element.hidden or element.size < FEWEST_PIXELS
        if name == "blockquote" and self._is_quote(tag):
            element.quote = True
        if name == "li":
            self._item()
        elif name in ("td", "th"):
            out.cell()
        elif name == "ol":
            start = tag.attributes().get("start", "1") if tag.has_attributes else "1"
            element.ordered = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
        elif name in ("pre", "textarea", "xmp", "listing"):
            self.pre += 1
        self._push(element)

    def _push(self, element: _Open) -> None:
        if len(self.open) >= _MAX_OPEN:
            self.hidden += element.hidden and self.sheet is not None  # never shown again
            return
        if (
            element.name in ("li", "p", "td", "th", "option", "dt", "dd")
            and self.open
            and self.open[-1].name == element.name
        ):
            self._end_innermost()  # HTML5, 13.1.2.4: these end where the next one begins
        self.open.append(element)
        if element.name in ("ol", "ul"):
            self.lists.append(element)
        self.counts[element.name] = self.counts.get(element.name, 0) + 1
        self.hidden += element.hidden
        self.unseen += element.unseen
        if element.tint is not None:
            self.tints.append(element.tint)
        if element.quote:
            self.quotes += 1
            self.out.quote(self.quotes)
        if element.mark:
            element.holds = self._mark(element.mark) and element.holds
        if element.signature:
            element.signature = not (self.marked or self.quotes or self.signing)
            if element.signature:
                self.signing = True
                self.out.marker(SIGN_OPEN)

    def _mark(self, marker: str) -> bool:
        """Quoted history begins here; False when it has begun already."""
        if self.marked:
            return False
        self.marked = True
        self.out.marker(marker)
        return True

    def _read_attributes(self, tag: Tag, element: _Open) -> None:
        attributes = tag.attributes()
        if self.sheet is None:
            element.hidden = hides(tag.name, attributes, self.styles)
            element.unseen = self.leading and element.hidden and unseen(attributes)
        else:
            element.hidden = not shows_plainly(tag.name, attributes, self.sheet)
        css_class = attributes.get("class", "").lower()
        ident = attributes.get("id", "").lower().removeprefix("x_").removeprefix("x_")
        style = attributes.get("style", "").lower()
        known = _CLASS.search(css_class) if css_class else None
        kind = known.lastgroup if known else ""
        if kind == "head" or ident.startswith(_HEAD_IDS) or _is_outlook_line(style):
            element.mark = HEAD_OPEN
        elif kind == "quote" or ident.startswith(_QUOTE_IDS):
            element.mark = QUOTE_OPEN
        elif kind == "holder":
            element.mark, element.holds = QUOTE_OPEN, True
        elif kind == "signature" or ident in _SIGNATURE_IDS:
            element.signature = tag.name in ("div", "pre", "p", "table")
        elif tag.name in ("div", "p", "table") and has_border(style):
            self.bordered = True
        colour = attributes.get("color", "")
        if colour or "color" in style:
            element.tint = tinted(style, colour)
        if tag.name == "a":
            element.tint = False
            element.href = attributes.get("href", "").strip()
            element.link_from = self.out.position()

    def _is_quote(self, tag: Tag) -> bool:
        attributes = tag.attributes() if tag.has_attributes else {}
        style = attributes.get("style", "").replace(" ", "").lower()
        if attributes.get("type", "").lower() == "cite":
            self._mark(QUOTE_OPEN)
            return True
        # an indented paragraph of Gmail's or Outlook's editor is no quotation
        return not (
            "border:none" in style or "border-width:medium" in style
        ) or "gmail_quote" in attributes.get("class", "")

    def _item(self) -> None:
        self.out.block(1)
        depth = min(len(self.lists), 8)
        if self.lists and self.lists[-1].ordered >= 0:
            self.out.bullet(f"{self.lists[-1].ordered}. ", depth)
            self.lists[-1].ordered += 1
        else:
            self.out.bullet("- ", depth)

    def _image(self, tag: Tag) -> None:
        attributes = tag.attributes()
        source = attributes.get("src", "")
        hidden = self.hidden > 0 or hides("img", attributes, self.styles)
        if source[:4].lower() == "cid:":
            name = self.images.get(source[4:].strip("<> "), "") or attributes.get("alt", "")
        elif attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
            return
        else:
            name = attributes.get("alt", "")
        name = " ".join(name.split())[:200]
        if name:
            self.out.words(f"[image: {name}]", pre=False, hidden=hidden)

    def _field(self, tag: Tag) -> None:
        """What a field of a form shows."""
        attributes = tag.attributes()
        if attributes.get("type", "text").lower() in _SAYING:
            words = attributes.get("value", "") or attributes.get("placeholder", "")
            self.out.words(words[:_LONGEST_FIELD], pre=False, hidden=self.hidden > 0)

    def _end(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self.out.block(2 if not (name in ("ul", "ol") and self.counts.get("li")) else 1)
        elif name in _BLOCKS or name == "li":
            self.out.block(1)
        elif name == "br":
            self.out.line_break()
        if not self.counts.get(name):
            return
        while self.open:
            if self._end_innermost() == name:
                break

    def _end_innermost(self) -> str:
        element = self.open.pop()
        self.counts[element.name] -= 1
        self._close(element)
        return element.name

    def _close(self, element: _Open) -> None:
        self.hidden -= element.hidden
        self.unseen -= element.unseen
        if element.tint is not None:
            self.tints.pop()
        if self.lists and self.lists[-1] is element:
            self.lists.pop()
        if element.quote:
            self.quotes -= 1
            self.out.quote(self.quotes)
        if element.name in ("pre", "textarea", "xmp", "listing"):
            self.pre -= 1
        if element.href:
            self._link(element)
        if element.signature:
            self.signing = False
            self.out.marker(SIGN_CLOSE)
        if element.holds:
            self.marked = False
            self.out.marker(QUOTE_CLOSE)

    def _link(self, element: _Open) -> None:
        href = element.href
        low = href[:12].lower()
        if not low.startswith(("http://", "https://", "mailto:", "ftp://", "tel:")) or len(href) > 2_000:
            return
        shown = self.out.since(element.link_from).strip()
        if not shown or shown.startswith("[image:"):
            return
        bare = href.partition(":")[2].lstrip("/") if low.startswith(("mailto:", "tel:")) else href
        if _same_link(shown, bare):
            return
        self.out.words(f" <{bare}>", pre=False, hidden=self.hidden > 0)

    def finish(self) -> tuple[str, str, bool]:
        while self.open:
            self._close(self.open.pop())
        text, visible, has_hidden = self.out.finish()
        if self.marked:
            text = f"{text}\n{QUOTE_CLOSE}"
            visible = f"{visible}\n{QUOTE_CLOSE}"
        return text, visible, has_hidden


def _label(text: str) -> str:
    """The label that some words begin with: `from` of "From: Ann" and of "From" alone."""
    return text.partition(":")[0][:_LONGEST_LABEL].strip(" \t\r\n\xa0*").lower()


def _same_link(shown: str, href: str) -> bool:
    def bare(url: str) -> str:
        url = url.partition("://")[2] or url
        return url.removeprefix("www.").rstrip("/").partition("?subject")[0].lower()

    return bare(shown) == bare(href) or (shown.endswith(("...", "…")) and href.startswith(shown.rstrip(".…")))
