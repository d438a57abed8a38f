# ruff: noqa: E501
"""Texts in the charsets of the world: under their label, under a wrong one, under none or one that nobody knows, and
with a damaged byte. What a reader must find is the text; of a damaged one all words but the one that was hit."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator

from tests.corpus.everyday.pieces import DESK, Wanted

TEXTS = {
    "de": "Guten Tag, der Drucker im Büro fällt seit Montag ständig aus und die Störung betrifft größere Aufträge.",
    "fr": "Bonjour, l'imprimante du bureau a été bloquée et le problème gêne déjà tout le secrétariat.",
    "hu": "Jó napot, a nyomtató tegnap óta nem működik, kérem, jöjjenek ki, mert sürgős és később zárunk. Győző",
    "pl": "Dzień dobry, drukarka nie działa od poniedziałku, proszę o pilną pomoc, bo musimy drukować faktury. Żółć",
    "cs": "Dobrý den, tiskárna od pondělí nefunguje, prosím o rychlou pomoc, potřebujeme tisknout účtenky.",
    "tr": "Merhaba, yazıcı pazartesiden beri çalışmıyor, lütfen yardım edin, faturaları yazdıramıyoruz. Teşekkürler",
    "ru": "Здравствуйте, принтер не работает с понедельника, помогите пожалуйста, нам нужно печатать счета.",
    "el": "Καλημέρα, ο εκτυπωτής δεν λειτουργεί από τη Δευτέρα, βοηθήστε μας παρακαλώ, είναι επείγον.",
    "ja": "月曜日からプリンタが動きません。至急確認をお願いします。請求書を印刷できません。",
    "zh": "打印机从星期一开始就坏了，请尽快帮忙处理，我们需要打印发票。谢谢",
    "zh-tw": "印表機從星期一開始就壞了，請儘快幫忙處理，我們需要列印發票。謝謝",
    "he": "שלום, המדפסת לא עובדת מיום שני. אנא עזרו לנו בהקדם, אנחנו צריכים להדפיס חשבוניות. תודה",
    "ar": "السلام عليكم، الطابعة لا تعمل منذ يوم الاثنين، نرجو المساعدة بسرعة لأننا نحتاج إلى طباعة الفواتير. شكرا",
    "ko": "월요일부터 프린터가 작동하지 않습니다. 빨리 도와주세요. 청구서를 인쇄해야 합니다.",
}
SHORT = {
    "de": "größer, früh",
    "fr": "déjà fermé",
    "hu": "Győző kérdése",
    "cs": "tiskárna účtů",
    "tr": "yazıcı çalışmıyor",
}
#: as people write them into a subject: few letters that tell
FEW = {
    "de": ["Bitte prüfen", "Störung!", "außer Betrieb", "5 € pro Stück – danke", "Test äöüß"],
    "fr": ["Écran cassé", "Où est le câble ?", "Très urgent, merci d’avance"],
    "hu": [
        "nem működik",
        "tűzfal hibája",
        "Szűcs Ödön új jelszót kér",
        "Győző",
        "őrült lassú",
        "Égő szerviz",
    ],
    "pl": ["Proszę o pomoc", "Drukarka się zacięła", "Błąd nr 5", "Dziękuję, źle działa", "Żółć", "łóżź"],
    "cs": ["Prosím o opravu řádku", "Děkuji, Jiří", "Chyba účtu"],
    "tr": ["Yazıcı çalışmıyor", "Şifre değişti", "İyi günler, ağ koptu"],
    "ru": ["Помогите", "Принтер не работает", "Не могу войти", "ошибка 5", "Спасибо"],
    "uk": ["Дякую, є проблема", "друкує підходить", "Допоможіть"],
    "el": ["Δεν λειτουργεί", "Καλημέρα"],
    "ja": ["①プリンタ", "印刷できません", "㈱アクメ 動きません"],
    "zh": ["打印机坏了", "请帮忙，谢谢", "网络断开"],
    "zh-tw": ["印表機壞了", "請幫忙，謝謝"],
    "he": ["המדפסת לא עובדת", "תודה רבה", "אין חיבור לאינטרנט", "Printer HP: המסך שחור"],
    "ar": ["الطابعة لا تعمل", "شكرا جزيلا", "لا يوجد اتصال بالإنترنت", "الشاشة سوداء HP"],
    "ko": ["도와주세요", "안녕하세요"],
}
#: (language, codec, label) of such texts
FEW_MISLABELLED = [
    *((language, codec, label) for language, codec in (
        ("de", "windows-1252"), ("fr", "windows-1252"), ("hu", "windows-1250"), ("pl", "windows-1250"),
        ("cs", "windows-1250"), ("tr", "windows-1254"), ("ru", "windows-1251"), ("ja", "cp932"), ("zh", "gbk"),
        ("ko", "euc_kr"), ("he", "windows-1255"), ("ar", "windows-1256"),
    ) for label in ("iso-8859-1", "utf-8", "us-ascii", "x-unknown", "")),
    ("pl", "iso-8859-2", "iso-8859-1"),
    ("cs", "iso-8859-2", "iso-8859-1"),
    ("ru", "koi8-r", "us-ascii"),
    ("uk", "windows-1251", "utf-8"),
    ("uk", "koi8_u", "utf-8"),
    ("el", "windows-1253", "utf-8"),
    ("zh-tw", "big5", "utf-8"),
    ("zh-tw", "big5", ""),
    ("zh", "gbk", "big5"),
    ("ja", "euc_jp", "shift_jis"),
    ("ja", "cp932", "iso-2022-jp"),
]  # fmt: skip
#: (language, codec, label): the label as programs write it; "" is no label
LABELLED = [
    ("de", "iso-8859-1", "iso-8859-1"),
    ("de", "windows-1252", "iso-8859-1"),
    ("de", "utf-8", "utf-8"),
    ("de", "iso-8859-15", "latin9"),
    ("de", "mac_roman", "macintosh"),
    ("fr", "windows-1252", "windows-1252"),
    ("fr", "iso-8859-1", '"ISO-8859-1"'),
    ("fr", "utf-16", "utf-16"),
    ("hu", "iso-8859-2", "iso-8859-2"),
    ("hu", "windows-1250", "windows-1250"),
    ("hu", "utf-7", "utf-7"),
    ("pl", "iso-8859-2", "iso-8859-2"),
    ("pl", "windows-1250", "cp1250"),
    ("cs", "windows-1250", "windows-1250"),
    ("tr", "windows-1254", "windows-1254"),
    ("tr", "iso-8859-9", "iso-8859-9"),
    ("ru", "koi8-r", "koi8-r"),
    ("ru", "windows-1251", "windows-1251"),
    ("ru", "iso-8859-5", "iso-8859-5"),
    ("el", "iso-8859-7", "iso-8859-7"),
    ("ja", "iso2022_jp", "iso-2022-jp"),
    ("ja", "shift_jis", "shift_jis"),
    ("ja", "euc_jp", "euc-jp"),
    ("zh", "gbk", "gb2312"),
    ("zh", "gb18030", "gb18030"),
    ("zh-tw", "big5", "big5"),
    ("he", "windows-1255", "windows-1255"),
    ("he", "iso8859-8", "iso-8859-8-i"),
    ("ar", "windows-1256", "windows-1256"),
    ("ar", "iso8859-6", "iso-8859-6"),
    ("ko", "euc_kr", "ks_c_5601-1987"),
    ("ko", "iso2022_kr", "iso-2022-kr"),
]
MISLABELLED = [
    ("de", "utf-8", "iso-8859-1"),
    ("de", "utf-8", "us-ascii"),
    ("de", "iso-8859-1", "utf-8"),
    ("de", "windows-1252", ""),
    ("de", "utf-8", ""),
    ("de", "iso-8859-1", "us-ascii"),
    ("fr", "utf-8", "windows-1252"),
    ("fr", "iso-8859-1", "utf-8"),
    ("fr", "windows-1252", "x-unknown"),
    ("fr", "iso-8859-1", ""),
    ("hu", "utf-8", "iso-8859-1"),
    ("hu", "iso-8859-2", "iso-8859-1"),
    ("hu", "windows-1250", "windows-1252"),
    ("hu", "windows-1250", "utf-8"),
    ("hu", "windows-1250", ""),
    ("pl", "windows-1250", ""),
    ("pl", "utf-8", "iso-8859-2"),
    ("pl", "iso-8859-2", "utf-8"),
    ("cs", "windows-1250", ""),
    ("cs", "utf-8", "us-ascii"),
    ("tr", "windows-1254", ""),
    ("tr", "windows-1254", "iso-8859-1"),
    ("tr", "iso-8859-9", "utf-8"),
    ("ru", "windows-1251", ""),
    ("ru", "koi8-r", ""),
    ("ru", "windows-1251", "utf-8"),
    ("ru", "utf-8", "koi8-r"),
    ("ru", "windows-1251", "iso-8859-1"),
    ("el", "windows-1253", ""),
    ("ja", "shift_jis", ""),
    ("ja", "euc_jp", ""),
    ("ja", "shift_jis", "iso-2022-jp"),
    ("ja", "utf-8", "iso-2022-jp"),
    ("zh", "gbk", ""),
    ("zh", "gb18030", "utf-8"),
    ("zh", "utf-8", "gb2312"),
    ("zh", "gbk", "iso-8859-1"),
    ("ko", "euc_kr", ""),
    ("ko", "utf-8", "euc-kr"),
    ("zh-tw", "big5", ""),
    ("he", "windows-1255", ""),
    ("he", "iso8859-8", "iso-8859-1"),
    ("he", "windows-1255", "utf-8"),
    ("ar", "windows-1256", ""),
    ("ar", "windows-1256", "iso-8859-1"),
    ("ar", "iso8859-6", ""),
    ("ar", "iso8859-6", "us-ascii"),
]


def mail(name: str, data: bytes, label: str, want: str | None, text: tuple[str, ...] = ()) -> Wanted:
    kind = f"text/plain; charset={label}" if label else "text/plain"
    head = (
        f"From: Anna <anna@acme.example>\nTo: {DESK}\nSubject: Printer\nDate: Mon, 2 Nov 2026 10:12:00 +0100\n"
        f"Message-ID: <{zlib.crc32(name.encode())}@acme.example>\nMIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return Wanted(name, head.encode() + data, "anna@acme.example", "Printer", new=want, text=text)


def charsets() -> Iterator[tuple[str, Wanted]]:
    for kind, rows in (("labelled charset", LABELLED), ("mislabelled charset", MISLABELLED)):
        for language, codec, label in rows:
            text = TEXTS[language]
            yield (
                kind,
                mail(f"{codec} as {label or 'nothing'}, {language}", text.encode(codec), label, text),
            )
    for language, text in SHORT.items():
        codec = (
            "windows-1254"
            if language == "tr"
            else "windows-1250"
            if language in ("hu", "cs")
            else "windows-1252"
        )
        yield "short text", mail(f"short {codec}, {language}", text.encode(codec), codec, text)
        yield "short text", mail(f"short utf-8, {language}", text.encode(), "", text)
    for language, codec, label in FEW_MISLABELLED:
        for few in FEW[language]:
            written = few.encode(codec, "ignore")
            if written.decode(codec) == few:
                name = f"few letters {codec} as {label or 'nothing'}, {few}"
                yield "mislabelled short text", mail(name, written, label, few)
    for language, text in TEXTS.items():
        rng = random.Random(language)
        data = bytearray(text.encode())
        # a byte of a letter beyond ASCII is lost or changed: UTF-8 says where the next one begins
        places = [n for n, byte in enumerate(data) if byte >= 0x80]
        for number in range(3):
            hurt = bytearray(data)
            at = rng.choice(places)
            if number == 1:
                del hurt[at]
            else:
                hurt[at] = rng.choice((0xFF, 0xC0, 0x20 | 0x80))
            before = bytes(data[:at]).decode(errors="ignore")
            whole = (before[:-2], text[len(before) + 2 :])
            yield "damaged utf-8", mail(f"damaged {number}, {language}", bytes(hurt), "utf-8", None, whole)
