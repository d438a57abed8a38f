"""Mails of Outlook with a winmail.dat: the text in RTF or HTML, files with names in several scripts."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

from tests.corpus.everyday.pieces import DESK, Wanted
from tests.unit.mail.parse.winmail import container, file_objects, message_objects

NAMES = (
    "report.pdf", "számla október.xlsx", "Prüfbericht – Größe.docx", "reçu n°12.pdf", "план.docx", "見積書.xlsx",
    "a very long name of a file that somebody wrote out in full, with the date 2026-11-02.txt", "no extension",
)  # fmt: skip
HTML = (
    "<html><body><p>{new}</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Help Desk "
    "&lt;help@desk.example&gt;<br><b>Sent:</b> Monday, November 2, 2026 10:11 AM<br><b>To:</b> Anna<br><b>Subject:</b> "
    "[#1001] Scanner</p></div><p>Is the scanner silent now?</p></body></html>"
)
TEXTS = {
    "en": "The scanner is silent again.",
    "de": "Der Scanner ist wieder leise, größer geht es nicht.",
    "hu": "A szkenner újra csendes, köszönjük.",
    "fr": "Le scanneur est de nouveau silencieux, réglé à côté.",
}


def containers() -> Iterator[tuple[str, Wanted]]:
    for number in range(24):
        rng = random.Random(f"winmail {number}")
        language = rng.choice(sorted(TEXTS))
        new = TEXTS[language]
        names = tuple(rng.sample(NAMES, rng.randint(0, 3)))
        rich = number % 2 == 0
        objects = [message_objects(html=HTML.format(new=new))] if rich else [message_objects()]
        objects += [file_objects(name, name.encode() * 3) for name in names]
        data = base64.encodebytes(container(*objects)).decode()
        outer = "" if rich else f"--b\nContent-Type: text/plain; charset=utf-8\n\n{new}\n\n"
        raw = (
            f"From: Anna <anna@acme.example>\nTo: {DESK}\nSubject: Re: [#1001] Scanner\n"
            f"Date: Mon, 2 Nov 2026 10:12:00 +0100\nMessage-ID: <tnef{number}@acme.example>\nIn-Reply-To: <q@desk.example>\n"
            f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{outer}"
            f"--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{data}\n--b--\n"
        )
        yield (
            "winmail.dat",
            Wanted(
                f"winmail {number}", raw.encode(), "anna@acme.example", "Re: [#1001] Scanner", new=new, text=(new,),
                attachments=names, tnef=names,
            ),
        )  # fmt: skip
