"""Romanian."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="ro",
    openers=phrases("în | in | pe | la | on"),
    verbs=phrases("a scris | scrie | a scris:"),
    from_labels=phrases("de la | from | expeditor"),
    sent_labels=phrases("trimis | data | trimisă | trimis la | dată"),
    to_labels=phrases("către | catre | la | cc | bcc | destinatar | pentru"),
    subject_labels=phrases("subiect | subiectul"),
    original=phrases("mesaj original | mesajul original | e-mail original | mesaj inițial"),
    forwarded=phrases("""
        mesaj redirecționat | mesaj redirectionat | mesaj transmis | începutul mesajului redirecționat |
        forwarded message | mesaj retrimis | mesajul redirecționat
    """),
    mobile=phrases("""
        trimis de pe | trimis din | trimis de la | trimis prin | trimis cu | obțineți outlook |
        descărcați outlook | obține outlook
    """),
    closings=phrases("""
        cu stimă | cu stima | cu respect | cu deosebită stimă | cu considerație | toate cele bune |
        o zi bună | o zi buna | salutări | salutari | cele bune | cu prietenie | numai bine |
        mulțumesc și o zi bună | o zi frumoasă | multumesc, o zi buna
    """),
    thanks=phrases("""
        mulțumesc | multumesc | mulțumim | vă mulțumesc | mulțumesc anticipat | va multumesc | mersi |
        mulțumesc frumos
    """),
    disclaimers=phrases("""
        acest mesaj | acest e-mail | acest email | conținutul acestui | informațiile conținute |
        informațiile din acest | dacă nu sunteți | daca nu sunteti | notă de confidențialitate |
        avertisment: | gândiți-vă la mediu | înainte de a tipări
    """),
    disclaimer_words=phrases("""
        confidențial | confidential | destinatar | exclusiv | din eroare | din greșeală | interzis |
        divulgar | expeditor | șterge | ștergeți | neautorizat | copier
    """),
    inline_hints=phrases("""
        vezi mai jos | vedeți mai jos | răspunsuri mai jos | cu roșu | cu albastru | în text |
        redirecționez | transmit
    """),
    reply_prefixes=phrases("re | ref | răsp | rasp"),
    forward_prefixes=phrases("fw | fwd | redirecționat"),
    vacation_subjects=phrases("""
        răspuns automat | raspuns automat | în afara biroului | absent | absență | absent din birou |
        concediu | în concediu | mesaj automat | nu sunt la birou
    """),
    vacation_phrases=phrases("""
        nu sunt la birou | sunt în concediu | voi fi în concediu | sunt plecat |
        acesta este un mesaj automat | pentru urgențe
    """),
    more_labels=phrases("atașări | atasari | importanță"),
)
