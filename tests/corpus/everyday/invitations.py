# ruff: noqa: E501
"""Invitations, updates, cancellations and answers as five calendars send them: when and where must stand in the text,
and all mails of one meeting have one UID."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.corpus.everyday.pieces import DESK, Wanted, header

#: calendar -> (product, whether a text part stands beside it, parts: alternative, attached, alone)
CALENDARS = {
    "Google": ("-//Google Inc//Google Calendar 70.9054//EN", True, "both"),
    "Outlook": ("Microsoft Exchange Server 2010", True, "alternative"),
    "Apple": ("-//Apple Inc.//macOS 14.1//EN", True, "attached"),
    "Thunderbird": ("-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", True, "alternative"),
    "Zimbra": ("Zimbra-Calendar-Provider", True, "alternative"),
    "Nextcloud": ("-//IDN nextcloud.com//Calendar app 4.5//EN", False, "alone"),
}
WORDS = {
    "en": (
        "Replace the server",
        "Please bring the new disks.",
        "Room 12",
        "Invitation",
        "Updated invitation",
        "Canceled event",
    ),
    "nl": (
        "Server vervangen",
        "Neem de nieuwe schijven mee.",
        "Kamer 12",
        "Uitnodiging",
        "Bijgewerkte uitnodiging",
        "Geannuleerd",
    ),
    "hu": (
        "Szervercsere",
        "Kérjük, hozzák az új lemezeket.",
        "12-es szoba",
        "Meghívó",
        "Frissített meghívó",
        "Törölt esemény",
    ),
    "de": (
        "Servertausch",
        "Bitte die neuen Platten mitbringen.",
        "Raum 12",
        "Einladung",
        "Aktualisierte Einladung",
        "Abgesagt",
    ),
    "fr": (
        "Remplacer le serveur",
        "Merci d'apporter les nouveaux disques.",
        "Salle 12",
        "Invitation",
        "Invitation modifiée",
        "Annulé",
    ),
}


@dataclass(frozen=True, slots=True)
class Meeting:
    uid: str
    first: Wanted
    update: Wanted
    cancellation: Wanted


def event(product: str, method: str, uid: str, sequence: int, summary: str, place: str, hour: int) -> str:
    zone = "BEGIN:VTIMEZONE\nTZID:Europe/Budapest\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    return (
        f"BEGIN:VCALENDAR\nPRODID:{product}\nVERSION:2.0\nMETHOD:{method}\n{zone}BEGIN:VEVENT\nUID:{uid}\nSEQUENCE:{sequence}\n"
        f"DTSTAMP:20261102T090000Z\nDTSTART;TZID=Europe/Budapest:20261105T{hour:02}0000\nDTEND;TZID=Europe/Budapest:20261105T{hour + 1:02}3000\n"
        f"SUMMARY:{summary}\nLOCATION:{place}\nORGANIZER;CN=Anna:mailto:anna@acme.example\nATTENDEE;RSVP=TRUE:mailto:{DESK}\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )


def mail(
    calendar: str, language: str, method: str, sequence: int, subject: str, uid: str, rng: random.Random
) -> Wanted:
    product, spoken, parts = CALENDARS[calendar]
    summary, text, place, *_ = WORDS[language]
    hour = 13 + sequence
    ics = event(product, method, uid, sequence, summary, place, hour)
    kind = f"text/calendar; charset=utf-8; method={method}"
    head = (
        f"From: Anna <anna@acme.example>\nTo: {DESK}\nSubject: {header(subject, rng)}\nDate: Mon, 2 Nov 2026 1{sequence}:12:00 +0100\n"
        f"Message-ID: <calendar-{rng.randrange(10**12)}@acme.example>\nMIME-Version: 1.0\n"
    )
    said = f"--i\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
    inner = f"--i\nContent-Type: {kind}\n\n{ics}\n"
    if parts == "alone":
        body = f"Content-Type: {kind}\n\n{ics}"
    elif parts == "attached":
        body = f'Content-Type: multipart/mixed; boundary=i\n\n{said}--i\nContent-Type: {kind}; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"\n\n{ics}\n--i--\n'
    else:
        more = (
            f'--o\nContent-Type: application/ics; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"\n\n{ics}\n'
            if parts == "both"
            else ""
        )
        body = f"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n{said}{inner}--i--\n{more}--o--\n"
    words = (*((text,) if spoken else ()), place, f"{hour}:00")
    return Wanted(
        f"{calendar} {language} {method} {sequence}",
        (head + body).encode(),
        "anna@acme.example",
        subject,
        text=words,
    )


def meetings() -> Iterator[tuple[str, Meeting]]:
    for calendar in CALENDARS:
        for language, (summary, _, _, invited, updated, cancelled) in WORDS.items():
            rng = random.Random(f"{calendar} {language}")
            uid = f"{rng.randrange(10**15)}@acme.example"
            yield (
                calendar,
                Meeting(
                    uid,
                    mail(calendar, language, "REQUEST", 0, f"{invited}: {summary}", uid, rng),
                    mail(calendar, language, "REQUEST", 1, f"{updated}: {summary}", uid, rng),
                    mail(calendar, language, "CANCEL", 2, f"{cancelled}: {summary}", uid, rng),
                ),
            )
