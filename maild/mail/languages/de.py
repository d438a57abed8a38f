"""German (Germany, Austria, Switzerland)."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="de",
    openers=phrases("am | in einer nachricht vom | in einer e-mail vom"),
    verbs=phrases("zitat | schrieb | schrieben | geschrieben | schreibt | folgendes | hat geschrieben"),
    from_labels=phrases("von | absender"),
    sent_labels=phrases("""
        gesendet | datum | gesendet am | gesendet um | verschickt | verschickt am | versendet |
        gesendet von
    """),
    to_labels=phrases("""
        an | cc | bcc | kopie | blindkopie | antwort an | empfänger | antworten an | kopie an
    """),
    subject_labels=phrases("betreff | betrifft | thema"),
    original=phrases("""
        ursprüngliche nachricht | ursprungliche nachricht | ursprüngliche mail | ursprüngliche e-mail |
        originalnachricht | original-nachricht | original nachricht | originaltermin |
        ursprünglicher termin | originale nachricht | urspr. nachricht | ende der originalnachricht |
        original-mail | originalmail | originale mail | nachricht von | ursprüngliches dokument
    """),
    forwarded=phrases("""
        weitergeleitete nachricht | anfang der weitergeleiteten nachricht | weitergeleitete mail |
        weitergeleitete e-mail | weitergeleitet von | beginn der weitergeleiteten nachricht |
        anfang der weitergeleiteten e-mail | weitergeleitet durch
    """),
    mobile=phrases("""
        von meinem iphone | von meinem ipad | von meinem android | von meinem samsung | von meinem mobil |
        von meinem handy | von meinem smartphone | von meinem windows | von meinem galaxy |
        von meinem blackberry | von meinem huawei | von meinem nokia | von meinem xperia | von meinem |
        gesendet von meinem | gesendet vom | gesendet von outlook | gesendet von yahoo |
        gesendet von mail | gesendet von unterwegs | gesendet von mobil | gesendet mit | gesendet über |
        gesendet aus | gesendet von ipad | gesendet von iphone | gesendet von proton | gesendet via |
        von unterwegs gesendet | von unterwegs | vom iphone gesendet | vom ipad gesendet |
        mobil gesendet | vom handy gesendet | vom mobiltelefon | vom smartphone | holen sie sich outlook |
        outlook für android | outlook für ios | outlook für | diese nachricht wurde von meinem |
        diese e-mail wurde von meinem | versendet mit | verschickt von | versandt mit |
        unterwegs gesendet | sent from my | diese nachricht wurde mit | die gmx | sicher versendet mit
    """),
    closings=phrases("""
        mit freundlichen grüßen | mit freundlichen grüssen | mit freundlichen gruessen |
        mit freundlichem gruß | mit freundlichem gruss | freundliche grüße | freundliche grüsse |
        freundliche gruesse | freundlichen gruß | freundlichen gruss | freundlicher gruß | viele grüße |
        viele grüsse | viele gruesse | vielen grüßen | mit vielen grüßen | mit vielen grüssen |
        liebe grüße | liebe grüsse | liebe gruesse | lieben gruß | lieber gruß | liebe gruss |
        lieben gruss | schöne grüße | schöne grüsse | schönen gruß | schönen gruss | beste grüße |
        beste grüsse | beste gruesse | besten gruß | mit besten grüßen | mit besten grüssen |
        mit bestem gruß | herzliche grüße | herzliche grüsse | herzlichen gruß | herzlichst | herzlich |
        mit herzlichen grüßen | mit herzlichen grüssen | mit lieben grüßen | mit schönen grüßen | gruß |
        gruss | grüße | grüsse | gruesse | grüßle | mfg | m.f.g | mit frdl. grüßen | mit freundl. grüßen |
        mit freundlicher empfehlung | lg | vg | bg | fg | vlg | glg | hg | sg | mit kollegialen grüßen |
        kollegiale grüße | hochachtungsvoll | hochachtend | sonnige grüße | viele liebe grüße |
        mit sonnigen grüßen | mit freundlichen grüßen aus | viele grüße aus | liebe grüße aus |
        schöne grüße aus | beste grüße aus | freundliche grüße aus | grüße aus |
        mit freundlichen grüßen / kind regards | mit freundlichen grüßen / best regards |
        mit freundlichen grüßen/best regards | mit freundlichen grüßen/kind regards | danke und gruß |
        danke und grüße | danke und viele grüße | vielen dank und viele grüße |
        vielen dank und freundliche grüße | vielen dank und beste grüße | danke & gruß | danke & grüße |
        dank und gruß | danke und lg | danke lg | danke und vg | danke, lg | danke und gruss |
        vielen dank und mit freundlichen grüßen | vielen dank und gruß | servus | bis dann | bis bald |
        schönen tag noch | einen schönen tag noch | schönes wochenende
    """),
    thanks=phrases("""
        danke | vielen dank | besten dank | herzlichen dank | danke schön | dankeschön | danke im voraus |
        vielen dank im voraus | besten dank im voraus | danke vorab | vielen dank vorab | danke schonmal |
        danke schon mal | danke euch | danke dir | mit bestem dank | vielen dank nochmals | mit dank |
        dankend | nochmals vielen dank | danke für die hilfe | danke für ihre hilfe |
        vielen dank für ihre hilfe | vielen dank für die hilfe
    """),
    disclaimers=phrases("""
        diese e-mail enthält vertrauliche | diese email enthält vertrauliche |
        diese e-mail kann vertraulich | diese nachricht enthält vertrauliche | diese nachricht kann |
        diese nachricht ist | diese e-mail ist | diese mail ist | diese mail enthält | diese e-mail und |
        diese email und | diese nachricht und | diese e-mail einschließlich |
        diese e-mail, einschließlich | diese e-mail (einschließlich | die information in dieser |
        die informationen in dieser | die in dieser e | die in dieser n | der inhalt dieser |
        der inhalt dieses | dieses e-mail | dieses email | dieses mail | diese elektronische nachricht |
        vertraulichkeitshinweis | vertraulichkeitserklärung | haftungsausschluss | rechtlicher hinweis |
        wichtiger hinweis: | hinweis: diese | disclaimer: | bitte denken sie an die umwelt |
        bitte prüfen sie, ob diese | bitte überlegen sie | denken sie an die umwelt | bevor sie diese e |
        der umwelt zuliebe | umwelt schützen | bitte schonen sie die umwelt |
        wenn sie nicht der richtige | wenn sie nicht der | falls sie nicht der | sollten sie nicht der |
        sollten sie diese | falls sie diese e-mail irrtümlich | wenn sie diese e-mail irrtümlich |
        sofern sie nicht | das unerlaubte kopieren | das unbefugte | jede unbefugte |
        diese e-mail wurde von avast | diese e-mail wurde auf viren | virenfrei | geschäftsführer: |
        geschäftsführung: | geschäftsführerin: | vorstand: | vorsitzender des | aufsichtsratsvorsitz |
        sitz der gesellschaft | registergericht | handelsregister | amtsgericht | ust-id | ust.-id | hrb |
        es gelten unsere | informationen zum datenschutz | hinweise zum datenschutz |
        datenschutzhinweise | unsere datenschutz | pflichtangaben | umsatzsteuer-id | firmenbuch
    """),
    disclaimer_words=phrases("""
        vertraulich | empfänger | adressat | irrtümlich | unbefugt | unerlaubt | nicht gestattet |
        vernichten | löschen | absender | rechtlich geschützt | weitergabe | kopieren | haftung |
        bestimmt | untersagt | informieren sie | versehentlich | viren | verbreitung
    """),
    inline_hints=phrases("""
        siehe unten | siehe inline | siehe im text | siehe meine antworten | siehe meine kommentare |
        s.u | s. u | antworten unten | antworten im text | antworten inline | kommentare im text |
        kommentare unten | in rot | in blau | in grün | rot markiert | blau markiert | im text | inline |
        zwischen den zeilen | in ihrer mail | in deiner mail | untenstehend | unten stehend |
        nachfolgende mail | nachfolgende e-mail | untere mail | mail unten | e-mail unten |
        nachricht unten | unten in | fett gedruckt | folgende mail | folgende e-mail | mail weiter unten |
        unter den fragen | bei den fragen | hinter den fragen | neben den fragen | zu jeder frage |
        unter jeder frage | in lila | in orange | meine antworten stehen
    """),
    reply_prefixes=phrases("re | aw | antw | antwort"),
    forward_prefixes=phrases("fw | fwd | wg | wtrlt | weitergeleitet | weiterleitung"),
    vacation_subjects=phrases("""
        automatische antwort | automatische rückantwort | automatische rueckantwort |
        automatische rückmeldung | automatische nachricht | automatische mitteilung |
        automatische abwesenheit | automatische eingangsbestätigung | autom. antwort | abwesenheitsnotiz |
        abwesenheitsmeldung | abwesenheitsnachricht | abwesenheitsassistent | abwesenheitshinweis |
        abwesenheitsbenachrichtigung | abwesenheitsmitteilung | abwesenheit | abwesend | nicht im büro |
        nicht im hause | außer haus | ausser haus | außerhalb des büros | im urlaub | urlaubsbedingt |
        urlaubsnotiz | urlaubsmeldung | urlaub: | ich bin im urlaub | ich bin nicht im büro |
        ich bin derzeit nicht | eingangsbestätigung | empfangsbestätigung: |
        vielen dank für ihre nachricht | vielen dank für ihre e-mail | vielen dank für ihre anfrage |
        elternzeit | mutterschutz | zur zeit nicht | zurzeit nicht im | nicht am arbeitsplatz
    """),
    vacation_phrases=phrases("""
        ich bin nicht im büro | ich bin im urlaub | ich befinde mich im urlaub | bin ich nicht im büro |
        ich bin derzeit nicht | ich bin zurzeit nicht | ich bin zur zeit nicht | ich bin momentan nicht |
        bin ich nicht erreichbar | ich bin ab dem | in dringenden fällen | dies ist eine automatische |
        ihre e-mail wird nicht weitergeleitet | ihre nachricht wird nicht weitergeleitet |
        während meiner abwesenheit | bin ich wieder erreichbar | ich bin abwesend
    """),
    more_labels=phrases("anlagen | anlage | anhang | anhänge | wichtigkeit | priorität | vertraulichkeit"),
)
