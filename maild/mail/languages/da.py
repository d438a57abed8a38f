"""Danish."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="da",
    openers=phrases("den | d. | på"),
    verbs=phrases("skrev | skriver | har skrevet"),
    from_labels=phrases("fra | afsender"),
    sent_labels=phrases("sendt | dato | afsendt | sendt den"),
    to_labels=phrases("til | cc | bcc | kopi | modtager | svar til"),
    subject_labels=phrases("emne | vedr"),
    original=phrases("""
        oprindelig meddelelse | original meddelelse | oprindelig besked | original besked |
        oprindelig mail | oprindelig aftale | oprindelige meddelelse
    """),
    forwarded=phrases("""
        videresendt meddelelse | videresendt besked | start på videresendt besked | videresendt af |
        forwarded message | videresendt mail | begynd videresendt besked
    """),
    mobile=phrases("sendt fra | sendt via | sendt med | afsendt fra | hent outlook | få outlook"),
    closings=phrases("""
        med venlig hilsen | venlig hilsen | venlige hilsner | med venlige hilsner | mvh | hilsen |
        hilsner | de bedste hilsner | bedste hilsner | mange hilsner | mange hilsener | m.v.h | kh |
        kærlig hilsen | vh | bedste hilsen | på forhånd tak, hilsen | tak og hilsen | god dag |
        hav en god dag | med venlig hilsen / best regards | med venlig hilsen/best regards |
        rigtig god dag | god weekend | dbh
    """),
    thanks=phrases("""
        tak | mange tak | på forhånd tak | tusind tak | tak for hjælpen | på forhånd mange tak |
        tak på forhånd
    """),
    disclaimers=phrases("""
        denne e-mail | denne mail | denne meddelelse | denne besked | oplysningerne i denne |
        indholdet af denne | hvis du ikke er | hvis du har modtaget | tænk på miljøet | før du printer |
        informationen i denne
    """),
    disclaimer_words=phrases("""
        fortrolig | modtager | tiltænkt | ved en fejl | forbudt | uautoriseret | afsender | slette |
        udbredelse | kopiering | videregivelse | fejlagtigt | udelukkende
    """),
    inline_hints=phrases("""
        se nedenfor | se nedenstående | svar nedenfor | mine svar | med rødt | med blåt | i teksten |
        mailen nedenfor | videresender
    """),
    reply_prefixes=phrases("re | sv | svar"),
    forward_prefixes=phrases("fw | fwd | vs | videresend | videresendt"),
    vacation_subjects=phrases("""
        automatisk svar | autosvar | ikke til stede | fraværende | fravær | ikke på kontoret | på ferie |
        ferie | autosvar: | uden for kontoret | barsel
    """),
    vacation_phrases=phrases("""
        jeg er ikke på kontoret | jeg er på ferie | jeg holder ferie | jeg er fraværende |
        dette er et automatisk | i hastetilfælde | jeg er tilbage
    """),
    more_labels=phrases("vedhæftede filer | vedhæftet fil | prioritet"),
)
