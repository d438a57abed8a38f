"""One file name in every way that programs write it, right and wrong: the name that is shown is the name."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from maild.mail.parse import parse_mail
from tests.unit.mail.parse.mails import mail, multipart, part

NAMES = [
    "számla október.pdf",
    "Prüfbericht – Größe.docx",
    "reçu n°12 (été).pdf",
    "план работ.docx",
    "見積書①.xlsx",
    "报价单.pdf",
    "견적서.hwp",
    "İş planı.doc",
    "factuur, mei 2026.pdf",
    "Angebot; neu.pdf",
    "a'b's.pdf",
    "100% fertig.pdf",
    "résumé=final.pdf",
    "Żółć_[1].png",
]


def percent(name: str, charset: str = "utf-8") -> str:
    return quote(name.encode(charset), safe="")


def word(name: str, charset: str = "utf-8", encoding: str = "B") -> str:
    data = name.encode(charset)
    if encoding == "B":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    shown = "".join(chr(c) if c < 127 and c not in b"=?_ " else f"={c:02X}" for c in data)
    return f"=?{charset}?Q?{shown}?="


def pieces(text: str, size: int) -> list[str]:
    """`text` in pieces that cut no %XX."""
    found: list[str] = []
    while text:
        stop = size
        while "%" in text[stop - 2 : stop] and stop < len(text):
            stop -= 1
        found.append(text[:stop])
        text = text[stop:]
    return found


def continued(name: str, key: str = "filename") -> list[str]:
    charset = "utf-8''"
    return [
        f"{key}*{n}*={charset if not n else ''}{piece}" for n, piece in enumerate(pieces(percent(name), 20))
    ]


def dispositions(name: str) -> dict[str, str]:
    half = len(name) // 2
    first, second = word(name[:half]), word(name[half:])
    coded = word(name)
    return {
        "RFC 2231": f"attachment; filename*=utf-8''{percent(name)}",
        "with a language": f"attachment; filename*=UTF-8'en'{percent(name)}",
        "in quotes": f"attachment; filename*=\"utf-8''{percent(name)}\"",
        "beside an ASCII one": f"attachment; filename=\"x.pdf\"; filename*=utf-8''{percent(name)}",
        "before an ASCII one": f"attachment; filename*=utf-8''{percent(name)}; filename=\"x.pdf\"",
        "blanks around": f"attachment ; filename* = utf-8''{percent(name)}",
        "continued": "attachment; " + "; ".join(continued(name)),
        "continued, folded": "attachment;\r\n " + ";\r\n ".join(continued(name)),
        "continued, the last first": "attachment; " + "; ".join(reversed(continued(name))),
        "no star": f"attachment; filename=utf-8''{percent(name)}",
        "encoded-word in quotes": f'attachment; filename="{coded}"',
        "Q in quotes": f'attachment; filename="{word(name, encoding="Q")}"',
        "encoded-word": f"attachment; filename={coded}",
        "two words, folded": f'attachment;\r\n filename="{first}\r\n {second}"',
        "two words, no quotes": f"attachment;\r\n filename={first}\r\n {second}",
        "two quoted words": f'attachment;\r\n filename="{first}"\r\n "{second}"',
        "an encoded-word in pieces": "attachment; "
        + "; ".join(f'filename*{n}="{coded[i : i + 15]}"' for n, i in enumerate(range(0, len(coded), 15))),
        "an encoded-word as RFC 2231": f"attachment; filename*=utf-8''{percent(word(name))}",
        "raw": f'attachment; filename="{name}"',
        "raw, in pieces": "attachment; "
        + "; ".join(f'filename*{n}="{name[i : i + 6]}"' for n, i in enumerate(range(0, len(name), 6))),
        "no semicolon": f'attachment filename="{name}"',
        "inline": f'inline; filename="{coded}"; size=5',
    }


def one(
    kind: str, disposition: str = "", charset: str = "utf-8", raw: tuple[bytes, bytes] = (b"", b"")
) -> str:
    extra = (f"Content-Disposition: {disposition}",) if disposition else ()
    whole = mail(multipart("mixed", part(f"text/plain; charset={charset}", "x"), part(kind, "data", *extra)))
    (found,) = parse_mail(whole.replace(*raw) if raw[0] else whole).attachments
    return found.name


@pytest.mark.parametrize("name", NAMES)
def test_a_disposition_names_the_file(name: str) -> None:
    assert {
        how: one("application/octet-stream", value) for how, value in dispositions(name).items()
    } == dict.fromkeys(dispositions(name), name)


@pytest.mark.parametrize("name", NAMES)
def test_a_type_names_the_file(name: str) -> None:
    types = [
        f'application/pdf; name="{word(name)}"',
        f"application/pdf; name*=utf-8''{percent(name)}",
        f'application/pdf; name="{name}"',
        "application/pdf;\r\n " + ";\r\n ".join(continued(name, "name")),
    ]
    for kind in types:
        assert one(kind) == one(kind, "attachment") == name


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("számla ő.pdf", "iso-8859-2"),
        ("Größe.pdf", "iso-8859-1"),
        ("счёт.pdf", "koi8-r"),
        ("счёт.pdf", "windows-1251"),
        ("見積.pdf", "shift_jis"),
        ("見積.pdf", "iso-2022-jp"),
        ("报价.pdf", "gbk"),
        ("őrült.pdf", "windows-1250"),
        ("çalışma.doc", "windows-1254"),
    ],
)
def test_a_name_in_an_old_charset(name: str, charset: str) -> None:
    assert one("application/pdf", f"attachment; filename*={charset}''{percent(name, charset)}") == name
    assert one("application/pdf", f'attachment; filename="{word(name, charset)}"') == name
    # raw bytes are in the charset of the text beside them
    raw = (b"@@", name.encode(charset))
    assert one("application/pdf", 'attachment; filename="@@"', charset, raw) == name


@pytest.mark.parametrize(
    ("kind", "disposition", "name"),
    [
        ('application/pdf; name="x.pdf"', 'attachment; filename="y.pdf"', "y.pdf"),
        ('application/pdf; name="x.pdf"', 'attachment; filename=""', "x.pdf"),
        ("application/pdf", 'attachment; name="x.pdf"', "x.pdf"),
        ("application/pdf", 'attachment; filename*00="long "; filename*01="name.pdf"', "long name.pdf"),
        ("application/pdf", "attachment; filename*=utf-8''100%25%20ok%zz.pdf", "100% ok%zz.pdf"),
        ("application/pdf", 'attachment; filename="my%20plan.pdf"', "my plan.pdf"),
        ("application/pdf", 'attachment; filename="100%20%off.pdf"', "100%20%off.pdf"),
        ("application/pdf\r\nContent-Description: =?utf-8?Q?Sz=C3=A1mla.pdf?=", "attachment", "Számla.pdf"),
        ("application/pdf\r\nContent-Description: our invoice of May", "attachment", "attachment1.pdf"),
        ("image/png\r\nContent-Location: logo.png", "inline", "logo.png"),
        ("image/png\r\nContent-Location: https://acme.example/logo.png", "inline", "image1.png"),
    ],
)
def test_where_a_name_may_stand(kind: str, disposition: str, name: str) -> None:
    assert one(kind, disposition) == name
