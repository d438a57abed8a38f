"""Czech."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="cs",
    openers=phrases("dne"),
    verbs=phrases("napsal | napsala | napsal(a) | napsal/a | píše | napsali"),
    from_labels=phrases("od | odesílatel | odesilatel | odesláno z"),
    sent_labels=phrases("odesláno | odeslano | datum | odesláno dne | posláno | odesláno v"),
    to_labels=phrases("komu | pro | kopie | kopie: | skrytá kopie | příjemce | cc | bcc | adresát"),
    subject_labels=phrases("předmět | predmet | věc"),
    original=phrases("""
        původní zpráva | puvodni zprava | původní e-mail | původní email | původní schůzka |
        původní mail
    """),
    forwarded=phrases("""
        přeposlaná zpráva | přeposlaný email | začátek přeposlané zprávy | přeposlal | přeposlaný e-mail |
        forwarded message | začátek předávané zprávy | předaná zpráva | přesměrovaná zpráva
    """),
    mobile=phrases("""
        odesláno z | odesláno pomocí | odesláno přes | posláno z | získejte outlook | stáhnout outlook |
        odesláno ze | napsáno na mobilu
    """),
    closings=phrases("""
        s pozdravem | s přátelským pozdravem | zdravím | s úctou | děkuji a s pozdravem |
        děkuji, s pozdravem | hezký den | přeji hezký den | pěkný den | přeji pěkný den |
        srdečně zdravím | s přáním pěkného dne | s přáním hezkého dne | se srdečným pozdravem | mějte se |
        děkuji a přeji hezký den
    """),
    thanks=phrases("""
        děkuji | díky | děkuji předem | předem děkuji | děkujeme | moc děkuji | předem díky | diky |
        dekuji
    """),
    disclaimers=phrases("""
        tento e-mail | tento email | tato zpráva | obsah této | obsah tohoto | informace obsažené |
        informace v tomto | pokud nejste | jestliže nejste | upozornění: | prohlášení: |
        myslete na životní | než vytisknete | bez virů | tato e-mailová | pokud jste obdržel
    """),
    disclaimer_words=phrases("""
        důvěrn | adresát | výhradně | omylem | zakázán | zveřejn | odesílatel | smazat | vymaž |
        neoprávněn | šířen | kopírov | určen | příjemc
    """),
    inline_hints=phrases("""
        viz níže | viz dole | odpovědi níže | odpovědi v textu | červeně | modře | v textu | přeposílám |
        předávám | níže v
    """),
    reply_prefixes=phrases("re | odp | odpověď"),
    forward_prefixes=phrases("fw | fwd | přeposlat | předat | přeposláno"),
    vacation_subjects=phrases("""
        automatická odpověď | automaticka odpoved | mimo kancelář | nepřítomnost | nepřítomen |
        nejsem v kanceláři | dovolená | na dovolené | automatická zpráva | potvrzení přijetí
    """),
    vacation_phrases=phrases("""
        nejsem v kanceláři | jsem na dovolené | jsem mimo kancelář | nebudu v kanceláři |
        nebudu k zastižení | toto je automatická | v naléhavých případech
    """),
    more_labels=phrases("přílohy | příloha | důležitost"),
)
