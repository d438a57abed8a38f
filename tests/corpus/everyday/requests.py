"""Requests of people whose text looks like something else: forms, pasted mails, forwards without FW:, new colleagues,
items below dashes, citations. All of it is what they wrote; nothing of it is history or a signature.

Over 300 lines: a table of mails.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.corpus.everyday.pieces import LANGUAGES, Wanted, letter

#: labels of a mail's head: From, Sent, Date, To, Subject
HEADS = {
    "en": ("From:", "Sent:", "Date:", "To:", "Subject:"),
    "nl": ("Van:", "Verzonden:", "Datum:", "Aan:", "Onderwerp:"),
    "hu": ("Feladó:", "Elküldve:", "Dátum:", "Címzett:", "Tárgy:"),
    "de": ("Von:", "Gesendet:", "Datum:", "An:", "Betreff:"),
    "fr": ("De :", "Envoyé :", "Date :", "À :", "Objet :"),
    "it": ("Da:", "Inviato:", "Data:", "A:", "Oggetto:"),
    "es": ("De:", "Enviado:", "Fecha:", "Para:", "Asunto:"),
    "pl": ("Od:", "Wysłano:", "Data:", "Do:", "Temat:"),
}
DATES = {
    "en": "Monday, November 2, 2026 8:11 AM",
    "nl": "maandag 2 november 2026 08:11",
    "hu": "2026. november 2., hétfő 8:11",
    "de": "Montag, 2. November 2026 08:11",
    "fr": "lundi 2 novembre 2026 08:11",
    "it": "lunedì 2 novembre 2026 08:11",
    "es": "lunes, 2 de noviembre de 2026 8:11",
    "pl": "poniedziałek, 2 listopada 2026 08:11",
}
SUBJECTS = {
    "en": ["Moving desks", "Question", "Two things", "For your information"],
    "nl": ["Verhuizing", "Vraag", "Twee punten"],
    "hu": ["Költözés", "Kérdés", "Két dolog"],
    "de": ["Umzug", "Frage", "Zwei Sachen"],
    "fr": ["Déménagement", "Une question", "Deux choses"],
    "it": ["Trasloco", "Domanda"],
    "es": ["Traslado", "Pregunta"],
    "pl": ["Przeprowadzka", "Pytanie"],
}
PLACES = {
    "en": ("Room 101", "Room 202", "12 March 2027"),
    "nl": ("kamer 101", "kamer 202", "12 maart 2027"),
    "hu": ("101-es szoba", "202-es szoba", "2027. március 12."),
    "de": ("Raum 101", "Raum 202", "12.03.2027"),
    "fr": ("bureau 101", "bureau 202", "12 mars 2027"),
    "it": ("stanza 101", "stanza 202", "12 marzo 2027"),
    "es": ("sala 101", "sala 202", "12 de marzo de 2027"),
    "pl": ("pokój 101", "pokój 202", "12 marca 2027"),
}
INTRO = {
    "en": ["Please move our equipment as follows.", "This is what we filled in on the form:"],
    "nl": ["Graag onze spullen verhuizen als volgt.", "Dit hebben we ingevuld:"],
    "hu": ["Kérjük a gépeink költöztetését.", "Az alábbiakat töltöttük ki:"],
    "de": ["Bitte unsere Geräte umziehen.", "Das haben wir eingetragen:"],
    "fr": ["Merci de déménager notre matériel.", "Voici le formulaire :"],
    "it": ["Vi prego di spostare i nostri computer.", "Ecco il modulo:"],
    "es": ["Por favor, trasladen nuestros equipos.", "Este es el formulario:"],
    "pl": ["Proszę przenieść nasz sprzęt.", "Oto formularz:"],
}
BELOW = {
    "en": [
        "Please call me before you start.",
        "Is it real? Three colleagues got it as well.",
        "What do we have to do now?",
    ],
    "nl": [
        "Bel mij voordat jullie beginnen.",
        "Is dit echt? Drie collega's kregen het ook.",
        "Wat moeten we nu doen?",
    ],
    "hu": ["Kérem, hívjanak fel, mielőtt kezdik.", "Ez valódi? Három kolléga is megkapta.", "Mi a teendőnk?"],
    "de": [
        "Bitte rufen Sie mich vorher an.",
        "Ist das echt? Drei Kollegen haben es auch.",
        "Was müssen wir jetzt tun?",
    ],
    "fr": [
        "Merci de m'appeler avant de commencer.",
        "Est-ce un vrai ? Trois collègues l'ont reçu.",
        "Que devons-nous faire ?",
    ],
    "it": ["Chiamatemi prima di iniziare, per favore.", "È vero? Lo hanno ricevuto anche tre colleghi."],
    "es": ["Llámenme antes de empezar, por favor.", "¿Es auténtico? También lo recibieron tres colegas."],
    "pl": ["Proszę zadzwonić przed rozpoczęciem.", "Czy to prawdziwe? Dostało to też troje kolegów."],
}
PASTED = {
    "en": [
        "I received this mail today and did not open the link.",
        "Your licence 4711 ends on Friday. Please log in at once: http://bank.example/login",
    ],
    "nl": [
        "Deze mail kreeg ik vandaag, ik heb niet geklikt.",
        "Uw licentie 4711 eindigt vrijdag. Log direct in: http://bank.example/login",
    ],
    "hu": [
        "Ezt a levelet kaptam ma, a linket nem nyitottam meg.",
        "A 4711 számú licence pénteken lejár. Jelentkezzen be: http://bank.example/login",
    ],
    "de": [
        "Diese Mail kam heute, ich habe nichts angeklickt.",
        "Ihre Lizenz 4711 endet am Freitag. Bitte anmelden: http://bank.example/login",
    ],
    "fr": [
        "J'ai reçu ce message aujourd'hui, je n'ai pas cliqué.",
        "Votre licence 4711 finit vendredi. Connectez-vous : http://bank.example/login",
    ],
    "it": [
        "Ho ricevuto oggi questa mail.",
        "La licenza 4711 scade venerdì. Acceda subito: http://bank.example/login",
    ],
    "es": [
        "Hoy recibí este correo.",
        "Su licencia 4711 termina el viernes. Entre aquí: http://bank.example/login",
    ],
    "pl": [
        "Dostałam dziś tę wiadomość.",
        "Licencja 4711 kończy się w piątek. Proszę się zalogować: http://bank.example/login",
    ],
}
SEPARATORS = {
    "en": [
        "-----Original Message-----",
        "________________________________",
        "Begin forwarded message:",
        "---------- Forwarded message ---------",
    ],
    "nl": [
        "-----Oorspronkelijk bericht-----",
        "________________________________",
        "Begin doorgestuurd bericht:",
    ],
    "hu": [
        "-----Eredeti üzenet-----",
        "________________________________",
        "---------- Továbbított üzenet ----------",
    ],
    "de": [
        "-----Ursprüngliche Nachricht-----",
        "________________________________",
        "Anfang der weitergeleiteten Nachricht:",
    ],
    "fr": ["-----Message d'origine-----", "________________________________", "Début du message transféré :"],
    "it": ["-----Messaggio originale-----", "________________________________"],
    "es": ["-----Mensaje original-----", "________________________________"],
    "pl": ["-----Oryginalna wiadomość-----", "________________________________"],
}
COLLEAGUE = {
    "en": [
        "please create an account for our new colleague. She starts on Monday.",
        "a new colleague joins us on 1 December, her data:",
    ],
    "nl": [
        "graag een account aanmaken voor onze nieuwe collega. Zij begint maandag.",
        "de gegevens van onze nieuwe collega:",
    ],
    "hu": ["kérjük, vegyék fel az új kollégánkat. Hétfőn kezd.", "az új kollégánk adatai:"],
    "de": [
        "bitte legen Sie ein Konto für unsere neue Kollegin an. Sie beginnt am Montag.",
        "hier die Daten unserer neuen Kollegin:",
    ],
    "fr": [
        "merci de créer un compte pour notre nouvelle collègue. Elle commence lundi.",
        "voici les coordonnées de notre nouvelle collègue :",
    ],
    "it": ["vi prego di creare un account per la nostra nuova collega."],
    "es": ["por favor, creen una cuenta para nuestra nueva compañera."],
    "pl": ["proszę założyć konto dla naszej nowej koleżanki."],
}
PEOPLE = [
    ("Dora Kis", "dora.kis"),
    ("Emil Gross", "e.gross"),
    ("Nora Blake", "nora"),
    ("Ivo van Dam", "ivo.vandam"),
]
PHONE = {
    "en": "Phone:",
    "nl": "Telefoon:",
    "hu": "Tel.:",
    "de": "Telefon:",
    "fr": "Tél. :",
    "it": "Tel.:",
    "es": "Tel.:",
    "pl": "Tel.:",
}
JOB = {
    "en": "Sales Manager",
    "nl": "Verkoper",
    "hu": "értékesítő",
    "de": "Vertrieb",
    "fr": "Commerciale",
    "it": "Vendite",
    "es": "Ventas",
    "pl": "Sprzedaż",
}
ITEMS = {
    "en": [
        ("Problem 1", "The printer on floor 2 jams."),
        ("Problem 2", "Outlook asks for a password every hour."),
    ],
    "nl": [("Punt 1", "De printer loopt vast."), ("Punt 2", "Outlook vraagt steeds om een wachtwoord.")],
    "hu": [("1. hiba", "A nyomtató begyűri a papírt."), ("2. hiba", "Az Outlook óránként jelszót kér.")],
    "de": [("Punkt 1", "Der Drucker staut."), ("Punkt 2", "Outlook fragt stündlich nach dem Kennwort.")],
    "fr": [("Point 1", "L'imprimante bourre."), ("Point 2", "Outlook demande le mot de passe.")],
    "it": [("Punto 1", "La stampante si blocca."), ("Punto 2", "Outlook chiede la password.")],
    "es": [("Punto 1", "La impresora se atasca."), ("Punto 2", "Outlook pide la contraseña.")],
    "pl": [("Punkt 1", "Drukarka się zacina."), ("Punkt 2", "Outlook pyta o hasło.")],
}
#: (above a citation, cited, below)
CITED = {
    "en": ("As Peter wrote on 2.11.:", "the part ships on Friday", "It did not come. Can you call them?"),
    "nl": (
        "Zoals Peter op 2-11 schreef:",
        "het onderdeel komt vrijdag",
        "Het kwam niet. Kunnen jullie bellen?",
    ),
    "hu": ("Péter 2026.11.02-án ezt írta:", "pénteken jön az alkatrész", "Nem jött meg. Felhívnák őket?"),
    "de": ("Am 2.11. schrieb Peter:", "das Teil kommt am Freitag", "Es kam nicht. Können Sie anrufen?"),
    "fr": (
        "Le 2/11 Pierre a écrit :",
        "la pièce arrive vendredi",
        "Elle n'est pas venue. Pouvez-vous les appeler ?",
    ),
    "it": ("Il 2/11 Pietro ha scritto:", "il pezzo arriva venerdì", "Non è arrivato. Potete chiamarli?"),
    "es": ("El 2/11 Pedro escribió:", "la pieza llega el viernes", "No llegó. ¿Pueden llamarlos?"),
    "pl": ("2.11. Piotr napisał:", "część przyjdzie w piątek", "Nie przyszła. Czy możecie zadzwonić?"),
}


def form(language: str, rng: random.Random) -> list[str]:
    who, _, date, to, subject = HEADS[language]
    here, there, when = PLACES[language]
    rows = [f"{who} {here}", f"{to} {there}", f"{date} {when}"]
    if rng.random() < 0.5:
        rows.append(f"{subject} PC-{rng.randrange(10, 99)}")
    if rng.random() < 0.3:
        rows = [f"*{row.replace(':', ':*', 1)}" for row in rows]
    return [
        rng.choice(INTRO[language]),
        "",
        *rows,
        *(["", rng.choice(BELOW[language])] if rng.random() < 0.7 else []),
    ]


def head(language: str, rng: random.Random) -> list[str]:
    who, sent, date, to, subject = HEADS[language]
    name, domain = rng.choice(
        [("Your Bank", "bank.example"), ("Billing", "supplier.example"), ("Müller & Co", "partner.example")]
    )
    rows = [
        f"{who} {name} <info@{domain}>",
        f"{rng.choice((sent, date))} {DATES[language]}",
        f"{to} anna@acme.example",
        f"{subject} 4711",
    ]
    if rng.random() < 0.3:
        rows[1], rows[2] = rows[2], rows[1]
    return rows


def pasted(language: str, rng: random.Random) -> list[str]:
    above, words = PASTED[language]
    return [above, "", *head(language, rng), "", words, "", rng.choice(BELOW[language])]


def forward(language: str, rng: random.Random) -> list[str]:
    _, words = PASTED[language]
    separator = rng.choice(SEPARATORS[language])
    tail = ["", "Peter Parts", "Parts Ltd, +44 20 7946 0999"] if rng.random() < 0.3 else []
    return [
        rng.choice(BELOW[language]),
        "",
        separator,
        *([""] if rng.random() < 0.3 else []),
        *head(language, rng),
        "",
        words,
        *tail,
    ]


def colleague(language: str, rng: random.Random) -> list[str]:
    name, local = rng.choice(PEOPLE)
    rows = [
        name,
        *([JOB[language]] if rng.random() < 0.5 else []),
        f"{PHONE[language]} +44 20 7946 0{rng.randrange(100, 999)}",
    ]
    if rng.random() < 0.9:
        rows.append(f"{local}@acme.example")
    return [rng.choice(COLLEAGUE[language]), "", *rows]


def items(language: str, rng: random.Random) -> list[str]:
    dashes = rng.choice(("--", "—", "----", "-----"))
    out: list[str] = []
    for title, words in ITEMS[language]:
        out += [title, dashes, words, ""]
    return out[:-1]


def cited(language: str, rng: random.Random) -> list[str]:
    above, words, below = CITED[language]
    mark = rng.choice(("> ", ">", "", '"'))
    return [above, f"{mark}{words}", "", below]


def listed(language: str, rng: random.Random) -> list[str]:
    return [
        INTRO[language][1],
        "",
        *(f"{rng.choice('-*•')} PC-{n}" for n in range(12, 12 + rng.randint(1, 3))),
    ]


KINDS: dict[str, Callable[[str, random.Random], list[str]]] = {
    "form": form,
    "pasted mail": pasted,
    "forward without a prefix": forward,
    "new colleague": colleague,
    "items below dashes": items,
    "citation": cited,
    "short list": listed,
}


def requests(each: int = 6) -> Iterator[tuple[str, Wanted]]:
    """(kind, mail): `each` of every kind and language."""
    for kind, make in KINDS.items():
        for language in LANGUAGES:
            for number in range(each):
                rng = random.Random(f"{kind} {language} {number}")
                yield (
                    kind,
                    letter(
                        f"{kind} {number}", language, rng.choice(SUBJECTS[language]), make(language, rng), rng
                    ),
                )
