"""Words out of RTF (Rich Text Format 1.9.1), and the HTML that Exchange wraps in it ([MS-OXRTFEX]).

A linear scan over control words; destinations that hold no words (fonts, pictures, lists) are skipped whole.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z0-9])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = frozenset(
    (
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"listtable", b"listoverridetable",
        b"rsidtbl",
        b"generator", b"themedata", b"colorschememapping", b"latentstyles", b"datastore", b"xmlnstbl", b"header", b"footer",
        b"headerl", b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"pntext", b"fldinst", b"bkmkstart",
        b"bkmkend",
        b"filetbl", b"mmathPr", b"nonshppict", b"pntxta", b"pntxtb", b"listtext",
    )
)  # fmt: skip
_WORDS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "\u2014",
    b"endash": "\u2013", b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
}  # fmt: skip
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


class _Group:
    __slots__ = ("codec", "html_tag", "skipped", "unicode_skip")

    def __init__(self, skipped: bool, codec: str, unicode_skip: int, html_tag: bool) -> None:
        self.skipped = skipped
        self.codec = codec
        self.unicode_skip = unicode_skip
        self.html_tag = html_tag


class _Scan:
    def __init__(self, from_html: bool) -> None:
        self.from_html = from_html
        self.out: list[str] = []
        self.pending = bytearray()  # bytes of \'xx escapes: a double-byte character may take two
        self.group = _Group(False, "cp1252", 1, False)
        self.stack: list[_Group] = []
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.in_fonts = 0
        self.to_skip = 0
        self.quiet = False  # \htmlrtf: RTF that only repeats what the HTML tags say

    def flush(self) -> None:
        if self.pending:
            self.out.append(self.pending.decode(self.group.codec, "replace"))
            self.pending.clear()

    def put(self, text: str) -> None:
        self.flush()
        self.out.append(text)

    @property
    def silent(self) -> bool:
        return self.group.skipped or self.quiet


def rtf_to_text(data: bytes) -> tuple[str, bool]:
    """(text, is_html): the words, or the HTML that was encapsulated (`\\fromhtml1`)."""
    from_html = b"\\fromhtml1" in data[:2_000]
    scan = _Scan(from_html)
    for match in _TOKEN.finditer(data):
        word, number, hexa, symbol, brace, plain = match.groups()
        if brace:
            _brace(scan, brace)
        elif word:
            _word(scan, word.lower() if word != b"mmathPr" else word, int(number) if number else None)
        elif hexa:
            if scan.to_skip:
                scan.to_skip -= 1
            elif not scan.silent:
                scan.pending.append(int(hexa, 16))
        elif symbol:
            _symbol(scan, symbol)
        elif plain:
            if scan.to_skip:
                plain, scan.to_skip = plain[scan.to_skip :], max(0, scan.to_skip - len(plain))
            if plain and not scan.silent:
                scan.pending += plain
    scan.flush()
    return "".join(scan.out), from_html


def _brace(scan: _Scan, brace: bytes) -> None:
    scan.flush()
    if brace == b"{":
        group = scan.group
        if len(scan.stack) < 10_000:
            scan.stack.append(group)
            scan.group = _Group(group.skipped, group.codec, group.unicode_skip, group.html_tag)
    elif scan.stack:
        scan.group = scan.stack.pop()
        if len(scan.stack) < scan.in_fonts:
            scan.in_fonts = 0
    scan.to_skip = 0


def _word(scan: _Scan, word: bytes, number: int | None) -> None:
    group = scan.group
    if word == b"ansicpg" and number:
        scan.flush()
        group.codec = codepage(number)
        for above in scan.stack:
            above.codec = group.codec
    elif word == b"fonttbl":
        scan.in_fonts = len(scan.stack)
        group.skipped = True
    elif word == b"f" and number is not None:
        scan.flush()
        scan.font = number
        if not scan.in_fonts and number in scan.fonts:
            group.codec = scan.fonts[number]
    elif word == b"fcharset" and number is not None and scan.in_fonts:
        if number in _CHARSETS and number not in (0, 1, 2):
            scan.fonts[scan.font] = _CHARSETS[number]
    elif word == b"uc" and number is not None:
        group.unicode_skip = max(0, min(number, 10))
    elif word == b"u" and number is not None:
        if not scan.silent:
            code = number % 65_536
            scan.put(chr(code))
        scan.to_skip = group.unicode_skip
    elif word == b"htmltag":
        group.html_tag, group.skipped = True, False
    elif word == b"htmlrtf":
        scan.flush()
        scan.quiet = number != 0
    elif word in _SKIPPED or (scan.from_html and word == b"mhtmltag"):
        group.skipped = True
    elif word in _WORDS and not scan.silent:
        text = _WORDS[word]
        scan.put(text if not (scan.from_html and text == "\n") else "\n")


def _symbol(scan: _Scan, symbol: bytes) -> None:
    if symbol == b"*":
        # a destination that readers may ignore: only \htmltag is known to us and undoes this
        scan.flush()
        scan.group.skipped = True
    elif scan.to_skip:
        scan.to_skip -= 1
    elif not scan.silent:
        if symbol in (b"{", b"}", b"\\"):
            scan.pending += symbol
        elif symbol == b"~":
            scan.put(" ")
        elif symbol == b"_":
            scan.put("-")
        elif symbol in (b"\r", b"\n"):
            scan.put("\n")


def codepage(number: int) -> str:
    """Codec for a Windows codepage number, cp1252 for an unknown one."""
    named = {65001: "utf-8", 10000: "mac_roman", 936: "gb18030", 932: "cp932", 949: "cp949", 950: "big5hkscs"}
    if number in named:
        return named[number]
    name = f"cp{number}"
    try:
        b"a".decode(name)
    except LookupError:
        return "cp1252"
    return name
