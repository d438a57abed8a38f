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

from maild.mail.parse import jis, legacy

#: read by maild.mail.parse.jis; the name is that of the nearest codec of Python
_JIS = "iso2022_jp_ext"
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
    "iso-2022-jp": _JIS, "iso-2022-jp-ms": _JIS, "csiso2022jp": _JIS, "iso-2022-jp-1": _JIS, "iso-2022-jp-2": _JIS,
    "iso-2022-jp-3": _JIS, "iso-2022-jp-2004": _JIS, "iso-2022-jp-ext": _JIS, "cp50220": _JIS, "cp50221": _JIS,
    "cp50222": _JIS, "jis": _JIS,
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
_MAY_BE_JIS = frozenset((_JIS, None, "cp932", "euc_jp", "utf-8"))
_THREE_BYTES = re.compile(rb"(?:[\xe1-\xef][\x80-\xbf]{2}){2}")
_FEW_PLACES = 3
_ONE_PLACE, _SEVERAL = 76, 3  # characters
_DAMAGE = re.compile("\ufffd+")
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
        return _ALIASES.get(known, _ALIASES.get(known.replace("_", "-"), known))
    return _hinted(name)


#: parts of labels that no registry knows, and what their writers mean
_HINTS = (
    (re.compile(r"125([0-8])"), "cp125{}"),
    (re.compile(r"8859[-_ .:]*(1[0-6]|[1-9])(?![0-9])"), "iso8859-{}"),
    (re.compile(r"utf[-_ ]?8"), "utf-8"),
    (re.compile(r"lat(?:in)?[-_ ]?([1-9]|10)(?![0-9])"), "latin{}"),
    (re.compile(r"koi8[-_]?u"), "koi8_u"),
    (re.compile(r"koi"), "koi8_r"),
    (re.compile(r"(?:cp|ibm|dos|oem)[-_ ]?(437|85[0-8]|86[0-9])"), "cp{}"),
    (re.compile(r"gb[-_ ]?(?:k|2312|18030|1988)|chinese[-_]?(?:simp|cn)|euc[-_]?cn|936"), "gb18030"),
    (re.compile(r"big[-_ ]?5|chinese[-_]?(?:trad|tw)|950"), "big5hkscs"),
    (re.compile(r"s(?:hift)?[-_ ]?jis|932"), "cp932"),
    (re.compile(r"2022[-_]?jp|5022[0-9]"), _JIS),
    (re.compile(r"euc[-_]?j"), "euc_jp"),
    (re.compile(r"ks[-_ ]?c|euc[-_]?k|korean|949"), "cp949"),
    (re.compile(r"hungar|polish|czech|slovak|central|east(?:ern)?[-_ ]?eur"), "cp1250"),
    (re.compile(r"cyril|russia|ukrain|bulgar"), "cp1251"),
    (re.compile(r"west|ansi|european"), "cp1252"),
    (re.compile(r"greek"), "cp1253"),
    (re.compile(r"turk"), "cp1254"),
    (re.compile(r"hebrew"), "cp1255"),
    (re.compile(r"arab"), "cp1256"),
    (re.compile(r"baltic"), "cp1257"),
)


def _hinted(name: str) -> str | None:
    for pattern, codec in _HINTS:
        if match := pattern.search(name):
            made = codec.format(*match.groups())
            try:
                known = codecs.lookup(made).name
            except LookupError:
                continue
            return _ALIASES.get(known, known)
    return None


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """Text of `data` and the code of what was wrong ("" when the declared charset was right).

    Codes: charset-unknown, charset-wrong, charset-missing, charset-damaged.
    """
    codec = codec_of(declared) if declared else None
    if codec is not None and codec.startswith(("utf-16", "utf-32")) and b"\0" not in data[:1_000]:
        codec = None  # a text of that charset has line ends, and so zeros; "unicode" is often meant as UTF-8
    if b"\x1b" in data and codec in _MAY_BE_JIS and jis.is_iso_2022_jp(data):
        return jis.decode(data), "" if codec == _JIS else "charset-wrong" if codec else "charset-missing"
    if codec == _JIS and not data.isascii():
        codec = None if _is_utf8(data) else legacy.japanese(data)
        if codec is not None:
            return _scrub(data.decode(codec, "replace")), "charset-wrong"
    if data.isascii() and (codec in _ASCII_BASED or codec == _JIS or (codec is None and b"\x1b" not in data)):
        return data.decode("ascii"), "charset-unknown" if declared and codec is None else ""
    text = _as_declared(data, codec)
    if text is not None:
        return text, ""
    why = "charset-missing" if not declared else "charset-unknown" if codec is None else "charset-wrong"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or codec == "utf-16":
        return _scrub(data.decode("utf-16", "replace")), why
    try:
        return data.decode("utf-8-sig"), "" if data.isascii() else why
    except UnicodeDecodeError:
        pass
    if codec is not None and codec != "utf-8" and not _SINGLE_BYTE.fullmatch(codec):
        return _scrub(data.decode(codec, "replace")), "charset-damaged"
    damaged = _damaged_utf8(data, declared=codec == "utf-8")
    if damaged is not None:
        return damaged, "charset-damaged"
    return legacy.decode(data), why


def _damaged_utf8(data: bytes, *, declared: bool) -> str | None:
    """The text of UTF-8 with damaged places, each U+FFFD; None for what is rather something else.

    Letters of two bytes and more do not come about by chance: under the label of UTF-8 one for each damaged place
    is enough, without it two.
    """
    text = data.decode("utf-8", "replace")
    sample = text[:200_000]
    places = len(_DAMAGE.findall(sample))
    good = sum(1 for c in sample if c > "\x7f") - sample.count("\ufffd")
    if declared and _damaged_at_one_place(sample):
        return text
    if sample.count("\ufffd") > 2 * good:
        return None
    if places > _FEW_PLACES and good <= 2 * places:
        return None  # a double-byte text has letters of UTF-8 by chance, between damage everywhere
    if places > 1 and good <= 2 * places and legacy.asian(data) is not None:
        return None
    return text if good >= places and (declared or good > 2 * places) else None


def _damaged_at_one_place(sample: str) -> bool:
    """Whether all damage stands within one line's length, and letters of several bytes beside it are whole."""
    first, last = sample.find("\ufffd"), sample.rfind("\ufffd")
    if last - first > _ONE_PLACE:
        return False
    whole = sample[:first] + sample[last + 1 :]
    return len(whole) > last - first and sum(1 for c in whole if c > "\x7f") >= _SEVERAL


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
    if not data.isascii() and (utf8 := _east_asian_as_utf8(data)) is not None:
        return utf8
    if codec in legacy.CONFUSED and (rather := legacy.rather(data, codec)) is not None:
        codec = rather
    try:
        return _scrub(data.decode(codec))
    except (UnicodeError, LookupError):
        return None


def _east_asian_as_utf8(data: bytes) -> str | None:
    """UTF-8 under a double-byte label: letters of three bytes in a row are no accident, one of two bytes may be."""
    if not _THREE_BYTES.search(data):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
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
