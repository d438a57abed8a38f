"""Swedish."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="sv",
    openers=phrases("den | på | vid | kl"),
    verbs=phrases("skrev | skriver | har skrivit"),
    from_labels=phrases("från | fran | avsändare"),
    sent_labels=phrases("skickat | datum | skickad | sänt | skickades"),
    to_labels=phrases("till | kopia | hemlig kopia | cc | bcc | mottagare | svara till"),
    subject_labels=phrases("ämne | amne | angående"),
    original=phrases("""
        ursprungligt meddelande | originalmeddelande | ursprungligt mail | ursprungligt mejl |
        ursprunglig avtalad tid | ursprungligt e-postmeddelande
    """),
    forwarded=phrases("""
        vidarebefordrat meddelande | vidarebefordrat mejl | vidarebefordrat brev | forwarded message |
        vidarebefordrat mail | vidarebefordrat mejl börjar | ursprungligt meddelande vidarebefordrat |
        vidarebefordrat av
    """),
    mobile=phrases("""
        skickat från | skickat fran | skickat med | skickad från | skickat via | skickades från |
        hämta outlook | mvh från min | sänt från | skaffa outlook
    """),
    closings=phrases("""
        med vänliga hälsningar | med vänlig hälsning | vänliga hälsningar | vänlig hälsning | mvh |
        hälsningar | hälsning | m.v.h | bästa hälsningar | med bästa hälsningar | vänligen | hälsar | vh |
        varma hälsningar | tack och hälsningar | tack på förhand, hälsningar | ha en bra dag |
        trevlig helg | med vänliga hälsningar/best regards | med vänliga hälsningar / best regards |
        allt gott | kram
    """),
    thanks=phrases("""
        tack | tack så mycket | tack på förhand | stort tack | tackar | många tack | tusen tack |
        tack för hjälpen
    """),
    disclaimers=phrases("""
        detta meddelande | detta e-postmeddelande | detta e-mail | detta mail | denna e-post |
        informationen i detta | innehållet i detta | om du inte är | om du har fått | tänk på miljön |
        innan du skriver ut | när du skickar e-post | när du kommunicerar | så behandlar vi
    """),
    disclaimer_words=phrases("""
        konfidentiell | sekretess | mottagare | avsedd | av misstag | förbjud | obehörig | avsändare |
        radera | spridning | kopiering | personuppgifter | otillåt
    """),
    inline_hints=phrases("""
        se nedan | svar nedan | mina svar | i rött | i blått | i texten | mejlet nedan | vidarebefordrar |
        inline
    """),
    reply_prefixes=phrases("re | sv | svar"),
    forward_prefixes=phrases("fw | fwd | vb | vidarebefordrat"),
    vacation_subjects=phrases("""
        autosvar | automatiskt svar | frånvaro | frånvarande | frånvaromeddelande | ej på kontoret |
        inte på kontoret | på semester | semester | automatsvar | bekräftelse: | föräldraledig
    """),
    vacation_phrases=phrases("""
        jag är inte på kontoret | jag är på semester | jag har semester | jag är frånvarande |
        jag är ledig | detta är ett automatiskt | vid brådskande ärenden | jag är tillbaka
    """),
    more_labels=phrases("bilagor | bifogade filer | prioritet"),
)
