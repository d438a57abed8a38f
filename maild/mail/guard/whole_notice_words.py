"""Stems by which a sentence of an absence notice or a receipt is known, by what they tell: data for
mail/guard/whole_notice.py.

Words and sequences of words, letters' case and accents aside; a star takes any ending. English, German, Dutch,
Hungarian, French, Spanish, Italian, Portuguese, Polish, Swedish with Danish and Norwegian, Finnish, Czech.

Over 300 lines: a table of words.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from maild.mail.keywords import Matcher, matcher, parts_of


class Stem(StrEnum):
    """What a word is about."""

    ABSENT = "absent"  # where one is who is not at work
    UNTIL = "until"
    FIRST = "first"  # the writer
    OTHERS = "others"  # somebody else
    ANSWER = "answer"  # reading, answering
    THEN = "then"  # when, how seldom, by whom
    NOT = "not"
    MAIL = "mail"
    URGENT = "urgent"
    DEPUTY = "deputy"
    CONTACT = "contact"
    SHUT = "shut"
    RESUMES = "resumes"  # when the house is open again
    HOURS = "hours"  # when the house is open on any day
    NUMBER = "number"
    FIRM = "firm"
    NO_MORE = "no-more"
    GONE = "gone"
    JOB = "job"
    ADDRESS = "address"
    THANKS = "thanks"
    TAKEN = "taken"  # received, registered
    CASE = "case"  # what is registered
    YOUR = "your"
    PLEASE = "please"
    OBJECTS = "objects"  # "still", "yes", "I was", or a thing that a ticket is about
    GREETING = "greeting"


_STEMS: dict[Stem, str] = {
    Stem.ABSENT: """
        vacation* | holiday* | on leave | annual leave | sick leave | parental leave | maternity | paternity |
        sabbatical | conference | training | seminar | workshop | trade fair | business trip | travelling |
        traveling | days off | day off | time off | a break | ooo | ooto | out of office | out of the office |
        not in the office | away | i m off | i am off | m off on | am off on | off work | on the road | off sick |
        i m sick | i am sick | part time | working from home | inventory | stocktaking | jury duty | unavailable |
        urlaub* | fortbildung | weiterbildung | schulung* | seminar* | lehrgang | dienstreise | geschaftsreise |
        messe | tagung | konferenz | elternzeit | mutterschutz | krank | erkrankt | krankgeschrieben | krankheit* |
        verreist | unterwegs | abwesend | abwesenheit | nicht im buro | ausser haus | nicht im haus* | homeoffice |
        teilzeit | feiertag* | inventur | kur | reha | freie tage | freien tag | nicht am platz |
        nicht am arbeitsplatz | nicht da | nicht erreichbar | eingeschrankt erreichbar | vakantie | verlof |
        zwangerschapsverlof | ouderschapsverlof | cursus | opleiding | studiedag | zakenreis | dienstreis | beurs |
        congres | ziek | ziekte | afwezig | vrije dag* | vrij | niet op kantoor | niet aanwezig | niet bereikbaar |
        feestdag* | thuiswerk* | op reis | niet aan het werk | szabadsag* | szabin | konferenci* | kikuldetes* |
        betegszabadsag* | betegallomany* | beteg vagyok | oktatas* | trening* | kepzes* | tovabbkepzes* | nyaral* |
        uzleti ut* | utazom | uton vagyok | tavol | gyes* | gyed* | nem vagyok bent | irodan kivul | hazon kivul |
        munkaszuneti | unnepnap* | home office* | nem vagyok elerheto | pihen* | leltar* | conge* | vacances |
        formation | deplacement | seminaire | arret maladie | arret de travail | maladie | absent* | absence |
        teletravail | en voyage | temps partiel | salon | jour ferie | inventaire | rtt | vacaciones | de viaje |
        de baja | permiso | ausente | curso | formacion | fuera de la oficina | fuera de oficina | congreso |
        teletrabajo | festivo | ferie | trasferta | assente | malattia | corso di | permesso | fuori ufficio |
        fuori sede | in viaggio | maternita | congresso | festivita | ferias | em viagem | viagem de | formacao |
        licenca | fora do escritorio | de folga | feriado | urlop* | szkoleni* | delegacj* | nieobecn* | zwolnieni* |
        wyjezdzi* | wyjazd* | poza biurem | konferencj* | chorobow* | podrozy | semester | tjanstledig* |
        foraldraledig* | foraldraledighet | ledig | sjukskriven | sjuk | tjansteresa | pa kurs | utbildning |
        pa ferie | barsel | barselsorlov | syg | sygemeldt | syk | sykemeldt | permisjon | pa kursus |
        forretningsrejse | ute av kontoret | ikke pa kontoret | inte pa kontoret | lomalla | lomallani |
        sairauslomalla | aitiyslomalla | virkamatkalla | matkoilla | koulutuksessa | poissa | dovolen* |
        sluzebni ceste | pracovni ceste | nemocen* | skoleni* | mimo kancelar | nepritom* | out sick | out today |
        out this | out until | out till | out of town | out of the country | abroad | family matter |
        family emergency | personal matter* | bereavement | in meetings | all day meeting | offsite | off site |
        do not work on | don t work on | only work | now work | work only | working days are | my working days |
        medical | hospital | surgery | arbeite nicht | meine arbeitstage | arbeitszeiten | ganztagig | termine |
        im ausland | krankenhaus | familiar* | auf weiteres | werk niet op | werk ik niet | mijn werkdagen |
        buitenland | ziekenhuis | vergadering | nem dolgozom | munkanapjaim | kulfoldon | korhaz* | megbeszelese* |
        ertekezlet* | ne travaille pas | jours de travail | en reunion | a l etranger | hopital | no trabajo |
        en el extranjero | reunion | non lavoro | all estero | in riunione | nie pracuje | za granica |
        na spotkani* | bortrest | utomlands | mote | retreat | in the air | flying | in transit | honeymoon |
        mourning | customer visit | company event | thanksgiving | jahresurlaub | sonderurlaub | resturlaub |
        erholungsurlaub | weihnachtsurlaub | sommerurlaub | bildungsurlaub | flitterwochen | hochzeitsreise |
        trauerfall* | kundentermin* | betriebsausflug | huwelijksreis | bruiloft | uitvaart | rouw | bedrijfsuitje |
        naszut* | gyasz* | itthon vagyok | otthon vagyok | nem tartozkodom | csapatepites* | lune de miel | deuil |
        luna de miel | luto | viaggio di nozze | lutto | podroz poslubn* | zaloba | brollopsresa | bryllupsrejse |
        haamatkalla | mondays | tuesdays | wednesdays | thursdays | fridays | montags | dienstags | mittwochs |
        donnerstags | freitags | tappenz* | en conge* | en vacances
    """,
    Stem.UNTIL: """
        until | till | through | thru | this week | next week | today | back on | return* | bis | ab dem |
        diese woche | heute | wieder | tot | t m | deze week | vandaag | weer | ig | heten | ma | vissza* | jusqu |
        cette semaine | retour | hasta | esta semana | hoy | vuelvo | fino | al | oggi | torno | rientro | ate |
        hoje | do | od | dzis | wracam | till och med | t o m | tillbaka | tilbage | tilbake | asti | saakka |
        palaan | vratim
    """,
    Stem.FIRST: """
        i | m | me | my | we | our | us | ich | mich | mir | mein* | bin | habe | wir | uns* | ik | ben | mij |
        mijn | wij | ons | onze | vagyok | leszek | vagyunk | leszunk | valaszolok | valaszolunk | olvasom |
        olvasok | toltom | toltjuk | veszek | dolgozom | dolgozunk | jovok | erkezem | terek | tudok | tudom |
        utazom | nyaralok | irodank | cegunk | irodaink | munkatarsunk | munkatarsaink | kollegank | kollegaink |
        je | j | suis | mon | ma | mes | nous | notre | nos | serai | estoy | estare | encuentro | mi | mis |
        nuestra* | nuestro* | responderé | sono | saro | mio | mia | mie | nostri | nostro | nostra | siamo |
        risponderò | estou | estarei | meu | minha | nossos | nosso | jestem | przebywam | bede | moje* | nasze* |
        odpowiem | jag | min | mina | mitt | vi | var | vart | jeg | mig | meg | mine | olen | minä | minun |
        sahkopostiini | jsem | budu | mam | muj
    """,
    Stem.OTHERS: """
        he | she | his | her | herr | frau | mr | mrs | ms | mevrouw | meneer | dhr | mw | madame | monsieur | mme |
        pani | pan | urnak | ur | kollegin | collega is | ella | el esta | lui | ona | hon | hun | han
    """,
    Stem.ANSWER: """
        answer* | respond* | response* | reply | replies | replying | get back to | be in touch | come back to you |
        read | reading | check* | look at | see your | deal with | dealt with | processed | handled | attended to |
        beantwort* | antworten | antworte | geantwortet | antwort | lese | gelesen | bearbeit* | melde | melden |
        zuruckkommen | abruf* | weitergeleitet | reagier* | erledigt | beantwoord* | antwoord* | lees | lezen |
        gelezen | reageer | reageren | kom * op terug | behandel* | doorgestuurd | in behandeling | helpen |
        valaszol* | olvas* | felveszi * a kapcsolatot | jelentkez* | keresi | foglalkoz* | tovabbit* | reagal* |
        repond* | lire | lirai | lus | lu | consulte | consulterai | prendrai connaissance | traite | traiter* |
        transmis | recontact* | contacter* | prochainement | reviendr* | responder* | contestar* | leer | leere |
        leido | reenvia* | atender* | respondo | atenderemos | ponemos en contacto | risponder* | rispondo |
        legger* | letta | letto | inoltrat* | ricontattat* | contattat* | evas* | respondere* | lerei | lida |
        responderemos | contactad* | encaminhad* | odpowie* | odpisz* | przeczyta* | czyta* | skontaktuj* |
        rozpatrz* | odczytam | svarar | svara | besvara* | laser | svarer | svare | leser | laeser | aterkommer |
        vender tilbage | vastaan | vastaa* | luen | odpovim | odpove* | contact you | reactie* | bericht terug |
        reponse* | recevrez | contact op | unregelmassig lesen | selten lesen | sporadisch lesen |
        de facon irreguliere | respuesta | recibira | risposta | odpowiedz | svar |
        vastauksen | rozpatrzone |
        traitee | traites | traitees | tud* valaszt | visszajelz* | vede* | answered | hear from us | hear back |
        hoort * van ons | hoort u * van | hort von uns | horen von uns | pick this up | pick it up | feldolgoz* |
        dolgozzuk fel | nehmen uns * an | bijgehouden | beantwoord ik | u hoort | hoort binnen | reviendrons vers |
        keep you informed | keep you posted | keep you updated | auf dem laufenden | op de hoogte | tajekoztatjuk |
        tiendrons informe* | contatteremo | contactaremos | informaremos | poinformujemy | access to | zugriff auf |
        zugang zu | toegang tot | hozzaferes* | ferek hozza | acces a | acceso a | accesso a | acesso a |
        dostep* do | tillgang till | adgang til | paasy
    """,
    Stem.THEN: """
        return | back | after | afterwards | then | delay* | later | sporadic* | rarely | limited | occasional* |
        intermittent* | once | as soon as | soon | shortly | next working day | next business day | working day* |
        business day* | upon | colleagues | team | infrequent* | ruckkehr | zuruck | danach | anschliessend |
        sobald | erst | nachsten | verzoger* | eingeschrankt | sporadisch | unregelmassig | selten | spater | kurze |
        schnellstmoglich | umgehend | werktag* | montag | kollegen | wieder | terug* | zodra | daarna | zo spoedig |
        zo snel | binnen | werkdag* | beperkt | onregelmatig | vertraging | maandag | collega s | utan | visszaer* |
        visszater* | ritkan | korlatoz* | hamarosan | munkanap* | hetfon | mihelyt | amint | kesobb | kesve |
        kesedel* | napon belul | oran belul | retour | ensuite | peu | des que | rarement | delai* | ulterieurement |
        prochainement | lundi | occasionnellement | rapidement | bref | sous | regreso | vuelta | limitado |
        cuanto antes | brevedad | lunes | breve | pronto | esporadic* | rientro | ritorno | saltuari* | appena |
        presto | limitato | lunedi | regresso | volta | possivel | assim que | powrocie | powrot* | najszybciej |
        wkrotce | rzadko | ograniczon* | po powrocie | poniedzial* | niezwlocznie | ater | tillbaka | aterkomst |
        sporadiskt | begransad | tilbage | tilbake | igen | snarast | sa snart | palattuani | paluu* | maanantaina |
        navrat* | pozdeji | jakmile | able | next | tomorrow | evening | tonight | slow* | a day | voraussichtlich |
        morgen | abend* | eerstvolgende | vanavond | holnap | este | napokban | soir | demain | des lundi | manana |
        noche | domani | sera | jutro | wieczorem | imorgen | i morgen | i morgon | huomenna | zitra | possible |
        when i | when possible | longer | by wednesday | by monday | by friday | at night | in order |
        gerne fur sie da | jours | giorni | dias | dni | dauern | tage | dagen | napok* | days | heures | hours |
        uur | wochen | tuesday | wednesday | thursday | friday | monday | dienstag | mittwoch | donnerstag |
        freitag | dinsdag | woensdag | donderdag | vrijdag | kedden | szerdan | csutortokon | penteken |
        irreguliere* | mardi |
        mercredi | jeudi | vendredi
    """,
    Stem.NOT: """
        not | no | won t | don t | cannot | can t | without | nicht | kein* | niet | geen | nem | sem | pas | ne |
        sans | sin | non | senza | nao | nie | bez | inte | ikke | inga | ei | en | slow* | unable
    """,
    Stem.MAIL: """
        mail* | email* | e mail* | message* | correspondence | inbox | enquir* | inquir* | request* | nachricht* |
        mitteilung* | anfrage* | anliegen | zuschrift | bericht* | vraag | vragen | mailtje | level* | uzenet* |
        megkeres* | emailj* | mailj* | kerdes* | courriel* | courrier | correo* | mensaje* | consulta | messaggi* |
        mail | richiesta | mensage* | wiadomosc* | maila | mejl* | meddelande | besked | e post | epost | post |
        viesti* | sahkoposti* | zprav*
    """,
    Stem.URGENT: """
        urgent matter* | urgent case* | urgent issue* | urgent request* | urgent assistance | urgent quer* |
        urgent enquir* | urgent question* | urgent support | if urgent | if it is urgent | if it s urgent |
        if this is urgent | if your * is urgent | case of urgency | emergenc* | anything urgent | anything pressing |
        pressing matter* | for assistance | immediate assistance | immediate help | immediate attention |
        in the meantime | in my absence | during my absence | time sensitive | cannot wait | can t wait |
        for urgent | dringenden fall* | dringende fall* | dringenden angelegenheit* | dringende angelegenheit* |
        dringenden anliegen | dringende anliegen | dringenden frag* | dringende frag* | in dringend* |
        bei dringend* | fur dringend* | notfall* | eilige * | in eiligen | in der zwischenzeit | wahrend meiner |
        wenn es eilt | falls es eilt | sollte es dringend | spoed* | dringende zak* | dringende vrag* |
        dringende gevallen | noodgeval* | bij nood | in de tussentijd | tijdens mijn | haast | surgos eset* |
        surgos ugy* | surgos kerdes* | surgos * eseten | halaszthatatlan | surgos megkeres* | tavolletem alatt |
        addig is | urgence* | cas urgent | question urgente | demande urgente | en attendant | d ici la |
        pendant mon absence | urgencia* | caso urgente | casos urgentes | asunto urgente | asuntos urgentes |
        mientras tanto | urgenze | casi urgenti | nel frattempo | assuntos urgentes | entretanto | pilnych |
        pilnej sprawie | nagl* przypad* | w miedzyczasie | bradskande | akuta arenden | haster | hastende |
        presserende | kiireellis* | nalehav* | v pripade nouze | need something | need anything | need help |
        need immediate | pour toute demande | pour toute question | for any request* | for any enquir* |
        for all enquir* | for all request*
    """,
    Stem.DEPUTY: """
        stands in for | standing in | is covering | will cover | covers for | my deputy | my backup |
        my replacement | takes over | will take over | is taking over | vertritt | vertreten | vertretung |
        ubernimmt | vertreterin | stellvertret* | waarneem* | waargenomen | neemt waar | neemt * waar |
        neemt * over | vervangt | vervangen | vervanger | helyettes* | viszi tovabb | atveszi | atvette | remplace |
        remplacent | remplacant* | remplacera | prend le relais | sustituy* | me sustituye | sostitui* | sostituto |
        substitu* | zastepuj* | zastepstw* | ersatter | vikarierar | vikar | sijaise* | zastup* | successor |
        my successor | nachfolge* | opvolg* | utodom | successeur | vette at | vettek at | overgenomen | mijn taken |
        mijn werkzaamheden | sucesor | successore | nastepc* | help you at | helps you | will help you |
        happy to help | be monitored by | being monitored by | monitored by | hilft ihnen | helfen ihnen |
        hilft gerne | kummert sich | helpt u | helpen u | helpt je | segit | segitenek | vegzi | intezi | kezeli |
        vous aidera | prend en charge | pris en charge par | le ayudara | la aiutera | pomoze | hjalper | auttaa |
        be covering | covering for | cover for | nemen het over | nemen * over | ubernehmen | reprennent
    """,
    Stem.CONTACT: """
        contact* | call | phone | ring | reach | reachable | email | e mail | mail to | write to | direct |
        directed | address your | forward your | turn to | refer to | go to | send | use | wenden | kontakt* |
        anruf* | rufen | schreiben | richten | sende* | nutzen | verwenden | erreichen | durchwahl | wahlen | bel |
        bellen | mailen | mail naar | mail voortaan | terecht | wendt | sturen | stuur | neem contact |
        richt u | stellen aan |
        gebruik | hivj* | irj* | irjon | keress* | fordul* | kuldje* | kuldjek | hasznalj* | mellek* | melleken |
        appele* | ecri* | adresse* | joindre | joignable | contacte* | envoyer | utiliser | llam* | escrib* |
        dirij* | contacte | envie | utilice | contatt* | chiam* | scriv* | rivolg* | inviare | utilizzare | contate |
        ligue | escreva | dirija | kontaktowa* | dzwoni* | pisa* | kierowac | zwroc* | kontakta | kontakte |
        kontakt | ringa | mejla | skriv | ottakaa yhteytta | ota yhteytta | yhteytta | soittakaa | kontaktujte |
        volejte | piste | addressed to | follow it | follow the | track it | track your | status of your
    """,
    Stem.SHUT: """
        closed | closure | shut | shutdown | geschlossen | betriebsferien | betriebsurlaub | betriebsruhe |
        geschlossen* | gesloten | dicht | bedrijfssluiting | zarva | leallas | szunetel | ferme | fermes | fermee |
        fermees | fermeture | cerrad* | cierre | chius* | chiusura | fechad* | encerrad* | nieczynn* | zamkniet* |
        stangt | lukket | stengt | suljettu | zavren* | szunnap* | observing | bank holiday | feestdag | feiertag |
        munkaszunet* | nicht besetzt | unbesetzt | onbemand | niet bezet
    """,
    Stem.RESUMES: """
        resume | resumes | reopen* | re open* | normal hours | normal business hours | regular hours |
        at your service | back in business | fur sie da | wieder geoffnet | wieder erreichbar | offnen wieder |
        wieder im einsatz | voor u klaar | weer open | weer bereikbaar | staan weer | ujra nyit* | ujra nyitva |
        ismet nyit* | ujra elerheto* | ujra rendelkezesere | rendelkezesere | rouvri* | a votre disposition |
        reabr* | a su disposicion | riapr* | a disposizione | reabrimos | ao seu dispor | do dyspozycji | wznow* |
        open again | back at my desk | nyitunk | oppnar igen | abner igen | apner igjen | avataan | zuruck am |
        zuruck ab | wieder da | back on |
        back in the office on | er weer | terug op | vissza * en | de retour le | reouverture |
        erreichen sie uns wieder | uns wieder erreichen
    """,
    Stem.HOURS: """
        opening hours | office hours | business hours | offnungszeiten | geschaftszeiten | burozeiten |
        openingstijden | kantooruren | nos horaires | horaires d ouverture | heures d ouverture | nyitvatartas* |
        ugyfelfogadas* | horario de | orari di apertura | godziny otwarcia | oppettider | abningstider
    """,
    Stem.NUMBER: """
        number | reference | ref | id | case number | nummer | vorgangsnummer | aktenzeichen | ticketnummer |
        referenz | kenmerk | referentie | zaaknummer | azonosito* | szam | szama | szamon | iktatoszam* | numero |
        n | expediente | referencia | riferimento | protocollo | numer* | sygnatura | arendenummer | sagsnummer |
        saksnummer | tunnus | cislo
    """,
    Stem.FIRM: """
        office* | company | we | store | shop | practice | buro* | betrieb | firma | geschaft | unternehmen | werk |
        kanzlei | praxis | wir | kantoor | kantoren | bedrijf | winkel | wij | iroda* | irodank | vagyunk | ceg* | uzem* |
        uzlet* | bureau* | societe | entreprise | magasin | nous | oficina* | empresa | tienda | uffici* | azienda |
        negozio | escritorio* | loja | biuro | sklep | kontoret | kontor | butiken | toimisto* | kancelar | cabinet |
        etude | agence | mairie | praktijk | ordination | rendelo*
    """,
    Stem.NO_MORE: """
        no longer | not * any more | nicht mehr | nicht langer | verlassen | ausgeschieden | niet meer |
        niet langer | uit dienst | mar nem | megszunt | megszuntek | megszunik | tavoztam | kileptem | n est plus |
        ne * plus | n * plus | plus utilisee | quitte | ya no | dejado | non * piu | non e piu | lasciato | ja nao |
        deixou | deixei | nie jest juz | juz nie | nie * juz | inte langre | ikke laenger | ikke lenger | slutat |
        en ole enaa | ei ole enaa | jiz ne* | uz ne*
    """,
    Stem.GONE: """
        retired | retirement | ruhestand | rente | pensionier* | pensioen | gepensioneerd | nyugdij* | retraite* |
        jubilad* | jubilacion | pensione | reforma | emerytur* | pension | elakkeella | duchod* |
        moved on from | moved on to |
        j ai quitte | n exerce plus
    """,
    Stem.JOB: """
        employ* | work | works | working | with * | company | firm | organisation | organization | beschaftigt |
        tatig | arbeite | unternehmen | firma | dienst | werkzaam | werk | bedrijf | dolgoz* | alkalmazott* | ceg* |
        munkavisz* | travaill* | salarie* | societe | entreprise | effectifs | trabaj* | empresa | lavor* | azienda |
        trabalh* | prac* | firmie | jobbar | arbetar | anstalld | arbejder | jobber | ansatt | tyossa | toissa |
        palveluksessa | nepracuj* | arbeitet | arbeiten
    """,
    Stem.ADDRESS: """
        this address | this email | this e mail | this mailbox | this account | this inbox | diese adresse |
        diese e mail | dieses postfach | diese mailadresse | dieses konto | dit adres | dit e mail* | deze mailbox |
        dit mailadres | dit account | ez az e mail | ez a cim | ez az email* | ez a postafiok | ez a fiok |
        ezt a postafiok* | cette adresse | cette boite | ce compte | esta direccion | este correo | este buzon |
        questo indirizzo | questa casella | este endereco | esta caixa | ten adres | ta skrzynka | den har adressen |
        denne adresse* | tama osoite | tata osoitetta | tato adresa | reached a mailbox | a mailbox that |
        cette messagerie | la messagerie | ezt a fiokot | ezt az e mail* | ezt a cim*
    """,
    Stem.THANKS: """
        thank* | danke | dank | bedankt | koszon* | koszi | merci | remercions | remercie | gracias | grazie |
        ringrazi* | obrigad* | dzieku* | tack | takk | tak for | kiitos | dekuj*
    """,
    Stem.TAKEN: """
        received | registered | created | opened | logged | recorded | assigned | queued | been changed |
        been updated | acknowledge* | erhalten | eingegangen | erfasst | registriert | angelegt | eroffnet |
        erstellt | aufgenommen | ontvangen | geregistreerd | aangemaakt | vastgelegd | nyilvantartas* | rogzit* |
        iktat* | megkaptuk | megerkez* | erkezett | letrehoz* | letrejott | prise en compte | pris en compte |
        enregistre* | recu | recue | bien recu | cree | creee | registrad* | recibid* | creado | abierto |
        registrat* | ricevut* | presa in carico | aperto | recebid* | criad* | zarejestrowan* | otrzymali* |
        przyjet* | utworzon* | registrerats | mottagit | mottatt | modtaget | oprettet | registreret |
        vastaanotettu | kirjattu | prijat* | zaregistrovan* | got your | reached us | binnengekomen |
        transmis | transferred to | passed on to |
        weitergeleitet an | doorgestuurd naar | tovabbitottuk | reenviado | inoltrat* | przekazan* |
        important to us | uns wichtig | belangrijk voor ons | fontos szamunkra | important pour nous |
        importante para nosotros | importante per noi | forwarded to | forwarded on | weitergeleitet |
        in behandeling genomen | in behandeling | in bearbeitung | feldolgozas alatt | en cours de traitement |
        aperta | in lavorazione | en tramite
    """,
    Stem.CASE: """
        ticket* | case | request* | enquir* | inquir* | incident | reference | mail* | message* | e mail* | anfrage |
        anliegen | vorgang* | ticketnummer | nachricht | melding | verzoek | aanvraag | vraag | bericht |
        bejelentes* | hibajegy* | jegy* | megkeres* | level* | uzenet* | demande | dossier | courriel | message |
        solicitud | consulta | caso | incidencia | mensaje | richiesta | segnalazione | messaggio | pedido |
        solicitacao | mensagem | zgloszeni* | wiadomosc | arende | henvendelse | sag | sak | foresporsel | pyynto* |
        viesti* | pozadav* | kenmerk | registratie | zaak | ugy | ugye | mitteilung | schreiben | segnalazioni
    """,
    Stem.YOUR: """
        your | ihre* | ihr | deine* | uw | je | jouw | votre | vos | ton | su | sus | tu | sua | suo | tua | seu |
        panstwa | panska | twoje* | twoja | ditt | din | deres | dit | teidan | vas* | bejelenteset | bejelentese |
        levelet | levele | uzenetet | uzenete | megkereseset | megkeresese | emailjet | mailjet | we ve got your |
        vostra | vostro | vuestra | vuestro
    """,
    Stem.PLEASE: """
        please | kindly | can you | could you | bitte | konnen sie | konnten sie | graag | alstublieft |
        alsjeblieft | kunt u | kun je | kerem | kerjuk | legyen szives | legyenek szivesek | merci de | veuillez |
        s il vous plait | svp | pouvez vous | por favor | per favore | si prega | cortesemente | prosze | prosimy |
        snalla | vanligen | venligst | vennligst | olkaa hyva | prosim | !merci de votre | !merci de ton
    """,
    Stem.OBJECTS: """
        still | again | !open again | noch immer | immer noch | nach wie vor | schon wieder | nog steeds |
        weer niet | meg mindig |
        tovabbra | ismet | megint | toujours | encore | todavia | sigue | ancora | ainda | nadal | wciaz |
        fortfarande | stadig | fortsatt | edelleen | stale | printer* | scanner* | laptop* | notebook* | pc | pcs |
        computer* | screen* | monitor | monitors | vpn | outlook | button* | toner* | password* | login | server* |
        network | wifi | missing | error* | on the phone | on my phone | projector* | drucker* | rechner* |
        bildschirm* | passwort* | kennwort* | netzwerk | fehler* | wlan | gerat* | am telefon | toetsenbord |
        scherm* | wachtwoord* | netwerk | fout* | toestel | nyomtato* | szkenner* | gep | gepem* | geppel | gepet |
        gepnel | kepernyo* | jelszo* | jelszav* | halozat* | hiba | hibat | telefonon nem | imprimante* |
        ordinateur* | ecran* | mot de passe | reseau | erreur* | copieur* | serveur* | impresora* | ordenador* |
        pantalla* | contrasena* | portatil* | stampante* | schermo | errore | drukark* | komputer* | ekran* | haslo |
        skrivare* | skriver* | tulostin* | tiskarn* | i was | we were | ich war | wir waren | was op | was met |
        was ik | voltam | voltunk | etais | etions | estaba | estuve | ero | eravamo | bylem | bylam | jag var |
        jeg var | olin | yes | ja | oui | igen | tak | si | sim | go ahead | at your desk
    """,
    Stem.GREETING: """
        hi | hello | hey | dear | good morning | good afternoon | good day | to whom | hallo | guten |
        sehr geehrte* | liebe* | moin | servus | gruss gott | beste | geachte | goedendag | goedemorgen |
        goedemiddag | hoi | dag | tisztelt | kedves | udv* | szia* | jo napot | bonjour | madame | monsieur | cher* |
        salut | hola | estimad* | buenos | buenas | gentile | buongiorno | salve | ciao | spettabile | caro | cara |
        bom dia | ola | prezad* | dzien dobry | szanown* | witam | czesc | hej | god dag | hei | kaere | kjaere |
        hyva | dobry den | vazen* | tajekoztat* | ertesit* | sorry i missed
    """,
}
STEMS = tuple(_STEMS)


#: letters of a word by which a text is sifted; no stem is shorter
BEGINS = 4
#: words that stand in nearly every text
_EVERYWHERE = frozenset(("not", "nicht", "niet"))
#: one of these stands in each notice
_CORE = (Stem.ABSENT, Stem.SHUT, Stem.RESUMES, Stem.NO_MORE, Stem.GONE, Stem.TAKEN)


def _words(stem: Stem) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in _STEMS[stem].split("|"))


@lru_cache(maxsize=1)
def stems() -> Matcher:
    """One table for each of `STEMS`, in that order."""
    return matcher(tuple(map(_words, STEMS)))


@lru_cache(maxsize=1)
def core() -> Matcher:
    """The few without which there is no notice: an ordinary answer is held against no more."""
    return matcher(tuple(map(_words, _CORE)))


@lru_cache(maxsize=1)
def sieve() -> tuple[frozenset[str], frozenset[str]]:
    """Of each of `core` the longest word: those that stand whole, and the first `BEGINS` letters of those that may
    have an ending. A text that has none of them is no notice."""
    whole: set[str] = set()
    begun: set[str] = set()
    for stem in _CORE:
        for one in _words(stem):
            word, open_end = max(
                parts_of(one), key=lambda part: 0 if part[0] in _EVERYWHERE else len(part[0])
            )
            (begun if open_end else whole).add(word[:BEGINS] if open_end else word)
    return frozenset(whole), frozenset(begun)
