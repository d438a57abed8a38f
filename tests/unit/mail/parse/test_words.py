"""Subjects as they come: RFC 2047 and its offenders."""

from __future__ import annotations

from maild.mail.parse.words import header_text
from tests.cases import cases


@cases(
    ("raw", "text"),
    [
        (b"plain words", "plain words"),
        (b"=?utf-8?B?SGVsbG8=?= =?utf-8?B?IHdvcmxk?=", "Hello world"),
        (b"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        (b"=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=", "ab"),
        (b"=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=A9t=C3=A9?=", "été"),  # a character split between two words
        (b"=?utf-8?B?w4PD?= =?utf-8?B?qQ==?=", "Ãé"),
        (b"=?iso-8859-1?Q?caf=E9?= =?utf-8?B?4oKs?=", "café€"),
        (b"Re:=?utf-8?Q?x?=(y)=?utf-8?Q?z?=", "Re:x(y)z"),  # no blanks around the words
        (b'"=?utf-8?Q?quoted?=" rest', '"quoted" rest'),
        (b"=?utf-8?Q?a_b c_d?= e", "a b c d e"),  # blanks inside a word
        (b"=?utf-8?B?SGVsbG8", "Hello"),  # cut
        (b"=?utf-8?Q?caf=C3=A9", "café"),
        (b"=?utf-8?B?SGVsbG8gd29y =?utf-8?B?SGVsbG8=?=", "Hello worHello"),  # the end mark is missing
        (b"=?utf-8?B?SGVsbG8?=", "Hello"),  # padding missing
        (b"=?utf-8?B?SGVsbG8gIQ=?=", "Hello !"),
        (b"=?no-such?Q?caf=E9?=", "café"),
        (b"=?utf-8*en?Q?caf=C3=A9?=", "café"),  # RFC 2231, section 5
        (b"=?utf-8?Q?caf=E9?=", "café"),  # lies about its charset
        (b"=?iso-8859-1?Q?caf=C3=A9?=", "café"),
        (b"=?windows-1252?Q?a=96b?=", "a–b"),
        (b"=?iso-8859-1?Q?a=96b?=", "a–b"),  # WHATWG: latin-1 is windows-1252
        (b"=?iso-8859-2?Q?=E1rv=EDzt=FBr=F5?=", "árvíztűrő"),
        (b"=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        (b"\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"),  # raw
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?utf-7?Q?+AOk-?=", "é"),
        (b"=?utf-8?q?=3D=3Futf-8=3Fq=3Fh=C3=A9=3F=3D?=", "hé"),  # nested by a gateway
        (b"What =? is this ?= then", "What =? is this ?= then"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("árvíztűrő".encode(), "árvíztűrő"),
        ("árvíztűrő tükörfúrógép".encode("cp1250"), "árvíztűrő tükörfúrógép"),
        ("Zażółć gęślą jaźń".encode("iso-8859-2"), "Zażółć gęślą jaźń"),
        ("Привет, не работает принтер".encode("cp1251"), "Привет, не работает принтер"),
        ("Привет, не работает принтер".encode("koi8-r"), "Привет, не работает принтер"),
        ("Größe übermäßig".encode("latin-1"), "Größe übermäßig"),
        ("Ça va très bien, où êtes-vous".encode("latin-1"), "Ça va très bien, où êtes-vous"),
        ("Não há impressão".encode("latin-1"), "Não há impressão"),
        (b"folded\r\n\tsubject\r\n  line", "folded subject line"),
        (b"=?utf-8?q?=0d=0aBcc=3a_x?=", "Bcc: x"),  # no line break survives
        (b"red\x1b[31m text\x00\x07", "red[31m text"),
        (b"", ""),
        (b"   ", ""),
    ],
)
def test_header_value_becomes_one_clean_line(raw: bytes, text: str) -> None:
    assert header_text(raw) == text


def test_raw_bytes_take_the_charset_of_the_body() -> None:
    assert header_text("żółw".encode("iso-8859-2"), "iso-8859-2") == "żółw"
