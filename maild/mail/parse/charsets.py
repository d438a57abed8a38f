"""Bytes to text, whatever the charset parameter claims.

Order of belief: a declared charset that fits; UTF-8 where the bytes are UTF-8 (a single-byte charset fits
everything, so it is overruled by bytes that are valid UTF-8); else a guess between the legacy charsets of the
languages that we meet. Nothing here raises. WHATWG Encoding's labels are followed where they differ from IANA
(iso-8859-1 is windows-1252, gb2312 is gb18030, shift_jis is windows-31j).
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from maild.mail.parse import legacy

_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,40}")
_ALIASES = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "iso8859-1": "cp1252", "iso-latin-1": "cp1252", "l1": "cp1252", "ansi_x3.4-1968": "cp1252",
    "iso-8859-1-windows-3.1-latin-1": "cp1252", "x-ansi": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874",
    "iso-8859-11": "cp874", "x-user-defined": "cp1252",
    "utf8": "utf-8", "utf-8": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unicode-2-0-utf-8": "utf-8",
    "utf-7": "utf-7", "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "utf-16": "utf-16",
    "unicode": "utf-16",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "cp936": "gb18030", "windows-936": "gb18030", "euc-cn": "gb18030", "x-euc-cn": "gb18030", "hz-gb-2312": "hz",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "euc-jp": "euc_jp", "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "windows-949": "cp949", "uhc": "cp949",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "euc-tw": "big5hkscs",
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-6-e": "iso8859-6", "iso-8859-6-i": "iso8859-6",
    "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "mac": "mac_roman", "x-mac-ce": "mac_latin2",
    "x-mac-centraleurope": "mac_latin2", "x-mac-cyrillic": "mac_cyrillic", "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish", "koi8": "koi8_r", "koi8-ru": "koi8_u", "x-koi8-r": "koi8_r",
    "cp-850": "cp850", "ibm850": "cp850", "ibm437": "cp437", "ibm852": "cp852",
}  # fmt: skip
#: text codecs of Python that no mail means (or that cost more than linear time)
_NOT_CHARSETS = frozenset(
    (
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "mbcs",
        "oem",
        "rot_13",
        "rot-13",
    )
)
_ASCII_BASED = frozenset(
    ("utf-8", "cp1252", "cp1250", "iso8859-2", "iso8859-15", "cp1251", "koi8_r", "gb18030", "cp949")
)
_SINGLE_BYTE = re.compile(
    r"(?:cp(?:125[0-8]|437|85[0-9]|86[0-9]|874|775|737)|iso8859-[0-9]+|koi8[-_].|mac[-_].*)"
)


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """Python's codec for a charset parameter as found in mail, or None for an unknown or unfit one."""
    name = label.replace("\0", "").strip(" \t\r\n\"'<>;,=").lower()
    if name.startswith("charset="):
        name = name[8:].strip("\"' ")
    match = _NAME.match(name)
    if not match:
        return None
    name = match.group()
    if alias := _ALIASES.get(name):
        return alias
    for candidate in (name, name.replace("_", "-"), name.removeprefix("x-"), name.replace("windows-", "cp")):
        if alias := _ALIASES.get(candidate):
            return alias
        try:
            info = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        known: str = info.name
        if known in _NOT_CHARSETS or not getattr(info, "_is_text_encoding", True):
            return None
        return _ALIASES.get(known, known)
    return None


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """Text of `data` and the code of what was wrong ("" when the declared charset was right).

    Codes: charset-unknown, charset-wrong, charset-missing, charset-damaged.
    """
    codec = codec_of(declared) if declared else None
    if codec is not None and codec.startswith(("utf-16", "utf-32")) and b"\0" not in data[:1_000]:
        codec = None  # a text of that charset has line ends, and so zeros; "unicode" is often meant as UTF-8
    if data.isascii() and (codec in _ASCII_BASED or (codec is None and b"\x1b" not in data)):
        return data.decode("ascii"), "charset-unknown" if declared and codec is None else ""
    text = _as_declared(data, codec)
    if text is not None:
        return text, ""
    why = "charset-missing" if not declared else "charset-unknown" if codec is None else "charset-wrong"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or codec == "utf-16":
        return _scrub(data.decode("utf-16", "replace")), why
    if data.isascii() and b"\x1b$" in data:
        return legacy.decode(data), why
    try:
        return data.decode("utf-8-sig"), "" if data.isascii() else why
    except UnicodeDecodeError:
        pass
    if codec is not None and codec != "utf-8" and not _SINGLE_BYTE.fullmatch(codec):
        return _scrub(data.decode(codec, "replace")), "charset-damaged"
    as_utf8 = data.decode("utf-8", "replace")
    bad = as_utf8.count("\ufffd")
    good = sum(1 for c in as_utf8[:200_000] if c > "\x7f") - bad
    if good > 2 * bad:
        return as_utf8, "charset-damaged"
    return legacy.decode(data), why


def _as_declared(data: bytes, codec: str | None) -> str | None:
    """The text when the declared charset can be believed."""
    if codec is None:
        return None
    if codec in ("utf-8", "utf-7"):
        try:
            return _scrub(data.decode("utf-8-sig" if codec == "utf-8" else codec))
        except UnicodeError:
            return None
    if _SINGLE_BYTE.fullmatch(codec):
        if not data.isascii():
            try:
                return data.decode("utf-8")  # valid multi-byte sequences do not happen by chance
            except UnicodeDecodeError:
                pass
        if codec == "cp1252" and legacy.is_not_western(data):
            return None
        return _single_byte(data, codec)
    try:
        return _scrub(data.decode(codec))
    except (UnicodeError, LookupError):
        return None


def _single_byte(data: bytes, codec: str) -> str:
    """Each byte a character: the codec's holes (0x81 in cp1252 ...) are C1 controls as in latin-1."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        table = {i: bytes((i,)).decode(codec, "ignore") or chr(i) for i in range(128, 256)}
        return data.decode("latin-1").translate(table)
    except (UnicodeError, LookupError):
        return data.decode("latin-1")
    return text


def _scrub(text: str) -> str:
    """No lone surrogates (utf-7 and friends can produce them): nothing else in maild survives them."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
