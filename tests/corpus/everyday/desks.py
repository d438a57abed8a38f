# ruff: noqa: E501
"""Mails out of eight ticket systems: what a person wrote there in answer to us, and what the program says by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.corpus.everyday.pieces import DESK, Wanted, header

#: system -> (fields on everything that it sends, its number in a subject, further fields on its own notices)
SYSTEMS = {
    "Znuny": (
        "X-Powered-BY: Znuny (https://www.znuny.com/)\nX-Mailer: Znuny Mail Service (6.5.6)\n",
        "[Ticket#2026110200012]",
        "Auto-Submitted: auto-generated\nPrecedence: bulk\nX-OTRS-Loop: yes\n",
    ),
    "OTRS": (
        "X-Powered-BY: OTRS - Open Ticket Request System (http://otrs.org/)\nX-Mailer: OTRS Mail Service (5.0.36)\nOrganization: Acme IT\n",
        "[Ticket#2026110200013]",
        "X-OTRS-Loop: yes\nPrecedence: bulk\n",
    ),
    "Zammad": (
        "X-Mailer: Zammad Mail Service\nX-Powered-By: Zammad - Helpdesk/Support (https://zammad.org/)\n",
        "[Ticket#43017]",
        "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\nPrecedence: bulk\n",
    ),
    "RT": (
        "X-RT-Ticket: acme.example #4301\nX-Managed-BY: RT 5.0.5 (http://www.bestpractical.com/rt/)\nX-RT-Originator: it@acme.example\nX-RT-Loop-Prevention: acme.example\n",
        "[acme.example #4301]",
        "Auto-Submitted: auto-generated\nPrecedence: bulk\n",
    ),
    "GLPI": (
        "X-Mailer: PHPMailer 6.8.0\nX-GLPI-Marker: GLPI\n",
        "[GLPI #0004301]",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: OOF, DR, NDR, RN, NRN\n",
    ),
    "osTicket": (
        "X-Mailer: osTicket Mailer\n",
        "[#4301]",
        "Auto-Submitted: auto-replied\nX-Autoreply: yes\nX-Auto-Response-Suppress: ALL, AutoReply\n",
    ),
    "FreeScout": (
        "X-FreeScout-Mail-Type: user.message\nX-Mailer: FreeScout\n",
        "",
        "X-FreeScout-Mail-Type: auto.reply\nAuto-Submitted: auto-replied\nPrecedence: auto_reply\n",
    ),
    "Zendesk": (
        "X-Mailer: Zendesk Mailer\nX-Zendesk-From-Account-Id: 7b1c\n",
        "[Acme IT] Re:",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nX-Delivery-Context: event-id-1\n",
    ),
    "Redmine": (
        "X-Mailer: Redmine\nX-Redmine-Host: rm.acme.example\nX-Redmine-Project: it\nX-Redmine-Issue-Id: 4301\n",
        "[IT - Support #4301]",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
    ),
}
ANSWERS = {
    "en": ["It is the model LP-2000. Please order a new tray.", "Yes, you may restart it tonight."],
    "nl": ["Het is de LP-2000. Bestel graag een nieuwe lade.", "Ja, vanavond herstarten is goed."],
    "hu": ["LP-2000 a típusa. Kérünk bele egy új tálcát.", "Igen, ma este újraindíthatják."],
    "de": [
        "Es ist der LP-2000. Bitte bestellen Sie ein neues Fach.",
        "Ja, Sie dürfen ihn heute Abend neu starten.",
    ],
    "fr": ["C'est le modèle LP-2000. Merci de commander un bac.", "Oui, vous pouvez le redémarrer ce soir."],
}
NOTICES = {
    "en": ("We have received your request.", "Your request was received and is being looked at."),
    "nl": ("Uw melding is ontvangen.", "Wij nemen uw melding in behandeling."),
    "hu": ("Bejelentését megkaptuk.", "Bejelentését rögzítettük, hamarosan válaszolunk."),
    "de": ("Ihre Anfrage ist eingegangen.", "Ihre Anfrage wird bearbeitet."),
    "fr": ("Votre demande est enregistrée.", "Votre demande a bien été reçue."),
}


def mail(name: str, subject: str, text: str, fields: str, rng: random.Random, who: str) -> Wanted:
    raw = (
        f"From: IT of Acme <it@acme.example>\nTo: Help Desk <{DESK}>\nSubject: {header(subject, rng)}\nDate: Mon, 2 Nov 2026 10:12:00 +0100\n"
        f"Message-ID: <{rng.randrange(10**12)}.it@acme.example>\n{fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    return Wanted(
        name, raw.encode(), "it@acme.example", subject, who=who, new=text if who == "person" else None
    )


def desks(answered: str) -> Iterator[tuple[str, Wanted]]:
    """`answered`: Message-ID of a mail of ours, on whose ticket it@acme.example takes part."""
    parents = f"In-Reply-To: {answered}\nReferences: {answered}\n"
    for system, (marks, number, automatic) in SYSTEMS.items():
        for language, texts in ANSWERS.items():
            for place, text in enumerate(texts):
                rng = random.Random(f"{system} {language} {place}")
                subject = (
                    f"Re: [#1001] Printer tray {number}".strip()
                    if place
                    else f"{number} [#1001] Printer tray".strip()
                )
                yield (
                    system,
                    mail(f"{system} {language} {place}", subject, text, marks + parents, rng, "person"),
                )
            subject, text = NOTICES[language]
            rng = random.Random(f"{system} {language} notice")
            yield (
                system,
                mail(
                    f"{system} {language} notice",
                    f"{number} {subject}".strip(),
                    text,
                    marks + automatic + parents,
                    rng,
                    "automatic",
                ),
            )
