"""Guess which legacy charset undeclared or misdeclared 8-bit bytes are in.

Each candidate's decoding is scored by how well its letters fit words: a letter between letters of the same
case and script is good, a symbol or a capital inside a word is bad, and a frequent word of one of the languages
written in it is best. Scores are over the first 20 kB only. Western wins where nothing tells.

Over 300 lines: a third is the tables of letters and words that tell the charsets apart, and all guesses weigh them.
"""

from __future__ import annotations

import re
from functools import cache

from maild.mail.languages.words import WORDS

_SAMPLE = 20_000
_HIGH_RUN = re.compile(rb"[A-Za-z]{0,40}[\x80-\xff][A-Za-z\x80-\xff]*")  # bounded: linear
#: letters that are common in the languages written with each candidate
_COMMON = {
    "cp1252": set("·äöüÄÖÜßéèêëàâáãçîïíóôõúùûñÉÀÇŒœæåøÅØÆ€’‘“”–—…•«»°§´£©®½²³"),
    "cp1250": set("·áéíóöőúüűÁÉÍÓÖŐÚÜŰąćęłńśźżŁŚŻčďěňřšťůýžČŘŠŽľĺŕôäăâîșțşţđß€’‘“”„–—…•«»°§"),
    "iso8859-2": set("áéíóöőúüűÁÉÍÓÖŐÚÜŰąćęłńśźżŁŚŻčďěňřšťůýžČŘŠŽľĺŕôäăâîşţđß°§"),
    "cp1251": set("абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯіїєґІЇЄёЁ№«»–—“”„…"),
    "koi8_u": set("абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯіїєґІЇЄёЁ"),
    "cp1253": set("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ«»–—’‘“”…€"),
    "cp1254": set("çğışöüÇĞİŞÖÜâîû€’‘“”–—…«»°"),
    "cp1255": set("אבגדהוזחטיכלמנסעפצקרשתםןץףך’‘“”–—…״׳₪"),
    "cp1256": set("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآءؤئ،؟؛’‘“”–—…"),
    "iso8859-6": set("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآءؤئ،؟؛"),
    "mac_roman": set("äöüÄÖÜßéèêëàâáãçîïíóôõúùûñÉÀÇœæåøÅØÆ“”‘’–—…•«»°§"),
}
#: languages whose words tell each candidate
_LANGUAGES = {
    "cp1252": ("fr", "de", "es", "it", "pt", "sv", "da", "no", "fi", "nl", "ca", "et"),
    "cp1250": ("hu", "pl", "cs", "sk", "hr", "ro"),
    "iso8859-2": ("hu", "pl", "cs", "sk", "hr", "ro"),
    "cp1254": ("tr",),
    "mac_roman": ("fr", "de", "es", "it", "pt", "sv", "da", "no"),
}
_MORE_WORDS = {
    "cp1252": "größe größer schöne möglich nächste drücker gerät gruß gruss straße übersicht élève déjà dés être "
    "café crème ñu años mañana español días niño más sí qué así sesión niña señor señora coração não são está "
    "também você olá até já à às três município câmara æble på når får går også første sørg blå øl smør för är på "
    "från två också ingår välkommen hälsningar tschüss ääni öö või kõik töö tööta töötab õhtul õige müük við það að "
    "þetta ekki frá þú hér hægt prentarinn sûr sûre dû goût coût coûts août brûlé brûlée brûler flûte mûr mûre goûter "
    "piqûre bûche croûte",
    "cp1250": "őket ők ő időben jövő nyomtató őrült először gép géppel köszönöm üdvözlettel łódź żółty się jest że "
    "też już będzie może proszę dziękuję příliš žluťoučký kůň děkuji prosím tiskárna nefunguje můžete ďakujem",
    "cp1254": "için değil lütfen teşekkürler teşekkür yazıcı çalışmıyor şifre bağlantı günaydın bugün müşteri sipariş "
    "kullanıcı ağ ağı şu ışık iyi günler sayın saygılarımla şekilde dışında bilgisayarım açılmıyor",
    "cp1255": "לא של את תודה שלום המדפסת המחשב המסך המייל הסיסמה עם אני אנחנו נא בבקשה אין יש עובד עובדת צריך צריכים",
    "cp1256": "لا من في على إلى هذا هذه شكرا مرحبا السلام عليكم الطابعة الحاسوب الشاشة نحتاج الرجاء يرجى تعمل يعمل يوجد",
    "iso8859-6": "لا من في على إلى هذا هذه شكرا مرحبا السلام عليكم الطابعة الحاسوب الشاشة نحتاج الرجاء يرجى تعمل يعمل يوجد",
}
_WORD_BONUS = 3.0
_RARE = 1.5  # old Macintoshes: where the others fit, they are meant
#: letters that make up most of a text in a script of its own: what tells Greek from Cyrillic, which both fit
_FREQUENT = set("оеаинтсрвлкмдпуαοιετσνηυρπκμλςיוהלאמתרשבנםןاليمونرتبعدهسةفحك")
#: letters of Hebrew that only end a word, and of Arabic; what ta marbuta and alif maksura never go before
_LAST = set("םןץףךةى")
_FREQUENT_HANZI = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法"
    "学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应向头文体相见被利什二等产或新己制身果加月话合回特代内信表化老给世位次度门任常先海通教这請謝個們來為國時會過"
    "發後經學沒動現對說這樣開無與長機問電請幫謝您好打印坏电脑网络密码邮服务器题帮助谢司部门票订单报价壞腦網路碼郵伺"
)
#: letters of one candidate that are rare in what they would be in Western text: õ and û as ő and ű ...
_HIGH, _ASCII = bytes(range(0x80, 0x100)), bytes(range(0x80))
_HUNGARIAN = re.compile(rb"[\xf5\xfb\xd5\xdb]")
_TURKISH = re.compile(rb"[\xfd\xfe\xf0\xdd\xde\xd0]")
_ICELANDIC = re.compile(rb"[\xe1\xed\xf3\xfa\xe9\xe6]")
_RUNS = re.compile(rb"[\x80-\x9f\xa1-\xff]{4,}")
_SHORTEST_SCRIPT = 4  # different bytes of a word, signs of Shift_JIS
_SHORT_SCRIPT = 12  # bytes
_ALPHABETS = [
    set(letters.encode("cp1252"))
    for letters in (
        "äöüÄÖÜß",
        "áéíóúüñÁÉÍÓÚÜÑ",
        "àâçèéêëîïôùûüœÀÂÇÈÉÊËÎÏÔÙÛÜŒ",
        "åäöæøÅÄÖÆØ",
        "áâãàçéêíóôõúÁÂÃÀÇÉÊÍÓÔÕÚ",
    )
]
#: kana of Shift_JIS
_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x7e\x80-\x96]")
#: ¡ £ ¥ ¯ ± ³ ¶ ¹ ¼ ¿ between a letter and a small letter, ³ and ¯ before one: Polish letters in either charset; ř
#: and č beside a long vowel, as ø and è never stand
_SIGN_INSIDE = re.compile(
    rb"[a-z\xc0-\xff][\xa1\xa3\xa5\xaf\xb1\xb3\xb6\xb9\xbc\xbf](?=[a-z\xdf-\xff])|"
    rb"(?<![^ \n])[\xb3\xaf](?=[a-z\xf3])|[\xf8\xe8\xec\xf2][\xe1\xed\xfd]|[\xe1\xed\xf3\xfa\xfd][\xe8\xec\xf8\xf2]"
)
_MIXED = re.compile("[a-z][\u3040-\ud7a3]|[\u3040-\ud7a3][a-z]")
_OTHER_SCRIPTS = ("cp1251", "koi8_u", "cp1253", "cp1255", "cp1256", "iso8859-6")
#: half-width kana of EUC-JP, each with the same first byte: in Shift_JIS and GBK signs of one row, side by side
_HALF_WIDTH = re.compile(rb"(?:\x8e[\xa1-\xdf]){3}(?:\s(?:\x8e[\xa1-\xdf]){2})?\x8e[\xa1-\xdf]")
#: a word of Polish letters that ASCII does not have, signs among them in Western text: (codec, letters, signs)
_POLISH = [
    (codec, set(letters.encode(codec)), {byte for byte in letters.encode(codec) if byte < 0xC0})
    for codec, letters in (("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"), ("iso8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"))
]
_FITS = 0.72  # of a letter's score: a text of its charset has it, one of pairs of bytes never
_BLANK = b" \t\r\n.,;:!?-0123456789"
#: a word of three letters and more that ends in õ: ő in `első`, `vevő`
_LAST_O = re.compile(rb"(?<![\x80-\xff])[A-Za-z][A-Za-z\xc0-\xff]{1,40}\xf5(?![A-Za-z\x80-\xff])")
_PORTUGUESE = re.compile(rb"\xf5es\b|\xe3o\b|\xe7\xf5|\xe3es\b", re.I)
_FRENCH = re.compile(rb"\xe0|\xe8|\xea|\xe7", re.I)


def decode(data: bytes) -> str:
    """Text of `data`, which is not UTF-8, in the likeliest charset. Never raises."""
    codec = guess(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return data.decode(codec, "replace") if codec == "gb18030" else data.decode("cp1252", "replace")


def is_not_western(data: bytes) -> bool:
    """True when bytes that claim a Western charset are clearly Hungarian, Turkish or of a script of its own.

    Software that labels everything iso-8859-1 exists; to be believed over the label takes clear evidence.
    """
    sample = data[:_SAMPLE]
    if _HUNGARIAN.search(sample) and _is_hungarian(sample):
        return True
    return (
        _is_turkish(sample)
        or _is_script(sample)
        or _polish_word(sample) is not None
        or len(_KANA.findall(sample)) >= _SHORTEST_SCRIPT
        or _is_central_european(sample)
    )


def _is_script(sample: bytes) -> bool:
    """Whether most letters are beyond ASCII and stand side by side: no language in Latin letters is written so.
    Counter-examples: a row of dots, blanks or one letter; the letters of one language in a row, as tests of printers
    have them ("äöüß")."""
    runs = [run for run in _RUNS.findall(sample) if len(set(run)) >= _SHORTEST_SCRIPT]
    if sum(map(len, runs)) < _SHORT_SCRIPT and all(
        any(set(run) <= one for one in _ALPHABETS) for run in runs
    ):
        return False
    if 2 * sum(map(len, runs)) > len(sample.translate(None, _BLANK)):
        return True
    # two such words, beside Latin ones: "Printer HP:" before a sentence of another script
    alien = [run for run in runs if not any(set(run) <= one for one in _ALPHABETS)]
    return len(alien) > 1 and all(
        word.translate(None, _ASCII) == word for word in _HIGH_RUN.findall(sample)[:200]
    )


def _polish_word(sample: bytes) -> str | None:
    """The charset of a text whose only letters beyond ASCII are one Polish word without others ("Żółć")."""
    words = _HIGH_RUN.findall(sample)[:2]
    if len(words) != 1 or len(words[0]) < 4:
        return None
    word = set(words[0])
    return next(
        (codec for codec, letters, signs in _POLISH if word <= letters and len(word & signs) > 1), None
    )


def _is_central_european(sample: bytes) -> bool:
    """Polish, Czech and their kin: a sign where a letter must stand (`zaciê³a`), or more words that are known of them
    than of Western languages. Counter-examples: "5 m³", "x¹", "¿Qué", which have a sign at a word's end or
    beginning."""
    runs = _HIGH_RUN.findall(sample)[:2_000]
    if 2 * sum(word.translate(None, _HIGH) != b"" for word in runs) < len(runs) or not runs:
        return False  # a script of its own
    words = b" ".join(runs)
    western = _known_words(words, "cp1252")
    if len(_SIGN_INSIDE.findall(sample)) > western:
        return True
    return max(_known_apart(words, codec) for codec in ("cp1250", "iso8859-2")) > western


def _known_apart(joined: bytes, codec: str) -> int:
    """Known words of a codec with a byte that is another letter in Western text."""
    apart = (word for word in joined.split() if word.decode(codec, "replace") != word.decode("latin-1"))
    return _known_words(b" ".join(apart), codec)


def _is_turkish(sample: bytes) -> bool:
    """ý, þ, ð where ı, ş, ğ are meant, without the neighbours that Icelandic would bring."""
    if not _TURKISH.search(sample) or _ICELANDIC.search(sample):
        return False
    words = b" ".join(_HIGH_RUN.findall(sample)[:2_000])
    return _known_words(words, "cp1254") > _known_words(words, "cp1252")


def guess(data: bytes) -> str:
    """Codec name for bytes that are not valid UTF-8."""
    sample = data[:_SAMPLE]
    words = _HIGH_RUN.findall(sample)
    if not words:
        return "cp1252"
    joined = b" ".join(words[:2_000])
    if set(joined.translate(None, _ASCII)) <= _ALPHABETS[0]:
        return "cp1252"
    if _is_hungarian(sample):
        return "cp1250"
    if codec := _polish_word(sample):
        return codec
    if _HALF_WIDTH.search(sample):
        return "euc_jp"
    if codec := _asian(sample, joined):
        return codec
    if not _is_script(sample) and _is_central_european(sample):
        return max(("cp1250", "iso8859-2"), key=lambda name: _score(joined, name))
    return max(_COMMON, key=lambda name: _score(joined, name))


def _is_hungarian(sample: bytes) -> bool:
    """õ/û where ő/ű is meant, without the neighbours that Portuguese, Estonian or French would bring."""
    marks = len(_HUNGARIAN.findall(sample))
    if not marks or _PORTUGUESE.search(sample):
        return False
    if _LAST_O.search(sample):
        return True
    if len(sample.translate(None, _HIGH)) < 0.45 * len(sample):
        return False  # a script of its own
    own = sum(
        sample.count(c) for c in (b"\xe1", b"\xe9", b"\xf3", b"\xf6", b"\xfa", b"\xfc", b"\xc1", b"\xc9")
    )
    alien = len(_FRENCH.findall(sample)) + sample.count(b"\xe4") + sample.count(b"\xe3")
    if own < 2 * alien or own == 0 or own + marks < 2:
        return False
    words = b" ".join(_HIGH_RUN.findall(sample)[:2_000])
    return _known_words(words, "cp1252") <= _known_words(words, "cp1250")


def japanese(data: bytes) -> str | None:
    """Shift_JIS or EUC-JP, whichever reads 8-bit bytes as Japanese; None for neither."""
    if _HALF_WIDTH.search(data, 0, _SAMPLE):
        return "euc_jp"
    best: tuple[float, str] | None = None
    for codec in ("cp932", "euc_jp"):
        text = data[:_SAMPLE].decode(codec, "replace")
        wide = sum("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in text)
        value = wide - 3 * text.count("\ufffd") - sum("\uff61" <= c <= "\uff9f" for c in text)
        if value > 0 and (best is None or value > best[0]):
            best = (value, codec)
    return best[1] if best else None


#: charsets whose texts fit the other as well: what is declared as one and what it may be
CONFUSED = {"cp932": ("euc_jp",), "euc_jp": ("cp932",), "gb18030": ("big5hkscs",), "big5hkscs": ("gb18030",)}


def rather(data: bytes, declared: str) -> str | None:
    """The other double-byte charset of the same language, where the declared one gives signs that nobody writes."""
    sample = data[:_SAMPLE]
    (other,) = CONFUSED[declared]
    if declared in ("cp932", "euc_jp"):
        charset = japanese(sample)
        return charset if charset == other and not _is_half_width(sample, declared) else None
    try:
        text = sample.decode(other)
    except UnicodeDecodeError:
        return None
    frequent = sum(c in _FREQUENT_HANZI for c in text)
    if frequent < 2 or 4 * frequent < sum(c > "\x7f" for c in text):
        return None
    return None if any(c in _FREQUENT_HANZI for c in sample.decode(declared, "replace")) else other


def _is_half_width(sample: bytes, declared: str) -> bool:
    """Whether it reads as half-width kana under its label, and as signs without any kana under the other."""
    if declared != "cp932":
        return False
    text = sample.decode("cp932", "replace")
    half = sum("\uff66" <= c <= "\uff9f" for c in text)
    if "\ufffd" in text or 2 * half < sum(c > "\x7f" for c in text):
        return False
    return not any("\u3040" <= c <= "\u30ff" for c in sample.decode("euc_jp", "replace"))


def asian(data: bytes) -> str | None:
    """A double-byte charset for bytes that nearly all come in pairs of one, or None."""
    sample = data[:_SAMPLE]
    words = _HIGH_RUN.findall(sample)
    return _asian(sample, b" ".join(words[:2_000])) if words else None


def _asian(sample: bytes, joined: bytes) -> str | None:
    """A double-byte charset when nearly all high bytes come in valid pairs of common rows."""
    high_bytes = [b for b in joined if b > 0x7F]
    high = len(high_bytes)
    if high < 4 or high * 2 < len(joined):
        return None
    low_row, high_row = sum(0xC0 <= b < 0xE0 for b in high_bytes), sum(b >= 0xE0 for b in high_bytes)
    if max(low_row, high_row) >= 0.75 * high and low_row + high_row > 0.9 * high:
        return None  # Cyrillic, Greek: small letters fill one row of 32, two-byte text is spread over all
    if max(_score(joined, codec) for codec in _OTHER_SCRIPTS) > _FITS * high:
        return None
    best: tuple[float, str] | None = None
    for codec in ("euc_jp", "gbk", "euc_kr", "cp932", "big5"):
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 2:
                continue
            text = sample[: error.start].decode(codec, "ignore")
        wide = sum(
            1
            for c in text
            if "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3"
        )
        kana = sum(1 for c in text if "\u3040" <= c <= "\u30ff")
        hangul = sum(1 for c in text if "\uac00" <= c <= "\ud7a3")
        if not wide or 2 * len(_MIXED.findall(text)) > wide:
            continue  # a sign between small Latin letters is an accented letter of a word
        frequent = sum(1 for c in text if c in _FREQUENT_HANZI)
        value = 2.0 * wide / high + (kana + 0.5 * hangul + 2.0 * frequent) / wide
        if codec == "euc_kr":
            value -= 2.0 * (wide - hangul - kana) / wide  # Korean mail has next to no Chinese signs
        elif codec in ("euc_jp", "cp932") and not kana:
            value -= 0.5
        if best is None or value > best[0]:
            best = (value, codec)
    if best is None or best[0] < 0.7:
        return None
    return {"gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs"}.get(best[1], best[1])


@cache
def _known(codec: str) -> frozenset[str]:
    """Words with letters beyond ASCII of the languages that are written in the codec."""
    cells = [*(WORDS.get(language, "") for language in _LANGUAGES.get(codec, ())), _MORE_WORDS.get(codec, "")]
    if codec == "iso8859-2":
        cells.append(_MORE_WORDS["cp1250"])
    elif codec == "mac_roman":
        cells.append(_MORE_WORDS["cp1252"])
    return frozenset(word for cell in cells for word in cell.split() if not word.isascii())


def _known_words(joined: bytes, codec: str) -> int:
    known = _known(codec)
    words = joined.decode(codec, "replace").lower().replace("\u0307", "").split()  # the dot of a small İ
    return sum(word in known for word in words) if known else 0


def _score(joined: bytes, codec: str) -> float:
    text = joined.decode(codec, "replace")
    common = _COMMON[codec]
    score = _WORD_BONUS * _known_words(joined, codec) - (_RARE if codec == "mac_roman" else 0.0)
    before = " "
    for char in text:
        if char > "\x7f":
            if char in common:
                score += 0.7 if char.isupper() or (char > "\u0370" and char not in _FREQUENT) else 1.0
            elif char == "\ufffd":
                score -= 5.0
            elif char.isalpha():
                score -= 0.5
            else:
                score -= 2.0
            if "\x7f" < before < "\u0250" and char < "\u0250" and before.isalpha():
                score -= 0.7  # accented letters seldom stand side by side
            if before.isalpha() and before.islower() and char.isupper():
                score -= 1.5  # a capital inside a word
            if before in _LAST and char.isalpha():
                score -= 2.5
            if char.isalpha() and "a" <= before.lower() <= "z" and char > "\u0370":
                score -= 2.0  # two scripts in one word
        elif char.isalpha() and before > "\u0370" and before.isalpha():
            score -= 2.0
        before = char
    # equal scores go to the candidate named first in _COMMON
    return score
