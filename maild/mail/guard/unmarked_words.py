"""What programs that answer by themselves say, by what it tells: data for mail/guard/unmarked.py.

Sequences of whole words, letters' case and accents aside; a star takes any ending. English, German, Dutch, Hungarian,
French, Spanish, Italian, Portuguese, Polish, one block each.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from maild.mail.keywords import Matcher, matcher


class Says(StrEnum):
    """What a sentence tells."""

    AWAY = "away"  # the writer is absent
    GONE = "gone"  # ... for good
    CLOSED = "closed"  # nobody is there
    RECEIVED = "received"  # your mail has come
    MACHINE = "machine"  # a machine writes this
    UNREAD = "unread"  # nobody reads or forwards it
    REFERS = "refers"  # somebody else is to be asked
    BACK = "back"  # when the writer reads it
    THANKS = "thanks"  # ... for your mail
    NUMBERED = "numbered"  # what number your mail has with them
    LATER = "later"  # when your mail is dealt with


#: each of these alone is what an automatic answer is for
CORE = frozenset((Says.AWAY, Says.GONE, Says.CLOSED, Says.RECEIVED, Says.MACHINE))

_PHRASES: dict[Says, str] = {
    Says.AWAY: """
        !when i am on vacation | !when i m on vacation | !when i am on leave | !when i am on holiday |
        !when i am away | !when i am out of the office | !wenn ich im urlaub bin | !als ik met vakantie ben |
        !amikor szabadsagon vagyok | !quand je suis en conge | !quand je suis en vacances |
        i am out of the office | i am out of office | i m out of the office | i m out of office |
        i ll be out of the office | i will be out of the office | am currently out | m currently out |
        i m out until | i am out until | out till | out until | i m out back | i am away | i m away |
        i will be away | i ll be away | away until | away from my desk | i am on vacation | i m on vacation |
        i am on leave | i m on leave | on annual leave | on sick leave | on maternity leave | on paternity leave |
        on parental leave | i am on holiday | i m on holiday | i am travelling | i am traveling | i m travelling |
        i m traveling | i am currently on | i am not in the office | out of the office until | out of office |
        out of the office | ooto | ooo | on vacation until | on leave until | not available until | sick leave |
        annual leave | maternity leave | parental leave | day off | i do not work on | i don t work on |
        ich bin nicht im buro | kurzarbeit | nur * erreichbar | ich bin nicht im haus | nicht im buro |
        nicht am arbeitsplatz | ausser haus | im urlaub bis | bin bis | ich bin im urlaub | bin ich im urlaub |
        bin ich nicht im | bin im urlaub | bis zum * im urlaub | befinde mich im urlaub | ich bin derzeit nicht |
        ich bin zurzeit nicht | ich bin momentan nicht | ich bin aktuell nicht | ich bin abwesend |
        bin ich abwesend | derzeit abwesend | abwesend bis | abwesend | abwesenheit* | in elternzeit | elternzeit |
        mutterschutz | urlaub bis | krankheitsbedingt | ich bin erkrankt | derzeit erkrankt | ich bin krank |
        dienstreise bis | auf dienstreise | ich bin erst wieder | nicht erreichbar | ich bin unterwegs |
        nicht im hause | urlaub vom | ik ben afwezig | ben ik afwezig | ik ben niet aanwezig | ben ik niet aanwezig |
        ik ben niet op kantoor | ben ik niet op kantoor | ik ben met vakantie | ben ik met vakantie |
        ben ik op vakantie | ik ben op vakantie | met vakantie tot | op vakantie tot | ik ben momenteel |
        afwezig tot | afwezig | afwezigheid* | ouderschapsverlof | zwangerschapsverlof | met verlof |
        ik ben er niet | ik ben er even niet | werk ik niet | vrije dag | ik ben ziek | niet bereikbaar |
        szabadsagon vagyok | szabadsagon leszek | ig szabadsagon | szabadsag | szabadsagom* | hazon kivul |
        irodan kivul | nem vagyok az irodaban | nem vagyok bent | nem leszek az irodaban | nem tartozkodom |
        tavol vagyok | tavol leszek | tavolletem* | tavollet | betegszabadsag* | betegallomany* | gyes |
        gyermekgondozasi | szulesi szabadsag* | nem vagyok elerheto | nyaralok | nem dolgozom ma | je suis absent* |
        je serai absent* | actuellement absent* | absent du bureau | absente du bureau | je suis en conge* |
        je serai en conge* | actuellement en conge* | en conge* jusqu* | je suis en vacances | en vacances jusqu* |
        je suis en deplacement | en deplacement | conge maternite | conge parental | conge paternite |
        arret maladie | absence jusqu* | absent* jusqu* | absence du * | absence | hors du bureau | mon absence |
        estoy fuera | fuera de la oficina | fuera de oficina | estoy de vacaciones | estare fuera | estare ausente |
        estoy ausente | de vacaciones hasta | de baja | baja maternal | me encuentro fuera |
        me encuentro de vacaciones | sono fuori ufficio | fuori ufficio | fuori sede | sono in ferie |
        saro in ferie | in ferie fino | sono assente | saro assente | assente fino | saro fuori | maternita |
        assente | estou ausente | estarei ausente | estou de ferias | estarei de ferias | de ferias ate |
        fora do escritorio | estou fora | licenca de maternidade | ausencia | jestem na urlopie |
        przebywam na urlopie | bede na urlopie | jestem poza biurem | poza biurem | jestem nieobecn* |
        bede nieobecn* | nieobecnosc* | na zwolnieniu | urlopie do | urlop macierzynski | urlopie macierzynskim |
        am currently travelling | am currently traveling | m currently travelling | m currently traveling |
        i work part time | i only work | i work on * and | short time work* | reduced hours | reduced working hours |
        on * leave until | ich arbeite in teilzeit | ich arbeite teilzeit | arbeite nur | arbeite ich nur |
        kurzarbeitsbedingt | reduzierte arbeitszeit* | verkurzte arbeitszeit* | ik werk op | ik werk alleen |
        ik werk parttime | ik werk deeltijd | werktijdverkorting | verkorte werktijd* | ouderschapsverlof |
        gyed* | gyeden vagyok | gyesen vagyok | reszmunkaido* | csokkentett munkaido* | rovidebb munkaido* |
        chomage partiel | activite partielle | temps partiel | je travaille a mi temps | je travaille le |
        horario reducido | jornada reducida | tiempo parcial | cassa integrazione | orario ridotto |
        a tempo parcial | horario reduzido | na pol etatu | skrocony czas pracy
    """,
    Says.GONE: """
        no longer with | no longer works here | no longer works for | no longer works at | no longer working for |
        no longer working at | no longer employed | no longer at | has left the company | has left our |
        have left the company | i have left | no longer part of | address is no longer | mailbox is no longer |
        no longer in use | no longer monitored | nicht mehr im unternehmen | nicht mehr bei | nicht mehr fur uns |
        nicht mehr fur unser | nicht mehr in unserem | hat das unternehmen verlassen |
        habe das unternehmen verlassen | unternehmen verlassen | ausgeschieden | adresse ist nicht mehr |
        nicht mehr aktiv | nicht mehr tatig | niet meer werkzaam | niet langer werkzaam | werkt niet meer bij |
        werk niet meer bij | uit dienst | is niet meer in gebruik | mar nem dolgozom | mar nem dolgozik |
        nem dolgozik cegunknel | mar nem munkatarsunk | tavoztam a | megszunt az email | mar nem el |
        n est plus dans | ne fait plus partie | ne travaille plus | ne travaille plus chez | a quitte | j ai quitte |
        depart de l entreprise | n est plus active | je ne fais plus partie | ya no trabajo | ya no trabaja |
        ya no formo parte | ya no forma parte | ha dejado la empresa | non lavoro piu | non lavora piu |
        non fa piu parte | ha lasciato l azienda | non e piu attiv* | ja nao trabalho | ja nao trabalha |
        ja nao faz parte | deixou a empresa | nie pracuje juz | juz nie pracuje | nie pracuje w | nie jest juz |
        i no longer work | no longer work for | no longer work at | no longer work here | i left the company |
        nicht mehr im unternehmen tatig | arbeite nicht mehr | arbeitet nicht mehr | nicht mehr beschaftigt |
        bin ausgeschieden | in rente | in den ruhestand | im ruhestand | ik werk niet meer | niet meer in dienst |
        met pensioen | mar nem itt dolgoz* | nyugdijba vonul* | nem dolgozom az | nem dolgozom a |
        je ne travaille plus | ne fais plus partie | a la retraite | retired from
    """,
    Says.CLOSED: """
        office is closed | offices are closed | we are closed | office will be closed | closed for the holidays |
        office closed | closed until | offices will be closed | closed between | betriebsferien | betriebsurlaub |
        buro ist geschlossen | geschlossen vom | wir haben geschlossen | buro bleibt geschlossen |
        ist vom * geschlossen | bis * geschlossen | buro geschlossen | kantoor is gesloten | wij zijn gesloten |
        we zijn gesloten | gesloten wegens | gesloten van | gesloten tot | bedrijfssluiting | zarva tart |
        zarva tartunk | zarva vagyunk | teli leallas | nyari leallas | igazgatasi szunet | zarva leszunk |
        bureaux sont fermes | bureau est ferme | nous sommes fermes | fermeture annuelle | fermeture estivale |
        fermes du | fermee du | ferme du | fermeture exceptionnelle | oficinas permaneceran cerradas |
        oficina cerrada | cerrado por vacaciones | estamos cerrados | permaneceremos cerrados | cerradas hasta |
        uffici sono chiusi | chiusura estiva | siamo chiusi | chiuso per ferie | ufficio e chiuso | chiusi fino |
        escritorio esta fechado | estamos fechados | fechado para ferias | encerrado para ferias | encerrados ate |
        biuro jest nieczynne | biuro nieczynne | jestesmy zamknieci | biuro zamkniete |
        our office has moved | our offices have moved | we have moved to | office has relocated | have relocated |
        wir sind umgezogen | sind wir umgezogen | buro ist umgezogen | unsere neue anschrift | unsere neue adresse |
        buro * geschlossen | ons kantoor is verhuisd | kantoor is verhuisd | wij zijn verhuisd | we zijn verhuisd |
        ons nieuwe adres | irodank elkoltozott | elkoltoztunk | irodank uj cim* | uj cimunk | iroda zarva |
        irodank zarva | bureaux ont demenage | bureau a demenage | nous avons demenage | notre nouvelle adresse |
        bureaux sont fermes | hemos trasladado | nos hemos mudado | ci siamo trasferiti | mudamos de |
        przenieslismy sie | zmiana siedziby
    """,
    Says.RECEIVED: """
        received your e mail | mail has reached us | message has reached us | will deal with it |
        will be dealt with | received your email | received your mail | received your message |
        received your request | received your enquiry | received your inquiry | your email has been received |
        your e mail has been received | your message has been received | your message was received |
        your email was received | your request has been received | acknowledge receipt | acknowledgement |
        got your message | got your email | message received | thanks for getting in touch |
        thank you for getting in touch | thank you for contacting | thanks for contacting | receipt confirmation |
        confirmation of receipt | aim to answer | aim to respond | aim to reply | will respond shortly |
        will reply within | will be in touch | respond as soon as | reply as soon as | get back to you as soon |
        will be answered in | will get back to you within | email has been received | bei uns eingegangen |
        ist eingegangen | haben ihre nachricht erhalten | haben ihre e mail erhalten | haben ihre mail erhalten |
        haben ihre anfrage erhalten | eingangsbestatigung | nachricht ist eingegangen | schnellstmoglich bearbeiten |
        melden uns in kurze | schnellstmoglich beantworten | werden uns umgehend | kummern uns darum |
        lesebestatigung | wij hebben uw | in goede orde ontvangen | goed ontvangen | we hebben uw |
        uw e mail ontvangen | uw bericht ontvangen | bericht is ontvangen | e mail is ontvangen |
        ontvangstbevestiging | wij reageren binnen | we reageren binnen | zo snel mogelijk contact met u |
        zo spoedig mogelijk | levelet megkaptuk | uzenetet megkaptuk | mailjet megkaptuk | emailjet megkaptuk |
        megkereseset megkaptuk | megkereset megkaptuk | uzenetet rogzitettuk | levelet iktattuk | mailjet iktattuk |
        beerkezeset visszaigazoljuk | hamarosan valaszol* | munkanapon belul valaszol* | hamarosan keresi |
        felveszi onnel a kapcsolatot | visszaigazolas | koszonjuk levelet | koszonjuk megkereseset |
        koszonjuk uzenetet | megkerese* megerkezett | levele megerkezett | uzenete megerkezett | levelet megkaptam |
        bien recu votre | l avons bien recu | nous vous repondr* | nous est bien parvenu | a bien ete recu |
        accuse de reception | accusons reception | vous repondr* dans les meilleurs | vous repondr* sous |
        dans les plus brefs delais | votre message a ete recu | avons recu votre | hemos recibido su |
        recibido su consulta | recibido su solicitud | hemos recibido tu | recibido su mensaje | le responderemos |
        acuse de recibo | te responderemos | abbiamo ricevuto la | ricevuto la sua | ricevuto il suo messaggio |
        abbiamo ricevuto il | ti risponderemo | le risponderemo | conferma di ricezione | recebemos a sua |
        recebemos o seu | recebemos sua | responderemos assim | responderemos o mais | confirmacao de rececao |
        otrzymalismy twoja | otrzymalismy pana | otrzymalismy panstwa | otrzymalismy wiadomosc |
        odpowiemy najszybciej | potwierdzamy otrzymanie | odpowiemy w ciagu | potwierdzenie otrzymania |
        request has been received | ticket has been received | has been received and | request was received |
        ticket created | ticket opened | case created | case opened | request created | receipt of your |
        ticket angelegt | ticket erstellt | vorgang angelegt | ticket eroffnet | ihre anfrage ist |
        uw bericht is ontvangen | is ontvangen en | melding is ontvangen | ticket aangemaakt | melding aangemaakt |
        bejelentes* rogzit* | bejelentes* megkapt* | bejelentes* fogad* | hibajegy letre* | jegy letre* |
        a bien ete enregistre* | bien ete recue | demande a ete enregistre* | ticket cree | demande creee
    """,
    Says.MACHINE: """
        automatic reply | automatic response | automated reply | automated response | auto reply | auto response |
        autoreply | autoresponder | auto responder | this is an automatic | this is an automated |
        automatic acknowledgement | automatically generated | automated message | automatische antwort |
        automatische nachricht | automatische mitteilung | automatische ruckmeldung | automatisch erstellt* |
        automatisch generiert* | autom antwort | automatisch antwoord | automatisch bericht |
        automatisch gegenereerd | automatische reactie | automatisch verzonden | automatikus valasz* |
        automatikus uzenet* | automatikus level* | automatikus ertesit* | automata valasz* | automatikusan kuld* |
        automatikusan general* | reponse automatique | message automatique | envoye automatiquement |
        genere automatiquement | respuesta automatica | mensaje automatico | risposta automatica |
        messaggio automatico | resposta automatica | mensagem automatica | odpowiedz automatyczna |
        automatyczna odpowiedz | autoodpowiedz | wiadomosc automatyczna | wygenerowana automatycznie
    """,
    Says.UNREAD: """
        limited access to | no access to my e mail | no access to my email | no access to email | not be forwarded |
        not forwarded | not monitored | not be read | will not read | do not reply to this | do not answer this |
        not reading | without access to email | is not read | nicht weitergeleitet | nicht gelesen | lese keine |
        nicht automatisch weitergeleitet | keinen zugriff auf meine | antworten sie nicht auf diese |
        nicht auf diese | werden in dieser zeit nicht | niet doorgestuurd | niet gelezen |
        niet automatisch doorgestuurd | wordt niet gelezen | lees mijn mail niet | lees ik niet | beperkt toegang |
        niet op deze | nem olvasom | nem olvassuk | nem kerul tovabbitasra | nem tovabbit* | ne valaszoljon |
        leveleimet nem | korlatozottan | pas transmis | ne sera pas lu | ne sont pas lus | pas transfere |
        prendrai connaissance | ne pas repondre | acces limite | no sera leido | no se reenvia* | acceso limitado |
        no responda a | non verra inoltrat* | non sara letto | accesso limitato | non rispondere a |
        nao sera reencaminhad* | acesso limitado | nao responda | nie jest przekazywana | ograniczony dostep |
        prosze nie odpowiadac | nie odpowiadaj |
        is no longer read | no longer read | no longer checked | wird nicht mehr gelesen | nicht mehr gelesen |
        nicht mehr abgerufen | niet meer gelezen | postafiokot nem | fiokot nem olvas* | n est plus relevee |
        n est plus lue | n est plus consultee
    """,
    Says.REFERS: """
        in urgent cases | urgent matters | urgent cases | in case of emergency | case of urgency | if it is urgent |
        is it urgent | if urgent | for urgent | for anything urgent | urgent please | please contact |
        please write to | please call | please e mail | please email | kindly contact | contact my colleague |
        please reach out | dringenden fallen | dringende fallen | dringenden angelegenheiten |
        bitte wenden sie sich | wenden sie sich bitte | wenden sie sich an | bitte kontaktieren | vertretung |
        dringend bitte | in dringenden | dringende zaken | spoedeisende zaken | dringend bel | bij spoed |
        voor dringende | contact opnemen met | neem contact op | kunt u terecht | surgos esetben | surgos ugyben |
        surgos ugyekben | kerem keress* | kerjuk keress* | kerjuk fordul* | kerem fordul* | forduljon | keressek |
        helyettesem | cas d urgence | pour toute urgence | en cas d urgent | merci de contacter |
        veuillez contacter | vous pouvez contacter | merci d ecrire | vous adresser | caso de urgencia |
        en caso urgente | por favor contacte | puede contactar | contacte con | caso di urgenza | per urgenze |
        contattare | si prega di contattare | rivolgersi a | caso de urgencia | assuntos urgentes |
        por favor contacte | contactar | pilnych sprawach | sprawach pilnych | prosze o kontakt | prosimy o kontakt |
        prosze kontaktowac |
        write to * @ | !write to me | !write to me instead | write to office |
        takes over | will take over | is covering for | stands in for | meine vertretung |
        vertritt mich | ubernimmt * vertretung | an office | neemt mijn werk waar | neemt waar | vervangt mij |
        mail naar | helyettesit | irjon az | irjon a | me remplace | mon remplacant | ecrivez a | ecrire a |
        need help | you find us at | sie finden uns | u vindt ons | megtalalnak minket | vous nous trouverez
    """,
    Says.BACK: """
        when i return | upon my return | on my return | will be back on | back in the office | i return on |
        will return on | be back on | be back in | back monday | back on monday | be back tomorrow |
        as soon as i am back | reply when i | after my return | when we return | will return | nach meiner ruckkehr |
        lese ich | beantworte ich | wieder erreichbar | wieder im buro | bin ich wieder | wieder da |
        ab montag wieder | kehre zuruck | antwort erst | ab * wieder | na mijn terugkomst | weer bereikbaar |
        weer aanwezig | weer op kantoor | er weer | terug op | ben terug | lees ik | visszater* | utana valaszolok |
        hetfon valaszolok | hetfon jovok | visszajovok | visszaerkez* | ujra elerheto | utan valaszolok |
        valaszolunk | a mon retour | de retour le | de retour lundi | serai de retour | des mon retour | repondrai |
        retour le | vuelvo el | a mi regreso | regreso el | a mi vuelta | responderé | al mio ritorno | torno il |
        torno lunedi | al mio rientro | rientro il | saro di ritorno | regresso a | volto na | volto segunda |
        no meu regresso | volto dia | po powrocie | wracam w | wroce | bede ponownie | powrot |
        i am back in | am back in the office | back at work | erst am * wieder | wieder auf | weer op * kantoor |
        weer terug op | ismet dolgozom | de retour au bureau
    """,
    Says.THANKS: """
        thank you for your enquiry | thank you for your inquiry | thank you for your request |
        thank you for your e mail | thank you for your email | thank you for your mail | thank you for your message |
        thanks for your e mail | thanks for your email | thanks for your mail | thanks for your message |
        thank you for writing | vielen dank fur ihre nachricht | vielen dank fur ihre e mail |
        danke fur ihre nachricht | danke fur ihre e mail | vielen dank fur ihre mail | danke fur ihre mail |
        vielen dank fur deine | danke fur deine | bedankt voor uw | dank voor uw | bedankt voor je |
        koszonom levelet | koszonom uzenetet | koszonjuk a levelet | koszonom a levelet | koszonom megkereseset |
        merci de votre message | merci pour votre message | merci de votre mail | merci pour votre mail |
        merci pour votre courriel | gracias por su mensaje | gracias por contactar* | grazie per averci contattat* |
        obrigado pelo seu contact* | dziekujemy za kontakt | gracias por su correo | grazie per la sua |
        grazie per il suo | grazie per la tua | obrigado pela sua | obrigado pelo seu | dziekuje za wiadomosc |
        dziekujemy za wiadomosc | dziekuje za maila
    """,
    Says.NUMBERED: """
        your number is | your ticket number | your reference number | your case number | ticket number | case number |
        reference number | under number | under the number | has the number | hat die nummer | unter der nummer |
        vorgangsnummer | ticketnummer | unter nummer | onder nummer | uw nummer is | meldingsnummer |
        bejelentes szama | bejelentese szama | jegy szama | azonositoja | iktatoszam* | sous le numero |
        votre numero est | numero de ticket | numero de dossier | numero de demande
    """,
    Says.LATER: """
        answer your message | answer your mail | answer your email | answer your e mail | reply to your message |
        reply to your mail | reply to your email | respond to your message | your message will be |
        your mail will be | your email will be | your e mail will be | being reviewed | ihre nachricht wird |
        ihre e mail wird | ihre mail wird | nachricht * beantworte* | mail * beantworte* | werden * bearbeitet |
        uw bericht wordt | uw mail wordt | uw e mail wordt | uw mail lees ik | uw bericht lees ik |
        levelere * valaszol* | uzenetere * valaszol* | levelet * olvas* | levelere valaszol* |
        votre message sera | votre mail sera | votre courriel sera | nous repondrons | repondrai a votre |
        su mensaje sera | il suo messaggio sara | a sua mensagem sera | odpowiem na
    """,
}
KINDS = tuple(_PHRASES)


@lru_cache(maxsize=1)
def words() -> Matcher:
    """One table for each of `KINDS`, in that order."""
    return matcher(tuple(tuple(" ".join(one.split()) for one in _PHRASES[kind].split("|")) for kind in KINDS))
