"""Hungarian. Family name first; dates stand before or after the writer."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="hu",
    openers=(),
    verbs=phrases("""
        idézte | idézi | idézet |
        írta | ezt írta | a következőt írta | írja | irta | ezt irta | írt | a következőket írta
    """),
    from_labels=phrases("feladó | felado | küldő | kuldo"),
    sent_labels=phrases("""
        küldve | kuldve | elküldve | elkuldve | dátum | datum | küldés dátuma | küldés ideje |
        küldés időpontja | kelt | időpont
    """),
    to_labels=phrases("""
        címzett | cimzett | címzettek | másolat | masolat | másolatot kap | titkos másolat |
        rejtett másolat | válaszcím | másolatot kapja | cc | bcc | kinek | kapja
    """),
    subject_labels=phrases("tárgy | targy"),
    original=phrases("""
        eredeti üzenet | eredeti uzenet | eredeti levél | eredeti e-mail | eredeti email |
        eredeti találkozó | az eredeti üzenet | eredeti értekezlet
    """),
    forwarded=phrases("""
        továbbított üzenet | tovabbitott uzenet | továbbított levél | továbbított levél kezdete |
        továbbított üzenet kezdete | a továbbított üzenet kezdete | továbbított e-mail | továbbította |
        az átirányított üzenet kezdete | átirányított üzenet kezdete | a továbbított levél kezdete |
        továbbított e-mail kezdete
    """),
    mobile=phrases("""
        iphone-ról küldve | iphone-omról küldve | elküldve iphone | küldve az iphone | ipad-ről küldve |
        ipadről küldve | ipad-emről küldve | iphone-ról küldött | iphone-omról |
        elküldve ipad | mobilról küldve |
        mobiltelefonról küldve | mobiltelefonomról küldve | telefonról küldve | telefonomról küldve |
        telefonomról írtam | mobilomról küldve | androidról küldve | android készülékről küldve |
        elküldve samsung | elküldve saját | küldve samsung | küldve saját |
        elküldve az iphone | elküldve az ipad | elküldve az én | elküldve a galaxy | elküldve galaxy |
        samsung készülékről | samsung mobil | a galaxy készülékemről | galaxy készülékemről |
        az outlook ios | az outlook beszerzése | szerezze be az outlook | szerezd be az outlook |
        az androidos outlook | az ios outlook | a(z) outlook | outlook ios-re | outlook letöltése |
        az outlook letöltése | küldve outlook | elküldve outlook | küldve yahoo | elküldve yahoo |
        küldve gmail | elküldve innen | küldve innen | elküldve mobil | küldve mobil |
        levelező androidra | küldve proton | elküldve proton | proton mail biztonságos |
        az android outlook | küldve windows | elküldve windows | elküldve levélből
    """),
    closings=phrases("""
        üdvözlettel | üdv | udv | udvozlettel | üdvözlöm | szívélyes üdvözlettel | szívélyes üdvözlet |
        baráti üdvözlettel | tisztelettel | tisztelettel és üdvözlettel | tisztelettel üdvözli |
        üdvözlettel és tisztelettel | maradok tisztelettel | kiváló tisztelettel | köszönettel |
        köszönettel és üdvözlettel | köszönettel, üdvözlettel | köszönettel üdvözli | köszönöm, üdv |
        köszi, üdv | kösz, üdv | köszönöm! üdv | köszönettel és tisztelettel | köszönettel, tisztelettel |
        további szép napot | szép napot | szép napot kívánok | további szép napot kívánok |
        szép hétvégét | jó hétvégét | minden jót | puszi | ölel | üdvözli | üdvözöl | üdvözlet |
        tisztelettel kérve | kollegiális üdvözlettel | legjobb üdvözlettel | meleg üdvözlettel |
        üdvözletem | szeretettel | koszonettel | tisztelettel: | szivelyes udvozlettel |
        várom válaszát, üdvözlettel | kellemes napot | szép estét
    """),
    thanks=phrases("""
        köszönöm | köszönjük | köszi | kösz | előre is köszönöm | előre is köszönjük | előre is köszi |
        köszönöm szépen | nagyon köszönöm | köszönöm előre is | köszönöm a segítséget | koszonom | koszi |
        elore is koszonom | köszönöm szépen előre is | segítségét előre is köszönöm |
        segítségüket előre is köszönöm | köszönöm szépen a segítséget | még egyszer köszönöm
    """),
    disclaimers=phrases("""
        ez az üzenet bizalmas | ez az üzenet és | ez az e-mail és | ez az email és |
        ez az e-mail bizalmas | ez az üzenet kizárólag | ez az e-mail kizárólag | ez az elektronikus |
        ezen elektronikus | ezen üzenet | ezen e-mail | ezen email | jelen üzenet | jelen e-mail |
        jelen email | jelen elektronikus | jelen levél | a jelen üzenet | a jelen e-mail |
        a jelen elektronikus | az üzenet és annak | az e-mail és annak | az e-mail tartalma |
        az üzenet tartalma | az üzenet bizalmas | az ebben az e | az ebben az ü | jogi nyilatkozat |
        titoktartási nyilatkozat | bizalmassági nyilatkozat | adatvédelmi nyilatkozat: |
        felelősségkizárás | amennyiben nem ön | ha nem ön a | ha ön nem | ha ezt az üzenetet tévedésből |
        amennyiben ezt az | amennyiben ön nem | mielőtt kinyomtatná | mielőtt kinyomtatja |
        mielőtt nyomtat | kérjük, mielőtt kinyomtatja | óvja környezetét | óvjuk környezetünket |
        gondoljon a környezet | kíméld a környezet | védd a környezet | védje környezet |
        csak akkor nyomtassa | kérjük, gondoljon a környezet | vírusmentes. | az e-mailt az avast |
        ezt az e-mailt az avast | az üzenetet ellenőrizte | figyelem! ez | figyelmeztetés: ez |
        bizalmas információ
    """),
    disclaimer_words=phrases("""
        bizalmas | címzett | kizárólag | illetéktelen | tévedésből | téves | törölje | törölni | tilos |
        jogosulatlan | nyilvánosságra | feladót | értesítse | felelősség | másolása | terjesztése |
        felhasználása | haladéktalanul | titok | vírus | jogosult | továbbítása
    """),
    inline_hints=phrases("""
        lásd lentebb | lásd lent | lásd alább | alább válaszol | lentebb válaszol | válaszok lent |
        válaszaim lent | válaszaim alább | a válaszok alább | pirossal | kékkel | zölddel | piros betű |
        a szövegben | szövegbe írtam | beleírtam | soronként | a sorok között | sorok közé |
        az alábbi levél | az alábbi üzenet | az alábbi e-mail | az alábbi email | a lenti levél |
        a lenti e-mail | a lenti email | a lenti üzenet | alábbi levelet | továbbítom | inline |
        közbeírtam | a levélben válaszol | vastagon | vastag betű |
        a kérdések alatt | a kérdéseknél | a kérdések mellett | minden kérdés után |
        lilával | naranccsal
    """),
    reply_prefixes=phrases("re | vá | válasz | va"),
    forward_prefixes=phrases("fw | fwd | továbbítás | továbbítva | továbbítom | tov | továbbított"),
    vacation_subjects=phrases("""
        automatikus válasz | automatikus valasz | automata válasz | automatikus üzenet |
        automatikus visszaigazolás | automatikus értesítés | házon kívül | irodán kívül | távollét |
        távolléti értesítés | távolléti üzenet | távol vagyok | szabadságon | szabadság: |
        szabadságon vagyok | nem vagyok az irodában | nem vagyok elérhető | hazon kivul |
        házon kívül vagyok | irodán kívül vagyok | köszönjük levelét | köszönjük megkeresését |
        köszönjük, hogy | visszaigazolás: | betegállomány
    """),
    vacation_phrases=phrases("""
        szabadságon vagyok | szabadságon leszek | házon kívül vagyok | házon kívül leszek |
        irodán kívül vagyok | távol vagyok | távol leszek | nem vagyok elérhető | nem leszek elérhető |
        nem tartózkodom az irodában | ez egy automatikus | automatikus üzenet | sürgős esetben |
        sürgős ügyben | távollétem alatt | távollétemben
    """),
    more_labels=phrases("mellékletek | melléklet | fontosság | csatolmányok | csatolmány"),
)
