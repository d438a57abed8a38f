"""Frequent words and telling letters of many languages, for `maild.mail.parse.language`.

Five languages are told apart; the others are here so that their texts are not taken for one of the five.
A word may stand in several languages: it then counts less for each. Lower case, letters only; Hungarian
also without accents, as many type it.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "en": """
        the and to of is it that you for was on are with as his they at be this have from or had by not but what
        all were when we there can an your which their said if will each about how up out them then she many some
        so these would into has more her two like him see time could no make than been its now my made did down
        only way may i me our us any who am does do don doesn didn isn won can't please thanks thank hello hi dear
        help need want know get got still again after before because since today yesterday tomorrow monday tuesday
        wednesday thursday friday work works working worked problem issue error printer password account server
        user users office computer laptop phone call send sent received receive email mail message access login
        log open cannot unable tried try trying could should here where why also just other new old same something
        anything nothing everyone everything order invoice price contract question answer reply let soon possible
        urgent broken screen shows says update install installed network connection slow down fixed fine yes
        regards morning afternoon week month looking forward attached file files folder customer report restart
        go agree approved approve reject sure over under while very much well back first last next page using use
    """,
    "nl": """
        de het een van ik te dat die in en is je niet zijn op aan met als voor had er maar om hem dan zou of wat
        mijn men dit zo door over ze zich bij ook tot mij uit der daar haar naar heb hoe heeft hebben deze u want
        nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus
        alles onder ja eens hier wie werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets uw
        iemand geweest andere wij we jullie bedankt graag alvast hallo beste goedemorgen goedemiddag geachte heer
        mevrouw kunt kun jij mogen mag gaat gaan staat werkt werken werk krijg krijgen probleem storing foutmelding
        fout wachtwoord inloggen gebruiker gebruikers kantoor computer telefoon bellen belt mail bericht sturen
        gestuurd verzonden ontvangen toegang openen lukt proberen geprobeerd opnieuw sinds vandaag gisteren morgen
        maandag dinsdag woensdag donderdag vrijdag vraag antwoord offerte factuur bestelling prijs spoed dringend
        kapot scherm bijlage zie helaas snel mogelijk even weer niemand iedereen alle nieuwe nieuw oude waar wanneer
        welke waarom hoeveel vriendelijke groet groeten dank printer verbinding netwerk traag opgelost akkoord goed
        klopt graag hoor hoort horen laten laat weten zodat moeten willen wilt zou zouden heel erg onze
    """,
    "hu": """
        a az és hogy nem is egy ez de meg van volt ha csak már még mint el vagy azt ki be fel le mi én te ő mert
        ezt így úgy most itt ott kell lehet lesz lett vannak voltak nincs sem sincs majd akkor amikor ami aki ahol
        amely minden semmi valami valaki nagyon igen nekem neked neki nekünk önnek önök ön kérem kérjük kérném
        köszönöm köszönjük köszi szia sziasztok helló tisztelt kedves hölgyem uram cím jó napot reggel délután este
        ma tegnap holnap hétfő hétfőn kedd kedden szerda szerdán csütörtök csütörtökön péntek pénteken óta előtt
        után alatt szerint miatt nélkül között felé által működik működnek működött hiba hibát hibaüzenet hibaüzenetet
        probléma problémát nyomtató nyomtatóm jelszó jelszavam jelszót felhasználó belépni bejelentkezni gép gépem számítógép
        szerver telefon hívjon hívjanak vissza levél levelet üzenet küldeni küldtem küldött kaptam kapok tudok tudom
        tud tudja tudnak lehetne szeretném szeretnék szeretnénk lenne volna legyen segítség segítséget segíteni
        sürgős sürgősen számla számlát ajánlat ajánlatot megrendelés ár szerződés kérdés kérdésem válasz választ
        válaszát üdvözlettel üdv rendben jóváhagyom engedélyezem elutasítom köszönettel mellékelve csatolva csatolom
        fájl mappa képernyő hálózat lassú megint újra azonnal minél hamarabb irodában iroda kolléga kollégám ügyfél
        hozzáférés hozzáférést kapcsolat nálunk nálam tőlem tőle ebben abban erre arra ehhez ahhoz ezért azért
        hol mikor miért hogyan melyik mennyi egész több kevés új régi másik ugyanaz illetve valamint pedig azonban
        koszonom kerem tudom kell mukodik nyomtato jelszo szerver uzenet kuldtem segitseg surgos szamla ajanlat
        valasz udv koszi hogy ota utan elott megy ment jott jelenik indul keszult tobb uj lattam miert mar meg es
    """,
    "de": """
        der die das und in zu den ist nicht von sie mit dem dass ein eine einer einen einem eines es auf für sich
        des er hat im als auch an werden aus wenn nach wird bei einige noch wie über so zum haben nur oder aber vor
        zur bis mehr durch man sein wurde sei kann mein meine meinen meiner unser unsere unseren uns wir ich du ihr
        ihre ihnen ihren mir mich dich was wo wer warum wann welche welcher dieser diese dieses diesen hier dort da
        dann denn doch schon sehr viel viele alle alles etwas nichts kein keine keinen jetzt heute gestern morgen
        montag dienstag mittwoch donnerstag freitag seit wieder bitte danke vielen dank hallo guten tag sehr geehrte
        geehrter herr frau liebe lieber könnten können könnte kannst muss müssen soll sollte möchte möchten würde
        würden wäre hätte bin sind bist war waren gibt geht gehen funktioniert funktionieren problem fehler
        fehlermeldung drucker passwort kennwort benutzer anmelden anmeldung rechner computer telefon anrufen
        nachricht mail senden gesendet geschickt schicken erhalten bekomme bekommen zugriff zugang öffnen leider
        versucht dringend rechnung angebot preis vertrag bestellung frage fragen antwort rückmeldung anbei anhang
        datei bildschirm netzwerk verbindung langsam kaputt sofort schnell büro kollege kunde freundlichen grüßen
        grüße gruß genehmigt einverstanden abgelehnt ja nein neue neuen neu alte zeigt steht läuft lässt weil ob
        damit unter ohne gegen zwischen während beim vom am um
    """,
    "fr": """
        le la les de des du et est un une en que qui dans ce il ne pas pour sur se au plus par je avec tout faire
        son mettre autre on mais nous comme ou si leur dire elle devoir avant deux même prendre aussi celui donner
        bien où fois vous encore nouveau aller cela entre premier vouloir déjà grand mon me moins aucun lui temps
        très savoir falloir voir quelque sans raison notre dont non an monde jour monsieur madame demander alors
        après trouver personne rendre part dernier suis sommes êtes sont était étaient avons avez ont ai as a été
        être avoir fait ma mes votre vos nos ses ces cette cet y à aux puis peut peux pouvez pouvons pourriez
        pourrait faut merci bonjour bonsoir salut cher chère cordialement problème erreur imprimante mot passe
        utilisateur connecter connexion ordinateur bureau téléphone appeler rappeler courriel message envoyer envoyé
        envoyée reçu recevoir accès ouvrir marche fonctionne fonctionnent fonctionner depuis hier demain
        aujourd hui lundi mardi mercredi jeudi vendredi matin facture devis prix commande contrat question réponse
        urgent écran réseau lent lente cassé pièce jointe joint fichier dossier toujours jamais rien toute tous
        toutes quand comment pourquoi quel quelle ici là oui accord approuvé veuillez svp possible rapidement plaît
        trouve voici car donc chez client collègue afin vers sous contre pendant essayé n l d j qu c s m t
    """,
    "es": """
        el la los las de que y en un una por con no para es se del al lo como más pero sus le ya o este sí porque
        esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni
        contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras otra él tanto esa estos mucho
        quienes nada muchos cual poco ella estar estas algunas algo nosotros mi mis tú te ti tu tus está están estoy
        ha han he hemos tiene tengo puede puedo podría gracias hola buenos días buenas tardes saludos favor impresora
        funciona contraseña correo mensaje error problema ordenador usuario acceso ayuda hoy ayer mañana lunes martes
        necesito quiero hacer enviar enviado factura oficina teléfono pantalla archivo adjunto desde cuenta ustedes
    """,
    "it": """
        il lo la i gli le di a da in con su per tra fra e è che non un una uno del della dei delle dello al alla ai
        alle nel nella nei sul sulla dal dalla si ma come più anche se questo questa questi mi ci vi ho ha hanno
        abbiamo avete sono siamo era essere avere fare sta stato stata quando dove perché chi cosa tutto tutti molto
        poi già solo ancora senza dopo prima grazie ciao buongiorno buonasera salve gentile cordiali saluti stampante
        funziona posta messaggio errore problema utente accesso aiuto oggi ieri domani lunedì martedì ufficio
        telefono potete potrebbe posso possiamo vorrei bisogno fattura allegato file schermo nostro nostra mio mia
        riesco riusciamo riesce inviare inviato ricevuto computer favore appena possibile
    """,
    "pt": """
        o a os as de que e do da em um uma para com não no na por mais dos das se como mas ao ele à seu sua ou
        quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse
        eles você essa num nem suas meu minha minhas meus numa pelos elas qual nós lhe deles essas esses pelas este
        dele está estão estou são foi tem tenho temos pode posso podem poderia obrigado obrigada olá bom dia boa
        tarde caro prezado impressora funciona senha mensagem erro problema usuário utilizador acesso ajuda hoje ontem
        amanhã segunda escritório telefone fazer enviar enviado fatura anexo arquivo ficheiro tela ecrã
        preciso gostaria favor desde cumprimentos conseguimos consigo
    """,
    "pl": """
        i w nie na się z do to że jest o jak ale za co po od tak czy przez już tylko ten jego być dla by może tego
        jej są przy ich który która które mnie mi go nas jeszcze pan pani bardzo był była było będzie mam ma mamy
        proszę dziękuję dzień dobry witam cześć pozdrawiam drukarka działa hasło wiadomość błąd problem użytkownik
        dostęp pomoc dzisiaj dziś wczoraj jutro poniedziałek biuro telefon mogę można prosimy faktura załącznik plik
        ekran komputer nasz nasza naszej moja mój wszystko kiedy gdzie dlaczego oraz lub też potrzebuję wysłać nam
    """,
    "cs": """
        a je se v na to že s z do o k i jako za by si po ve tak ale jsem jsou jsme byl byla bylo být má mám máme
        který která které jen jak od pro než již už při nebo co když ještě mi mě nám nás vám vás tento tato toto
        prosím děkuji dobrý den ahoj pozdravem tiskárna nefunguje funguje heslo zpráva chyba problém uživatel přístup
        pomoc dnes včera zítra pondělí kancelář telefon mohu můžete můžeme bych rád faktura příloha soubor obrazovka
        počítač náš naše můj moje všechno kdy kde proč potřebuji poslat není nemohu nelze děkujeme
    """,
    "sk": """
        a je sa v na to že s z do o k i ako za by si po vo tak ale som sú sme bol bola bolo byť má mám máme ktorý
        ktorá ktoré len od pre než už pri alebo čo keď ešte mi ma nám nás vám vás tento táto toto prosím ďakujem
        dobrý deň ahoj pozdravom tlačiareň nefunguje funguje heslo správa chyba problém používateľ prístup pomoc
        dnes včera zajtra pondelok kancelária telefón môžem môžete môžeme rád faktúra príloha súbor obrazovka počítač
        náš naše môj moje všetko kedy kde prečo potrebujem poslať nie nemôžem nedá ďakujeme
    """,
    "ro": """
        și de la în a cu pe nu că o este un din să care se mai pentru au sunt ce am lui fi ca sau dar prin după fost
        cum acest această dacă când unde foarte doar mă îmi ne vă vi te ei el ea noi voi eu meu mea nostru noastră
        bună ziua mulțumesc mulțumim multumesc buna vreau pot puteți poate imprimanta imprimantă funcționează parola
        mesaj eroare problemă problema utilizator acces ajutor azi astăzi ieri mâine luni birou telefon factură
        fișier ecran calculator rog trimite trimis nevoie fost avem are si sa va nu merge
    """,
    "sv": """
        och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när
        år säger hon under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra
        mycket än här då sedan över bara in blir upp även vad få två vill ha ha många hur mer går sverige nej ja
        tack hej hejsan hälsningar skrivaren fungerar lösenord meddelande fel problem användare hjälp idag igår
        imorgon måndag kontoret telefon kunde kunna behöver bifogad fil skärm dator vår våra min mitt mina ni er
        vänligen skicka skickat fått logga
    """,
    "da": """
        og i at det som en på er af for med til den har de ikke om et han men var jeg sig fra vi så kan man når år
        hun under også efter eller nu sin hvor ved mod skal skulle kommer ud får findes være havde alle andre meget
        end her da siden over bare ind bliver op selv hvad få to vil mange hvordan mere går nej ja tak hej hilsen
        printeren virker adgangskode besked fejl problem bruger hjælp dag går morgen mandag kontoret telefon kunne
        mangler vedhæftet fil skærm computer vores min mit mine i jer venligst sende sendt fået logge hverken noget
    """,
    "no": """
        og i at det som en på er av for med til den har de ikke om et han men var jeg seg fra vi så kan man når år
        hun under også etter eller nå sin hvor ved mot skal skulle kommer ut får finnes være hadde alle andre mye
        enn her da siden over bare inn blir opp selv hva få to vil mange hvordan mer går nei ja takk hei hilsen
        skriveren fungerer virker passord melding feil problem bruker hjelp dag går morgen mandag kontoret telefon
        kunne trenger vedlagt fil skjerm datamaskin vår våre min mitt mine dere vennligst sende sendt fått logge noe
    """,
    "fi": """
        ja on ei se että hän oli joka mutta niin kun kuin myös ovat tai sen jos ole olen olemme voi voisi voitte
        nyt vain jo mitä mikä kuka missä miksi koska hyvä päivää hei moi terve kiitos terveisin tulostin toimi
        toimii salasana viesti virhe ongelma käyttäjä apua tänään eilen huomenna maanantai toimisto puhelin minun
        meidän teidän tämä tuo nämä ne me te he minä sinä olla ollut kanssa mukaan ennen jälkeen vielä sitten
        lasku liite tiedosto näyttö tietokone tarvitsen lähettää lähetti saanut pysty eikä voida mun
    """,
    "ca": """
        el la els les de que i en un una per amb no és al del més com però ha són aquest aquesta hem han tinc gràcies
        hola bon dia salutacions molt perquè quan on també seva seu meva meu nostre puc podeu avui ahir demà
    """,
    "hr": """
        i je se u na da za su s od o kao ali po iz koji koja koje što bi nije sam smo ste biti ima imam molim hvala
        dobar dan pozdrav pisač ne radi lozinka poruka greška problem korisnik danas jučer sutra zašto gdje kada
    """,
    "tr": """
        ve bir bu için ile de da çok ne ama değil var yok ben sen biz siz olarak daha gibi kadar sonra önce merhaba
        teşekkürler teşekkür ederim lütfen yazıcı çalışmıyor şifre mesaj hata sorun kullanıcı bugün dün yarın
    """,
    "id": """
        dan yang di ini itu dengan untuk tidak dari dalam akan pada juga saya kami anda ke karena ada bisa sudah
        terima kasih mohon tolong selamat pagi siang masalah kantor telepon hari kemarin besok
    """,
    "af": """
        die en nie van het is in ek dit dat wat met vir op aan hy jy sy ons hulle my jou kan sal moet maar baie
        dankie asseblief goeie more werk hallo daar hierdie word
    """,
    "et": """
        ja on ei et see ta oli kui ka ning aga mis kes kus ma sa me te nad tere tänan palun printer tööta parool
        sõnum viga probleem täna eile homme kontor minu meie teie seda selle väga
    """,
}

# Letters that tell a language: each counts like a word, at most three times.
LETTERS: dict[str, str] = {
    "hu": "őű",
    "de": "ß",
    "fr": "œ",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "pl": "łąęśźżćń",
    "cs": "řěů",
    "sk": "ľĺŕô",
    "ro": "ășțşţ",
    "sv": "å",
    "da": "æø",
    "no": "æø",
    "tr": "ığş",
    "hr": "đ",
}

# Ends of longer words, half a word each.
ENDINGS: dict[str, str] = {
    "en": "ing ght ould tion ness able fully ally",
    "nl": "lijk heid eerd eert atie ling tjes isch nnen aald oord oeken gen",
    "hu": "ban ben ból ből ról ről tól től nak nek hoz hez höz val vel ása ése ság ség ott ett ött nál nél ünk unk "
    "juk jük tok tek tam tem ható hető ható ván vén ára ére",
    "de": "ung keit heit lich isch ieren iert chen ungen tät",
    "fr": "eux euse ment tion ique aient ations eurs ité ance ées",
    "es": "ción dad ando iendo amos mente ado ida",
    "it": "zione ità ando endo iamo mente ato ata are ere ire ggio",
    "pt": "ção ões dade ando endo amos mente agem",
    "pl": "ego emu ych ymi ość anie enie ować",
    "cs": "ého ému ých ými ost ání ení ovat",
    "sk": "ého ému ých ými osť anie enie ovať",
    "ro": "ului ilor ește ează ție țiune are",
    "sv": "ningen arna orna ligt elsen ade",
    "da": "ningen erne elsen ede eren hed",
    "no": "ningen ene elsen ert het",
    "fi": "ssa ssä sta stä lla llä lle ksi ista istä nen mme tte aan ään",
}
