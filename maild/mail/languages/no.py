"""Norwegian (Bokmål and Nynorsk)."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="no",
    openers=phrases("den | på | d."),
    verbs=phrases("skrev | skreiv | skriver | har skrevet"),
    from_labels=phrases("fra | frå | avsender"),
    sent_labels=phrases("sendt | dato | sendt den"),
    to_labels=phrases("til | kopi | blindkopi | cc | bcc | mottaker | svar til"),
    subject_labels=phrases("emne | vedr"),
    original=phrases("""
        opprinnelig melding | original melding | opprinnelig e-post | opphavleg melding |
        opprinnelig avtale | opprinnelig beskjed
    """),
    forwarded=phrases("""
        videresendt melding | videresendt beskjed | start på videresendt melding | videresendt e-post |
        forwarded message | vidaresend melding | videresendt av | begynnelse på videresendt melding
    """),
    mobile=phrases("""
        sendt fra | sendt via | sendt med | sendt frå | last ned outlook | hent outlook | få outlook |
        skaff deg outlook
    """),
    closings=phrases("""
        med vennlig hilsen | vennlig hilsen | vennlige hilsener | mvh | hilsen | m.v.h | beste hilsen |
        med beste hilsen | beste hilsener | hilsener | med hilsen | vh | klem | ha en fin dag |
        takk og hilsen | med vennleg helsing | vennleg helsing | helsing |
        med vennlig hilsen / best regards | god helg | alt godt
    """),
    thanks=phrases("takk | tusen takk | på forhånd takk | mange takk | takk for hjelpen | takk på forhånd"),
    disclaimers=phrases("""
        denne e-posten | denne meldingen | denne eposten | informasjonen i denne | innholdet i denne |
        hvis du ikke er | dersom du ikke er | dersom du har mottatt | hvis du har mottatt |
        tenk på miljøet | før du skriver ut
    """),
    disclaimer_words=phrases("""
        konfidensiell | fortrolig | mottaker | ment for | ved en feil | forbudt | uautorisert | avsender |
        slett | kopiering | utlevering | taushetsplikt | feilaktig
    """),
    inline_hints=phrases("""
        se nedenfor | se under | svar nedenfor | mine svar | i rødt | i blått | i teksten |
        e-posten nedenfor | videresender
    """),
    reply_prefixes=phrases("re | sv | svar"),
    forward_prefixes=phrases("fw | fwd | vs | videresendt"),
    vacation_subjects=phrases("""
        automatisk svar | autosvar | ikke til stede | fraværende | fravær | fraværsmelding |
        ikke på kontoret | på ferie | ferie | fraværsassistent | borte fra kontoret | permisjon
    """),
    vacation_phrases=phrases("""
        jeg er ikke på kontoret | jeg er på ferie | jeg har ferie | jeg er fraværende |
        dette er et automatisk | ved hastesaker | jeg er tilbake
    """),
    more_labels=phrases("vedlegg | prioritet"),
)
