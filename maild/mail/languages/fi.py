"""Finnish."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="fi",
    openers=(),
    verbs=phrases("kirjoitti | kirjoittaa | kirjoittivat"),
    from_labels=phrases("lähettäjä | lahettaja | keneltä"),
    sent_labels=phrases("lähetetty | lahetetty | päivämäärä | päiväys | pvm | päivä | aika"),
    to_labels=phrases("""
        vastaanottaja | vast.ott | kopio | piilokopio | kenelle | cc | bcc | vastaanottajat
    """),
    subject_labels=phrases("aihe | otsikko"),
    original=phrases("""
        alkuperäinen viesti | alkuperainen viesti | alkuperäinen sähköposti | alkuperäinen tapaaminen
    """),
    forwarded=phrases("""
        välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa | välitetty sähköposti |
        forwarded message | edelleen lähetetty viesti | aloita välitetty viesti
    """),
    mobile=phrases("""
        lähetetty iphonesta | lähetetty ipadista | lähetetty samsung | lähetetty puhelimesta |
        lähetetty android | lähetetty laitteesta | lähetetty outlook | lähetetty minun |
        lähetetty mobiililaitteesta | lähetetty windows | lähetetty yahoo | lähetetty proton |
        hanki outlook | lataa outlook
    """),
    closings=phrases("""
        terveisin | ystävällisin terveisin | parhain terveisin | terv | yst. terv | yt | t | tervehtien |
        kunnioittavasti | ystävällisesti | hyvää päivänjatkoa | hyvää viikonloppua | kiitos ja terveisin |
        terkuin | t: | lämpimin terveisin | best regards / ystävällisin terveisin | mukavaa päivänjatkoa
    """),
    thanks=phrases("""
        kiitos | kiitoksia | kiitos paljon | kiitos etukäteen | paljon kiitoksia | kiitos jo etukäteen |
        suuri kiitos | kiitti
    """),
    disclaimers=phrases("""
        tämä viesti | tämä sähköposti | tämän viestin | tämän sähköpostin | viestin sisältö | jos et ole |
        ajattele ympäristöä | säästä ympäristöä | tietosuoja
    """),
    disclaimer_words=phrases("""
        luottamuksel | vastaanottaj | tarkoitettu | erehdyksessä | kielletty | luvaton | lähettäj |
        poista | levittäminen | kopiointi | salassa | tuhoa
    """),
    inline_hints=phrases("""
        katso alla | ks. alla | vastaukset alla | punaisella | sinisellä | tekstin seassa |
        viestin seassa | alla oleva | välitän
    """),
    reply_prefixes=phrases("re | vs | vast"),
    forward_prefixes=phrases("fw | fwd | vl | lähet | välitetty"),
    vacation_subjects=phrases("""
        automaattinen vastaus | poissa | poissaolo | poissaoloilmoitus | en ole paikalla | lomalla |
        loma | poissa toimistosta | automaattivastaus | poissaoloviesti | perhevapaalla
    """),
    vacation_phrases=phrases("""
        olen lomalla | olen poissa | en ole paikalla | en ole toimistolla | tämä on automaattinen |
        kiireellisissä asioissa | palaan töihin
    """),
    more_labels=phrases("liitteet | liite | tärkeys"),
)
