# ruff: noqa: E501
"""Answers as the mail clients of five languages write them, marked line by line as a person would.

A case is a list of lines, each beginning with "+" (new text) or "-" (quote, signature, disclaimer).

Over 300 lines: a table of mails with the new text that a person marks in each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maild.mail.newtext import NOTHING_KNOWN, Setting


@dataclass(frozen=True)
class Case:
    name: str
    language: str
    marked: tuple[str, ...]
    html_marks: bool = False
    setting: Setting = NOTHING_KNOWN

    @property
    def text(self) -> str:
        return "\n".join(line[1:] for line in self.marked)

    @property
    def wanted(self) -> str:
        return "\n".join(line[1:] for line in self.marked if line[0] == "+")


# What the desk wrote, and the answers; no line of an answer occurs in a quote.
QUOTE = {
    "en": (
        "Dear Ann,",
        "",
        "Which printer is it, and since when?",
        "Could you send us a picture?",
        "",
        "Help Desk",
    ),
    "nl": (
        "Beste Ann,",
        "",
        "Om welke printer gaat het, en sinds wanneer?",
        "Kunt u een foto sturen?",
        "",
        "Helpdesk",
    ),
    "hu": (
        "Kedves Anna!",
        "",
        "Melyik nyomtatóról van szó, és mióta?",
        "Tudna küldeni egy képet?",
        "",
        "Ügyfélszolgálat",
    ),
    "de": (
        "Liebe Frau Berg,",
        "",
        "Um welchen Drucker geht es, und seit wann?",
        "Können Sie ein Bild schicken?",
        "",
        "Helpdesk",
    ),
    "fr": (
        "Bonjour Anne,",
        "",
        "De quelle imprimante s'agit-il, et depuis quand ?",
        "Pouvez-vous envoyer une photo ?",
        "",
        "Le support",
    ),
}
ANSWERS = {
    "en": (
        ("It is the one on the second floor, since this morning.",),
        (
            "Hello,",
            "",
            "I restarted it twice but it still shows error 49.",
            "",
            "Could somebody come by today?",
        ),
        ("Hi Bob,", "", "Yes, approved.", "", "1. Order the new one", "2. Send me the invoice"),
    ),
    "nl": (
        ("Het is die op de tweede verdieping, sinds vanmorgen.",),
        (
            "Hallo,",
            "",
            "Ik heb hem twee keer herstart maar hij geeft nog steeds fout 49.",
            "",
            "Kan er vandaag iemand langskomen?",
        ),
        ("Dag Bob,", "", "Akkoord, ga maar door.", "", "1. Bestel de nieuwe", "2. Stuur mij de factuur"),
    ),
    "hu": (
        ("A második emeletiről van szó, ma reggel óta.",),
        (
            "Jó napot!",
            "",
            "Kétszer újraindítottam, de még mindig a 49-es hibát írja ki.",
            "",
            "Ki tudna jönni ma valaki?",
        ),
        ("Szia Bob!", "", "Jóváhagyom, mehet.", "", "1. Rendeljék meg az újat", "2. A számlát nekem küldjék"),
    ),
    "de": (
        ("Es ist der im zweiten Stock, seit heute Morgen.",),
        (
            "Guten Tag,",
            "",
            "ich habe ihn zweimal neu gestartet, aber er zeigt immer noch Fehler 49.",
            "",
            "Könnte heute jemand vorbeikommen?",
        ),
        (
            "Hallo Bob,",
            "",
            "genehmigt, bitte bestellen.",
            "",
            "1. Den neuen bestellen",
            "2. Die Rechnung an mich",
        ),
    ),
    "fr": (
        ("C'est celle du deuxième étage, depuis ce matin.",),
        (
            "Bonjour,",
            "",
            "Je l'ai redémarrée deux fois mais elle affiche toujours l'erreur 49.",
            "",
            "Quelqu'un pourrait-il passer aujourd'hui ?",
        ),
        (
            "Salut Bob,",
            "",
            "D'accord, vous pouvez y aller.",
            "",
            "1. Commander la nouvelle",
            "2. M'envoyer la facture",
        ),
    ),
}

# Attribution lines, as the client writes them, over as many lines as it wraps them to.
ATTRIBUTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "gmail": {
        "en": ("On Mon, Nov 2, 2026 at 10:11 AM Help Desk <help@example.com> wrote:",),
        "nl": ("Op ma 2 nov 2026 om 10:11 schreef Help Desk <help@example.com>:",),
        "hu": ("Help Desk <help@example.com> ezt írta (időpont: 2026. nov. 2., H, 10:11):",),
        "de": ("Am Mo., 2. Nov. 2026 um 10:11 Uhr schrieb Help Desk <help@example.com>:",),
        "fr": ("Le lun. 2 nov. 2026 à 10:11, Help Desk <help@example.com> a écrit :",),
    },
    "gmail wrapped": {
        "en": (
            "On Mon, Nov 2, 2026 at 10:11 AM The Help Desk of Example International <",
            "help@example.com> wrote:",
        ),
        "nl": (
            "Op ma 2 nov 2026 om 10:11 schreef De Helpdesk van Voorbeeld Nederland <",
            "help@example.com>:",
        ),
        "hu": (
            "A Minta Kft. központi ügyfélszolgálata <help@example.com> ezt írta (időpont:",
            "2026. nov. 2., H, 10:11):",
        ),
        "de": (
            "Am Mo., 2. Nov. 2026 um 10:11 Uhr schrieb Die Beratung der Beispiel GmbH <",
            "help@example.com>:",
        ),
        "fr": (
            "Le lun. 2 nov. 2026 à 10:11, Le service informatique de l'Exemple <",
            "help@example.com> a écrit :",
        ),
    },
    "gmail mobile": {
        "en": ("On Mon, 2 Nov 2026, 10:11 Help Desk, <help@example.com> wrote:",),
        "nl": ("Op ma 2 nov. 2026 10:11 schreef Help Desk <help@example.com>:",),
        "hu": ("Help Desk <help@example.com> ezt írta (időpont: 2026. nov. 2., Hét 10:11):",),
        "de": ("Help Desk <help@example.com> schrieb am Mo., 2. Nov. 2026, 10:11:",),
        "fr": ("Le lun. 2 nov. 2026, 10:11, Help Desk <help@example.com> a écrit :",),
    },
    "apple mail": {
        "en": ("On 2 Nov 2026, at 10:11, Help Desk <help@example.com> wrote:",),
        "nl": ("Op 2 nov. 2026, om 10:11 heeft Help Desk <help@example.com> het volgende", "geschreven:"),
        "hu": ("2026. nov. 2. dátummal, 10:11 időpontban Help Desk <help@example.com> írta:",),
        "de": ("Am 02.11.2026 um 10:11 schrieb Help Desk <help@example.com>:",),
        "fr": ("Le 2 nov. 2026 à 10:11, Help Desk <help@example.com> a écrit :",),
    },
    "thunderbird": {
        "en": ("On 11/2/26 10:11, Help Desk wrote:",),
        "nl": ("Op 02-11-2026 om 10:11 schreef Help Desk:",),
        "hu": ("2026. 11. 02. 10:11 keltezéssel, Help Desk írta:",),
        "de": ("Am 02.11.26 um 10:11 schrieb Help Desk:",),
        "fr": ("Le 02/11/2026 à 10:11, Help Desk a écrit :",),
    },
    "roundcube": {
        "en": ("On 2026-11-02 10:11, Help Desk wrote:",),
        "nl": ("Help Desk schreef op 2026-11-02 10:11:",),
        "hu": ("2026-11-02 10:11 időpontban Help Desk ezt írta:",),
        "de": ("Am 2026-11-02 10:11, schrieb Help Desk:",),
        "fr": ("Le 2026-11-02 10:11, Help Desk a écrit :",),
    },
    "k-9": {
        "en": ("On November 2, 2026 10:11:12 AM GMT+01:00, Help Desk <help@example.com> wrote:",),
        "nl": ("Op 2 november 2026 10:11:12 CET schreef Help Desk <help@example.com>:",),
        "hu": ("2026. november 2. 10:11:12 CET, Help Desk <help@example.com> írta:",),
        "de": ("Am 2. November 2026 10:11:12 MEZ schrieb Help Desk <help@example.com>:",),
        "fr": ("Le 2 novembre 2026 10:11:12 GMT+01:00, Help Desk <help@example.com> a écrit :",),
    },
    "yahoo": {
        "en": ("On Monday, November 2, 2026 at 10:11:12 AM GMT+1, Help Desk <help@example.com> wrote: ",),
        "nl": ("Op maandag 2 november 2026 om 10:11:12 CET schreef Help Desk <help@example.com>: ",),
        "hu": ("2026. november 2., hétfő 10:11:12 CET időpontban Help Desk <help@example.com> ezt írta: ",),
        "de": (
            "Am Montag, 2. November 2026 um 10:11:12 MEZ hat Help Desk <help@example.com>",
            "Folgendes geschrieben: ",
        ),
        "fr": ("Le lundi 2 novembre 2026 à 10:11:12 UTC+1, Help Desk <help@example.com> a écrit : ",),
    },
    "proton": {
        "en": (
            "------- Original Message -------",
            "On Monday, November 2nd, 2026 at 10:11, Help Desk <help@example.com> wrote:",
        ),
        "nl": ("Op maandag 2 november 2026 om 10:11, schreef Help Desk <help@example.com>:",),
        "hu": ("2026. november 2., hétfő, 10:11 időpontban Help Desk <help@example.com> írta:",),
        "de": ("Am Montag, 2. November 2026 um 10:11, schrieb Help Desk <help@example.com>:",),
        "fr": ("Le lundi 2 novembre 2026 à 10:11, Help Desk <help@example.com> a écrit :",),
    },
    "mutt": {
        "en": ("* Help Desk <help@example.com> [2026-11-02 10:11]:",),
        "nl": ("Help Desk <help@example.com> schreef:",),
        "hu": ("Help Desk <help@example.com> írta:",),
        "de": ("Help Desk <help@example.com> schrieb:",),
        "fr": ("Help Desk <help@example.com> a écrit :",),
    },
}

HEADS: dict[str, tuple[str, str, str, str]] = {
    "en": ("From", "Sent", "To", "Subject"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "hu": ("Feladó", "Küldve", "Címzett", "Tárgy"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
}
DATES = {
    "en": "Monday, November 2, 2026 10:11 AM",
    "nl": "maandag 2 november 2026 10:11",
    "hu": "2026. november 2., hétfő 10:11",
    "de": "Montag, 2. November 2026 10:11",
    "fr": "lundi 2 novembre 2026 10:11",
}
DATE_LABEL = {"en": "Date", "nl": "Datum", "hu": "Dátum", "de": "Datum", "fr": "Date"}
COLON = {"fr": " : "}
ORIGINAL = {
    "en": "Original Message",
    "nl": "Oorspronkelijk bericht",
    "hu": "Eredeti üzenet",
    "de": "Ursprüngliche Nachricht",
    "fr": "Message d'origine",
}
ZIMBRA = {
    "en": "Original Message",
    "nl": "Oorspronkelijk bericht",
    "hu": "Eredeti üzenet",
    "de": "Ursprüngliche Mail",
    "fr": "Mail original",
}
FORWARD = {
    "gmail": {
        "en": "---------- Forwarded message ---------",
        "nl": "---------- Doorgestuurd bericht ---------",
        "hu": "---------- Továbbított üzenet ---------",
        "de": "---------- Weitergeleitete Nachricht ---------",
        "fr": "---------- Message transféré ---------",
    },
    "thunderbird": {
        "en": "-------- Forwarded Message --------",
        "nl": "-------- Doorgestuurd bericht --------",
        "hu": "-------- Továbbított üzenet --------",
        "de": "-------- Weitergeleitete Nachricht --------",
        "fr": "-------- Message transféré --------",
    },
    "apple": {
        "en": "Begin forwarded message:",
        "nl": "Begin doorgestuurd bericht:",
        "hu": "Továbbított levél kezdete:",
        "de": "Anfang der weitergeleiteten Nachricht:",
        "fr": "Début du message réexpédié :",
    },
}

SIGNATURES: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("Kind regards,", "Ann Miller"),
        ("-- ", "Ann Miller", "Example Ltd | Sales", "+44 20 7946 0123"),
        ("Best regards,", "", "Ann Miller", "Account Manager", "Example Ltd", "Tel. +44 20 7946 0123", "www.example.com", "",
         "This e-mail and any attachments are confidential and intended solely for the addressee.",
         "If you are not the intended recipient, please delete it."),
        (),
    ),
    "nl": (
        ("Groet,", "Ann"),
        ("-- ", "Ann de Molenaar", "Voorbeeld BV | Verkoop", "020 555 01 23"),
        ("Met vriendelijke groet,", "", "Ann de Molenaar", "Accountmanager", "Voorbeeld BV", "T: 020-555 01 23", "www.example.nl", "",
         "Dit bericht is uitsluitend bestemd voor de geadresseerde en kan vertrouwelijke informatie bevatten.",
         "Bent u niet de bedoelde ontvanger, dan verzoeken wij u dit bericht te vernietigen."),
        (),
    ),
    "hu": (
        ("Üdv,", "Anna"),
        ("-- ", "Molnár Anna", "Minta Kft. | Értékesítés", "+36 1 555 0123"),
        ("Üdvözlettel:", "", "Molnár Anna", "értékesítési vezető", "Minta Kft.", "Tel.: +36 1 555 0123", "www.example.hu", "",
         "Ez az üzenet és annak csatolmányai bizalmas információkat tartalmazhatnak, kizárólag a címzettnek szólnak.",
         "Ha nem Ön a címzett, kérjük, törölje a levelet és értesítse a feladót."),
        (),
    ),
    "de": (
        ("Viele Grüße", "Anne Berg"),
        ("-- ", "Anne Berg", "Beispiel GmbH | Vertrieb", "+49 30 555 0123"),
        ("Mit freundlichen Grüßen", "", "Anne Berg", "Vertriebsleiterin", "Beispiel GmbH", "Tel.: +49 30 555 0123", "www.example.de", "",
         "Geschäftsführer: Max Berg | Amtsgericht Berlin HRB 12345",
         "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind,",
         "informieren Sie bitte den Absender und vernichten Sie diese Mail."),
        (),
    ),
    "fr": (
        ("Cordialement,", "Anne"),
        ("-- ", "Anne Meunier", "Exemple SA | Ventes", "+33 1 55 50 12 34"),
        ("Bien cordialement,", "", "Anne Meunier", "Responsable des ventes", "Exemple SA", "Tél. : +33 1 55 50 12 34", "www.example.fr", "",
         "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de ses",
         "destinataires. Si vous avez reçu ce message par erreur, merci de le détruire."),
        (),
    ),
}  # fmt: skip
MOBILE = {
    "iphone": {
        "en": "Sent from my iPhone",
        "nl": "Verstuurd vanaf mijn iPhone",
        "hu": "iPhone-ról küldve",
        "de": "Von meinem iPhone gesendet",
        "fr": "Envoyé de mon iPhone",
    },
    "outlook": {
        "en": "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "nl": "Outlook voor iOS downloaden<https://aka.ms/o0ukef>",
        "hu": "Az Outlook iOS-hez készült verziójának beszerzése<https://aka.ms/o0ukef>",
        "de": "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
        "fr": "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>",
    },
    "samsung": {
        "en": "Sent from my Galaxy",
        "nl": "Verzonden vanaf mijn Galaxy",
        "hu": "Elküldve Samsung Galaxy készülékről",
        "de": "Von meinem Galaxy gesendet",
        "fr": "Envoyé depuis mon Galaxy",
    },
    "proton": {
        "en": "Sent with Proton Mail secure email.",
        "nl": "Verzonden met Proton Mail beveiligde e-mail.",
        "hu": "Küldve Proton Mail biztonságos e-maillel.",
        "de": "Gesendet mit Proton Mail sichere E-Mail.",
        "fr": "Envoyé avec Proton Mail, messagerie sécurisée.",
    },
}


def plus(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("+" + line for line in lines)


def minus(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("-" + line for line in lines)


def quoted(language: str, *, prefix: str = "> ") -> tuple[str, ...]:
    return tuple((prefix + line).rstrip() for line in QUOTE[language])


def block(language: str, style: str) -> tuple[str, ...]:
    """A header block as Outlook and its kin write it."""
    labels = list(HEADS[language])
    if style in ("samsung", "outlook ios"):
        labels[1] = DATE_LABEL[language]
    colon = COLON.get(language, ": ")
    values = (
        "Help Desk <help@example.com>",
        DATES[language],
        "Ann Miller <ann@example.net>",
        "RE: [#12] Printer",
    )
    if style == "bold":
        rows = [f"*{label}{colon.rstrip()}* {value}" for label, value in zip(labels, values, strict=True)]
    elif style == "lotus":
        rows = [f"{label}:\t{value}" for label, value in zip(labels, values, strict=True)]
    else:
        rows = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True)]
    above = {
        "desktop": (),
        "bold": (),
        "lotus": (),
        "web": ("________________________________",),
        "outlook ios": ("________________________________",),
        "original": (f"-----{ORIGINAL[language]}-----",),
        "samsung": (f"-------- {ORIGINAL[language]} --------",),
        "zimbra": (f"----- {ZIMBRA[language]} -----",),
    }[style]
    return (*above, *rows)


def cases() -> Iterator[Case]:
    yield from _marked_quotes()
    yield from _blocks()
    yield from _forwards()


def _marked_quotes() -> Iterator[Case]:
    for client, by_language in ATTRIBUTIONS.items():
        for number, (language, head) in enumerate(by_language.items()):
            answer = ANSWERS[language][number % 3]
            signature = SIGNATURES[language][(number + len(client)) % 4]
            app = {"gmail mobile": "samsung", "proton": "proton", "apple mail": "iphone"}.get(client)
            extra = ("", MOBILE[app][language]) if app else ()
            own = (*plus(answer), "-", *minus(signature), *minus(extra), "-")
            yield Case(f"{client} top", language, (*own, *minus(head), "-", *minus(quoted(language))))
            yield Case(
                f"{client} bottom",
                language,
                (*minus(head), *minus(quoted(language)), "+", *plus(answer), "-", *minus(signature)),
            )
            lines = quoted(language)
            yield Case(
                f"{client} interleaved",
                language,
                (
                    *minus(head), *minus(lines[:3]), "+", "+" + ANSWERS[language][0][0], "-", "-" + lines[3],
                    "+", *plus(ANSWERS[language][1]), "-", *minus(lines[4:]), "-", *minus(signature),
                ),
            )  # fmt: skip
            yield Case(
                f"{client} html",
                language,
                (*own, "-\ue000quote", *minus(head), "-", *minus(quoted(language)), "-\ue001"),
                html_marks=True,
            )
            if client in ("yahoo", "apple mail", "gmail", "k-9"):
                yield Case(f"{client} unmarked", language, (*own, *minus(head), "-", *minus(QUOTE[language])))


def _blocks() -> Iterator[Case]:
    for style in ("desktop", "bold", "lotus", "web", "outlook ios", "original", "samsung", "zimbra"):
        for number, language in enumerate(HEADS):
            answer = ANSWERS[language][(number + len(style)) % 3]
            signature = SIGNATURES[language][(number + len(style) // 2) % 4]
            app = {"outlook ios": "outlook", "samsung": "samsung"}.get(style)
            extra = ("", MOBILE[app][language]) if app else ()
            head = block(language, style)
            own = (*plus(answer), "-", *minus(signature), *minus(extra), "-")
            yield Case(f"{style} block", language, (*own, *minus(head), "-", *minus(QUOTE[language])))
            if style in ("desktop", "web"):
                marked = (*own, "-\ue000quote", *minus(head), "-", *minus(QUOTE[language]))
                yield Case(f"{style} block html", language, marked, html_marks=True)


def _forwards() -> Iterator[Case]:
    comments = {
        "en": "Can you have a look at this?", "nl": "Kunnen jullie hier eens naar kijken?",
        "hu": "Meg tudnák ezt nézni?", "de": "Könnt ihr euch das bitte ansehen?", "fr": "Pouvez-vous regarder ceci ?",
    }  # fmt: skip
    for client, by_language in FORWARD.items():
        for language, head in by_language.items():
            labels: tuple[str, ...] = block(language, "desktop")
            body: tuple[str, ...] = QUOTE[language]
            if client == "apple":
                labels, body = tuple("> " + line for line in labels), quoted(language)
            marked = plus((comments[language], "", head, *labels, "", *body))
            yield Case(f"{client} forward", language, marked)
            yield Case(f"{client} forward without comment", language, marked[2:])
    for language in HEADS:
        marked = plus((comments[language], "", *block(language, "web"), "", *QUOTE[language]))
        yield Case("outlook forward", language, marked, setting=Setting(forwarded=True))
