# ruff: noqa: E501
"""Absence notices as eight groupware systems send them, in their users' languages, many with a question in them or in
the subject that they repeat; and people who write about absences.

Few carry a field that says what they are: old Domino and Notes, GroupWise and rules of Outlook never did.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.corpus.everyday.pieces import DESK, WRITERS, Wanted, header

LANGUAGES = ("en", "nl", "hu", "de", "fr")
#: subjects that they repeat
REPEATED = {
    "en": ["[#1001] Can you print?", "Re: [#1001] Scanner folder"],
    "nl": ["[#1001] Printer werkt?", "Re: [#1001] Map"],
    "hu": ["[#1001] Nyomtat már?", "Re: [#1001] Szkenner"],
    "de": ["[#1001] Druckt er?", "AW: [#1001] Ordner"],
    "fr": ["[#1001] Ça imprime ?", "RE: [#1001] Dossier"],
}
#: what the absent write themselves
TEXTS = {
    "en": [
        "I am out of the office until 9 November. Is it urgent? Call Peter on +44 20 7946 0101.",
        "I am on annual leave and will answer when I return.",
        "Thank you for your mail. I will be away until Monday. Questions? Write to peter@acme.example.",
    ],
    "nl": [
        "Ik ben afwezig tot 9 november. Dringend? Bel Peter op 010 555 0101.",
        "Ik ben met vakantie en lees mijn mail niet.",
        "Bedankt voor uw bericht. Ik ben niet op kantoor. Vragen? Mail naar peter@acme.example.",
    ],
    "hu": [
        "November 9-ig szabadságon vagyok. Sürgős? Hívja Pétert: +36 1 555 0101.",
        "Házon kívül vagyok, hétfőn válaszolok.",
        "Köszönöm levelét. Nem vagyok az irodában. Kérdése van? Írjon ide: peter@acme.example.",
    ],
    "de": [
        "Ich bin bis 9. November nicht im Büro. Dringend? Bitte wenden Sie sich an Peter.",
        "Ich bin im Urlaub und antworte nach meiner Rückkehr.",
        "Danke für Ihre Nachricht. Ich bin außer Haus. Noch Fragen? peter@acme.example hilft.",
    ],
    "fr": [
        "Je suis absent jusqu'au 9 novembre. Urgent ? Appelez Pierre au 01 55 50 10 10.",
        "Je suis en congé et répondrai à mon retour.",
        "Merci de votre message. Je suis absente du bureau. Une question ? Écrivez à peter@acme.example.",
    ],
}
DOMINO_AUTO = {
    "en": (
        "AUTO: {n} is out of the office (returning {d})",
        'Note: This is an automated response to your message  "{s}" sent on 02/11/2026 10:11:00.',
    ),
    "nl": (
        "AUTO: {n} is niet op kantoor (terug op {d})",
        'Opmerking: Dit is een automatisch antwoord op uw bericht  "{s}" verzonden op 02-11-2026 10:11:00.',
    ),
    "hu": (
        "AUTO: {n} házon kívül van (visszatér: {d})",
        'Megjegyzés: ez egy automatikus válasz a(z) "{s}" üzenetre (2026.11.02. 10:11:00).',
    ),
    "de": (
        "AUTO: {n} ist außer Haus (Rückkehr am {d})",
        'Hinweis: Dies ist eine automatische Antwort auf Ihre Nachricht  "{s}" gesendet am 02.11.2026 10:11:00.',
    ),
    "fr": (
        "AUTO : {n} est absent(e) (retour le {d})",
        'Remarque : ceci est une réponse automatique à votre message  "{s}" envoyé le 02/11/2026 10:11:00.',
    ),
}
NOTES = {
    "en": (
        "{n} is out of the office.",
        "I will be out of the office starting  02.11.2026 and will not return until 09.11.2026.",
    ),
    "nl": ("{n} is afwezig.", "Ik ben afwezig vanaf  02-11-2026 en ben terug op 09-11-2026."),
    "hu": ("{n} nincs az irodában.", "2026.11.02-től nem leszek az irodában, 2026.11.09-én térek vissza."),
    "de": (
        "{n} ist außer Haus.",
        "Ich werde ab  02.11.2026 nicht im Büro sein. Ich kehre zurück am 09.11.2026.",
    ),
    "fr": ("{n} est absent(e).", "Je serai absent(e) du  02/11/2026 au 09/11/2026."),
}
#: Exchange's prefix and that of its years before 2010
EXCHANGE = {
    "en": "Automatic reply",
    "nl": "Automatisch antwoord",
    "hu": "Automatikus válasz",
    "de": "Automatische Antwort",
    "fr": "Réponse automatique",
}
EXCHANGE_OLD = {
    "en": "Out of Office",
    "nl": "Niet aanwezig",
    "hu": "Házon kívül",
    "de": "Abwesenheitsnotiz",
    "fr": "Absence du bureau",
}
QUESTIONS = {
    "en": ("Out of office", "How do I set an out of office message? I am on leave from Monday."),
    "nl": ("Afwezigheidsassistent", "Hoe zet ik die aan? Ik ben afwezig vanaf maandag."),
    "hu": ("Házon kívül üzenet", "Hogyan állítsam be? Szabadságon leszek hétfőtől."),
    "de": ("Abwesenheitsnotiz", "Wie stelle ich sie ein? Ich bin ab Montag im Urlaub."),
    "fr": ("Message d'absence", "Comment l'activer ? Je suis en congé à partir de lundi."),
}


def mail(
    name: str,
    language: str,
    subject: str,
    text: str,
    rng: random.Random,
    *,
    fields: str = "",
    who: str = "automatic",
) -> Wanted:
    writer, address = rng.choice(WRITERS[language])
    subject = subject.replace("{n}", writer).replace("{d}", "09.11.2026")
    text = text.replace("{n}", writer)
    shown = f'"{writer}"' if "," in writer else header(writer, rng)
    raw = (
        f"From: {shown} <{address}>\nTo: {DESK}\nSubject: {header(subject, rng)}\nDate: Mon, 2 Nov 2026 10:12:00 +0100\n"
        f"Message-ID: <{rng.randrange(10**12)}@acme.example>\n{fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    return Wanted(f"{name} {language}", raw.encode(), address, subject, who=who)


def absences(each: int = 3) -> Iterator[tuple[str, Wanted]]:
    answers = "In-Reply-To: <1.abc@desk.example>\nReferences: <1.abc@desk.example>\n"
    for language in LANGUAGES:
        for number in range(each):
            rng = random.Random(f"absence {language} {number}")
            own, repeated = TEXTS[language][number % 3], REPEATED[language][number % 2]
            subject, note = DOMINO_AUTO[language]
            yield (
                "Domino",
                mail("Domino", language, subject, f"{own}\n\n\n{note.replace('{s}', repeated)}", rng),
            )
            subject, note = NOTES[language]
            yield (
                "Notes",
                mail(
                    "Notes",
                    language,
                    subject,
                    f"{note}\n\n{own}",
                    rng,
                    fields="X-Mailer: Lotus Notes Release 6.5.4 March 27, 2005\n" if number else "",
                ),
            )
            yield (
                "Exchange",
                mail(
                    "Exchange",
                    language,
                    f"{EXCHANGE[language]}: {repeated}",
                    own,
                    rng,
                    fields=f"X-Auto-Response-Suppress: All\nauto-submitted: auto-generated\n{answers}"
                    if number
                    else "",
                ),
            )
            yield (
                "Exchange 2003",
                mail(
                    "Exchange 2003",
                    language,
                    f"{EXCHANGE_OLD[language]}: {repeated}",
                    own,
                    rng,
                    fields="" if number else "X-MS-Has-Attach:\n",
                ),
            )
            yield (
                "GroupWise",
                mail(
                    "GroupWise",
                    language,
                    f"{EXCHANGE_OLD['en']} {repeated if repeated[0] != '[' else 'Re: ' + repeated}",
                    own,
                    rng,
                    fields="X-Mailer: Novell GroupWise Internet Agent 18.2\n",
                ),
            )
            yield (
                "Zimbra",
                mail(
                    "Zimbra",
                    language,
                    f"Out of Office: {repeated}",
                    own,
                    rng,
                    fields=f"X-Mailer: Zimbra 9.0.0\nAuto-Submitted: auto-replied (zimbra; vacation)\nPrecedence: bulk\n{answers}",
                ),
            )
            yield (
                "Sieve",
                mail(
                    "Sieve",
                    language,
                    f"Auto: {repeated}",
                    own,
                    rng,
                    fields=f"Auto-Submitted: auto-replied (vacation)\n{answers}",
                ),
            )
            yield (
                "Open-Xchange",
                mail(
                    "Open-Xchange",
                    language,
                    EXCHANGE_OLD[language],
                    own,
                    rng,
                    fields=f"X-Mailer: Open-Xchange Mailer v7\nAuto-Submitted: auto-replied\n{answers}",
                ),
            )
            yield (
                "Kerio",
                mail(
                    "Kerio",
                    language,
                    f"{EXCHANGE_OLD[language]}: {repeated}",
                    own,
                    rng,
                    fields="X-Autoreply: yes\nPrecedence: junk\n",
                ),
            )
            yield (
                "Gmail",
                mail(
                    "Gmail",
                    language,
                    f"{EXCHANGE_OLD[language]} Re: {repeated}" if number else "Vacation",
                    own,
                    rng,
                    fields=f"Precedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied\n{answers}",
                ),
            )


def persons() -> Iterator[tuple[str, Wanted]]:
    """People who write about absences, or of their own in a mail that a person has to answer."""
    for language in LANGUAGES:
        rng = random.Random(f"person {language}")
        subject, text = QUESTIONS[language]
        yield "asks about absences", mail("asks", language, subject, text, rng, who="person")
        fields = "In-Reply-To: <1.abc@desk.example>\n"
        for own in TEXTS[language][:1]:
            yield (
                "answers",
                mail(
                    "answers",
                    language,
                    f"Re: {REPEATED[language][0]}",
                    f"{QUESTIONS[language][1]}\n\n{own}",
                    rng,
                    fields=fields,
                    who="person",
                ),
            )
    for subject, text in (
        ("Peter Nagy is out of the office", "Please forward his mails to me until Monday."),
        ("Peter ist im Urlaub", "Bitte seine Mails bis Montag an mich weiterleiten."),
        ("Péter nincs az irodában", "Kérem, a leveleit hétfőig nekem továbbítsák."),
    ):
        yield "of a colleague", mail("colleague", "en", subject, text, random.Random(subject), who="person")
