"""Slovak."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="sk",
    openers=phrases("dňa | dna | v správe z"),
    verbs=phrases("napísal | napísala | napísal(a) | napísal/a | píše | napisal | napisala"),
    from_labels=phrases("od | odosielateľ"),
    sent_labels=phrases("odoslané | odoslane | dátum | odoslaná | poslané | dátum odoslania"),
    to_labels=phrases("komu | pre | kópia | kopia | skrytá kópia | príjemca | cc | bcc | adresát"),
    subject_labels=phrases("predmet | vec"),
    original=phrases("""
        pôvodná správa | povodna sprava | pôvodný e-mail | originálna správa | pôvodný email
    """),
    forwarded=phrases("""
        preposlaná správa | preposlaný e-mail | začiatok preposlanej správy | forwarded message |
        odovzdaná správa | začiatok odovzdanej správy | preposlal
    """),
    mobile=phrases("""
        odoslané z | odoslané zo | odoslané pomocou | odoslané cez | poslané z | získajte outlook |
        stiahnuť outlook
    """),
    closings=phrases("""
        s pozdravom | s priateľským pozdravom | pozdravujem | s úctou | ďakujem a s pozdravom |
        ďakujem, s pozdravom | pekný deň | prajem pekný deň | so srdečným pozdravom |
        s prianím pekného dňa | zdravím
    """),
    thanks=phrases("""
        ďakujem | vďaka | vopred ďakujem | ďakujem vopred | ďakujeme | dakujem | ďakujem pekne |
        ďakujem krásne
    """),
    disclaimers=phrases("""
        tento e-mail | tento email | táto správa | obsah tejto | obsah tohto | informácie obsiahnuté |
        informácie v tomto | ak nie ste | upozornenie: | myslite na životné | táto e-mailová |
        ak ste dostali
    """),
    disclaimer_words=phrases("""
        dôvern | adresát | výhradne | omylom | zakázan | zverejn | odosielateľ | vymaž | neoprávnen |
        šíren | kopírov | určen | príjemc
    """),
    inline_hints=phrases("""
        viď nižšie | pozri nižšie | odpovede nižšie | červenou | modrou | v texte | preposielam
    """),
    reply_prefixes=phrases("re | odp | odpoveď"),
    forward_prefixes=phrases("fw | fwd | preposlať | preposlané"),
    vacation_subjects=phrases("""
        automatická odpoveď | automaticka odpoved | mimo kancelárie | neprítomnosť | neprítomný |
        nie som v kancelárii | dovolenka | na dovolenke | automatická správa
    """),
    vacation_phrases=phrases("""
        nie som v kancelárii | som na dovolenke | som mimo kancelárie | nebudem v kancelárii |
        toto je automatická | v naliehavých prípadoch
    """),
    more_labels=phrases("prílohy | príloha | dôležitosť"),
)
