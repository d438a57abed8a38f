"""Italian."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="it",
    openers=phrases("il | in data | il giorno"),
    verbs=phrases("citando | ha scritto | scrive | scriveva | scrisse"),
    from_labels=phrases("da | mittente | di"),
    sent_labels=phrases("inviato | data | inviato il | data invio | inviata"),
    to_labels=phrases("a | per | cc | ccn | bcc | destinatario | rispondi a"),
    subject_labels=phrases("oggetto"),
    original=phrases("""
        messaggio originale | messaggio di origine | e-mail originale | messaggio originario |
        messaggio da
    """),
    forwarded=phrases("""
        messaggio inoltrato | inizio messaggio inoltrato | inoltrato da | messaggio inoltrato da |
        inizio del messaggio inoltrato
    """),
    mobile=phrases("""
        inviato da iphone | inviato dal mio | inviato da | inviato tramite | inviato con |
        ottieni outlook | scarica outlook | da iphone
    """),
    closings=phrases("""
        cordiali saluti | distinti saluti | saluti | un saluto | cari saluti | cordialmente |
        un cordiale saluto | i migliori saluti | migliori saluti | buona giornata | buon lavoro |
        buona serata | grazie e saluti | grazie, saluti | grazie e cordiali saluti |
        grazie e buona giornata | con i migliori saluti | in fede | a presto
    """),
    thanks=phrases("""
        grazie | grazie mille | molte grazie | grazie in anticipo | ringrazio | vi ringrazio |
        la ringrazio | tante grazie
    """),
    disclaimers=phrases("""
        questo messaggio e | questo messaggio è | questo messaggio contiene | questo messaggio può |
        questa e-mail | questa email | questo documento è | le informazioni contenute |
        le informazioni trasmesse | il contenuto di questa | avviso di riservatezza |
        nota di riservatezza | ai sensi del | rispetta l'ambiente | prima di stampare |
        pensa all'ambiente | se non siete | se avete ricevuto | qualora | il presente messaggio |
        la presente comunicazione | privo di virus
    """),
    disclaimer_words=phrases("""
        riservat | confidenzial | destinatar | esclusiv | per errore | vietat | divulgazione | mittente |
        cancell | distrugg | privacy | regolamento | copia
    """),
    inline_hints=phrases("""
        vedi sotto | vedi di seguito | risposte sotto | in rosso | in blu | nel testo | tra le righe |
        mail sotto | inoltro | ti giro | vi giro
    """),
    reply_prefixes=phrases("re | r | rif | risp | ri"),
    forward_prefixes=phrases("fw | fwd | i | inoltro | inoltra"),
    vacation_subjects=phrases("""
        risposta automatica | risposta automatica: | fuori sede | fuori ufficio | assente | assenza |
        in ferie | messaggio automatico | conferma di ricezione | sono fuori ufficio | autorisposta
    """),
    vacation_phrases=phrases("""
        sono fuori ufficio | sarò fuori ufficio | sono in ferie | sarò assente | sono assente |
        questo è un messaggio automatico | per urgenze | in caso di urgenza
    """),
    more_labels=phrases("allegati | allegato | priorità"),
)
