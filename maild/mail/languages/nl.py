"""Dutch (Netherlands and Flanders)."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="nl",
    openers=phrases("op | in een bericht van | in een bericht met de datum"),
    verbs=phrases("citeren | schreef | schreven | geschreven | schrijft"),
    from_labels=phrases("van | afzender | verzonden door"),
    sent_labels=phrases("""
        verzonden | verstuurd | datum | verzonden op | gestuurd | verzenddatum | datum verzonden
    """),
    to_labels=phrases("aan | cc | bcc | kopie | antwoord aan | beantwoorden | ontvanger | antwoorden aan"),
    subject_labels=phrases("onderwerp | betreft"),
    original=phrases("""
        oorspronkelijk bericht | origineel bericht | oorspronkelijke bericht | originele bericht |
        oorspronkelijke afspraak | oorspronkelijke e-mail | oorspronkelijke mail | originele e-mail |
        origineel e-mail | bericht van
    """),
    forwarded=phrases("""
        doorgestuurd bericht | begin doorgestuurd bericht | doorgezonden bericht | doorgestuurde mail |
        doorgestuurd door | doorgestuurde e-mail | begin van doorgestuurd bericht |
        doorgestuurde bericht
    """),
    mobile=phrases("""
        verstuurd vanaf | verstuurd vanuit | verstuurd via | verstuurd met | verzonden vanaf |
        verzonden vanuit | verzonden via | verzonden met | verzonden door mijn |
        outlook voor ios downloaden | outlook voor android downloaden | outlook downloaden voor |
        download outlook voor | haal outlook voor | get outlook voor | mobiel verzonden |
        gestuurd vanaf mijn | verstuurd van mijn | verzonden van mijn | verstuurd vanop |
        verzonden vanop | downloaden outlook voor
    """),
    closings=phrases("""
        met vriendelijke groet | met vriendelijke groeten | vriendelijke groet | vriendelijke groeten |
        m.v.g | mvg | mvrgr | mvgr | met vr. gr | met vr.gr | vr. gr | vr. groet | vr. groeten | vr.gr |
        met vriendelijke gr | groet | groeten | groetjes | gr | grt | grtz | grts | grtjs |
        hartelijke groet | hartelijke groeten | met hartelijke groet | met hartelijke groeten |
        beste groet | beste groeten | met beste groet | met beste groeten | hoogachtend |
        met hoogachting | met groet | met groeten | met de meeste hoogachting | warme groet |
        warme groeten | met warme groet | met warme groeten | fijne dag | fijne dag verder |
        prettige dag | fijn weekend | prettig weekend | veel groeten | veel groetjes | lieve groet |
        lieve groeten | liefs | vele groeten | met dank en vriendelijke groet |
        met vriendelijke groet en dank | hgr | hgl | met sportieve groet | met sportieve groeten |
        met collegiale groet | met collegiale groeten | collegiale groet | collegiale groeten |
        m. vr. gr | m.vr.gr | met vriendelijk groet | met vriendelijke groet/kind regards |
        met vriendelijke groet / kind regards | bedankt en groet | bedankt en groeten | bedankt, groet |
        bedankt, groeten | dank en groet | alvast bedankt, groet | oprecht | tot ziens | tot dan |
        tot morgen | tot gauw
    """),
    thanks=phrases("""
        bedankt | alvast bedankt | dank | dank u | dank je | dank je wel | dank u wel | dankjewel |
        dankuwel | met dank | hartelijk dank | veel dank | vriendelijk bedankt | nogmaals bedankt |
        bij voorbaat dank | heel erg bedankt | bedankt alvast | bvd | thanks | thx | hartelijk bedankt |
        bedankt voor de moeite | alvast hartelijk dank | alvast dank
    """),
    disclaimers=phrases("""
        dit bericht is vertrouwelijk | dit bericht kan vertrouwelijk | dit bericht kan informatie |
        dit bericht is uitsluitend | dit bericht is bestemd | dit bericht is alleen | dit e-mailbericht |
        deze e-mail is vertrouwelijk | deze e-mail is uitsluitend | deze e-mail is bestemd |
        deze e-mail en alle | deze e-mail en de | deze e-mail en eventuele | deze email is |
        deze email en | deze mail is | dit bericht en eventuele | dit bericht en alle |
        dit bericht, inclusief | dit e-mail bericht | deze e-mail kan | deze e-mail, inclusief |
        deze e-mail (inclusief | de informatie in dit | de informatie in deze | de informatie verzonden |
        de in dit e | de inhoud van dit | de inhoud van deze e | de inhoud van deze m |
        denk aan het milieu | bespaar papier | spaar het milieu | voordat u deze e | voor u deze e |
        print deze e | is deze e-mail echt nodig om te printen | aan dit bericht kunnen geen rechten |
        aan deze e | disclaimer: | op al onze | op onze offertes | op onze diensten | op deze e-mail is |
        op dit bericht is | op dit e | indien u niet de | als u niet de | als u dit bericht |
        indien u dit bericht | indien deze e | mocht u dit bericht | bestemd voor de geadresseerde |
        deze e-mail is gecontroleerd | virusvrij | dit e-mailbericht is gecontroleerd
    """),
    disclaimer_words=phrases("""
        vertrouwelijk | geadresseerde | uitsluitend bestemd | bestemd voor | niet de bedoelde |
        ontvanger | openbaarmaking | vermenigvuldiging | verspreiding | niet toegestaan | aansprakelijk |
        afzender | ten onrechte | per abuis | te vernietigen | te verwijderen | verwijderen | rechten |
        onjuiste | onbevoegd | algemene voorwaarden | gelieve
    """),
    inline_hints=phrases("""
        zie onder | zie hieronder | zie inline | zie tekst | zie mijn antwoord | zie mijn reactie |
        zie mijn opmerking | zie beneden | hieronder mijn | hieronder in | antwoorden hieronder |
        in het rood | in rood | in blauw | in het blauw | in het groen | in groen | tussen de tekst |
        tussen de regels | onderstaande mail | onderstaand bericht | onderstaande e-mail |
        onderstaand mail | mail hieronder | bericht hieronder | in je mail | in uw mail |
        in de mail hieronder | tussendoor | vetgedrukt |
        bij de vragen | onder de vragen | achter de vragen | bij elke vraag | onder elke vraag |
        in oranje | in paars | antwoorden staan in
    """),
    reply_prefixes=phrases("re | antw | antwoord"),
    forward_prefixes=phrases("fw | fwd | doorst | doorgest | doorgestuurd | doorsturen | dg"),
    vacation_subjects=phrases("""
        automatisch antwoord | automatisch bericht | automatische reactie | automatische beantwoording |
        automatische beantwoorder | automatisch beantwoord | afwezigheidsbericht | afwezigheidsmelding |
        afwezig | afwezigheid | niet aanwezig | niet op kantoor | buiten kantoor | met vakantie |
        op vakantie | vakantie: | vakantiebericht | tijdelijk afwezig | ik ben afwezig |
        ik ben met vakantie | ontvangstbevestiging | automatische ontvangstbevestiging |
        bedankt voor uw bericht | bedankt voor uw e-mail | bedankt voor uw mail | ziek gemeld |
        zwangerschapsverlof | ouderschapsverlof | met verlof
    """),
    vacation_phrases=phrases("""
        ik ben afwezig | ik ben niet aanwezig | ik ben met vakantie | ik ben op vakantie |
        ben ik afwezig | ben ik niet op kantoor | ik ben niet op kantoor | ben ik niet bereikbaar |
        ik ben momenteel afwezig | dit is een automatisch | ben ik weer aanwezig |
        ik ben weer bereikbaar | voor dringende zaken | voor spoedeisende zaken |
        mijn mail wordt niet gelezen
    """),
    more_labels=phrases("bijlagen | bijlage | prioriteit | urgentie | belang | gevoeligheid"),
)
