"""The week that `maild demo --week` plays and tests/scenarios/test_week.py proves: who writes what, and when.

Easter 2027: Good Friday on 26 March, daylight saving from Sunday 28 March on, Easter Monday on 29 March.
All times are those of the desk in Budapest.
"""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maild.demo import desk_file
from maild.values import dataclass

ZONE = "Europe/Budapest"
START, END = "2027-03-24 08:00", "2027-03-31 12:00"

CONFIG = desk_file("week.toml")
COMPANIES = desk_file("week_companies.toml")

PEOPLE = {
    "anna": "Kovács Anna <anna@duna.example>",
    "gabor": "Nagy Gábor <gabor@duna.example>",
    "peti": "Tóth Péter <peti@duna.example>",
    "joost": "Joost van Dam <joost@vandam.example>",
    "saskia": "Saskia de Wit <saskia@vandam.example>",
    "els": "Els Peeters <els@leie.example>",
    "luc": "Luc Lambert <luc@namur.leie.example>",
    "emma": "Emma Clarke <emma@northsea.example>",
    "bram": "Bram Visser <bram@taxiutrecht.example>",
    "ineke": "Ineke Smit <ineke@taxiutrecht.example>",
    "heike": "Heike Kessler <heike@kessler.example>",
    "bolt": "Sarki Bolt <bolt@sarki.example>",
    "stranger": "Sam Jones <sam.jones@elsewhere.example>",
    "other": "Visitor <visitor@elsewhere.example>",
}


def moment(text: str) -> datetime:
    """`2027-03-24 08:05` on the desk's wall clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@dataclass(frozen=True)
class CustomerMail:
    """A customer's mail. `answers` is the ticket whose last mail to them they reply to."""

    at: str
    who: str
    subject: str
    text: str
    answers: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    picture: bool = False
    notice: str = ""  # that they reply to, where it is not the last
    bounces: bool = False  # not a person: the report that the last mail to them could not be delivered


@dataclass(frozen=True)
class AgentTurn:
    """A verb of an agent."""

    at: str
    agent: str
    words: tuple[str, ...]


def act(at: str, agent: str, *words: str) -> AgentTurn:
    return AgentTurn(at, agent, words)


WED, THU, FRI, SAT = "2027-03-24", "2027-03-25", "2027-03-26", "2027-03-27"
SUN, MON, TUE = "2027-03-28", "2027-03-29", "2027-03-30"

WEEK: tuple[CustomerMail | AgentTurn, ...] = (
    # Wednesday: 1001 to 1012
    CustomerMail(f"{WED} 08:05", "anna", "Nem tudok nyomtatni", "Nem megy a nyomtató.\n\nAnna\n"),
    act(f"{WED} 08:20", "kata", "take", "1001"),
    CustomerMail(f"{WED} 08:30", "peti", "Elfelejtettem a jelszavam", "Nem tudok belépni az adatbázisba.\n\nPeti\n"),
    CustomerMail(f"{WED} 09:10", "anna", "Re: {subject}", "ok\n\nAnna\n", answers=1002),
    CustomerMail(f"{WED} 09:15", "joost", "Kassa 3 start niet",
        "Goedemorgen,\n\nSinds vanmorgen 8:40 start kassa 3 in de winkel niet meer op, de andere kassa's werken wel. "
        'Op het scherm staat "Fout 0x80004005: database niet gevonden". Ik heb de kassa al twee keer opnieuw gestart. '
        "Een foto van het scherm heb ik toegevoegd.\n\nMet vriendelijke groet,\nJoost van Dam\n", picture=True),
    CustomerMail(f"{WED} 09:40", "emma", "Checkout fails",
        "The checkout page fails for all users since 9:30.\n\nEmma\n"),
    CustomerMail(f"{WED} 10:00", "bram", "Meldkamer ligt plat",
        "De meldkamer krijgt geen ritten meer binnen sinds 9:50.\n\nEn de bonprinter in wagen 12 print geen bonnen meer.\n"),
    act(f"{WED} 10:15", "kata", "set", "1003", "--severity", "system"),
    CustomerMail(f"{WED} 10:20", "bram", "Opleiding planner",
        "Is het mogelijk een opleiding te krijgen voor de planner?\n"),
    CustomerMail(f"{WED} 10:30", "heike", "Angebot", "Bitte senden Sie uns ein Angebot für fünf Arbeitsplätze.\n"),
    CustomerMail(f"{WED} 10:45", "bolt", "Nem megy a kassza", "Reggel óta nem indul a kassza.\n"),
    CustomerMail(f"{WED} 10:46", "bolt", "", "", answers=1008, bounces=True),
    CustomerMail(f"{WED} 11:00", "stranger", "Your product", "Hello, I would like to know more about your product.\n"),
    CustomerMail(f"{WED} 11:15", "other", "Re: [#1001] printing", "What is the state of this?\n"),
    CustomerMail(f"{WED} 11:30", "anna", "Re: {subject}",
        "A könyvelésen is ez a helyzet, tegnap délután óta.\n\nAnna\n", answers=1001),
    CustomerMail(f"{WED} 11:35", "gabor", "Re: [#1001] Nyomtató", "Nálam a második emeleten sem megy.\n\nGábor\n"),
    CustomerMail(f"{WED} 11:40", "emma", "Re: [#1001] invoice export", "How do I export last month's invoices?\n"),
    CustomerMail(f"{WED} 11:45", "anna", "Automatikus válasz: {subject}", "Házon kívül vagyok.\n", answers=1001,
        fields={"Auto-Submitted": "auto-replied"}),
    act(f"{WED} 12:00", "peter", "take", "1004"),
    act(f"{WED} 12:05", "peter", "take", "1011"),
    act(f"{WED} 12:10", "peter", "close", "1011", "-m", "Settings, Export, choose the month."),
    act(f"{WED} 12:40", "kata", "take", "1003"),
    act(f"{WED} 12:45", "kata", "log", "1003", "25m", "--own-fault", "-m", "our update broke the database's name"),
    act(f"{WED} 12:50", "kata", "take", "1005"),
    act(f"{WED} 13:00", "peter", "phase", "1004", "in_progress", "-m", "We restart the payment service."),
    act(f"{WED} 13:02", "kata", "close", "1003", "-m", "De kassa start weer; de update is teruggedraaid."),
    act(f"{WED} 13:30", "peter", "phase", "1004", "resolved", "-m", "The payment service runs again."),
    act(f"{WED} 13:35", "peter", "log", "1004", "1h20", "-m", "payment service"),
    act(f"{WED} 13:40", "peter", "log", "1004", "1h", "--correct", "{time}", "-m", "lunch was counted"),
    act(f"{WED} 14:00", "kata", "split", "1005", "--subject", "Bonprinter in wagen 12",
        "-m", "De bonprinter in wagen 12 print geen bonnen meer."),
    act(f"{WED} 14:05", "kata", "take", "1012"),
    act(f"{WED} 14:30", "kata", "take", "1002"),
    act(f"{WED} 14:50", "kata", "log", "1001", "20m", "-m", "printer queue"),
    act(f"{WED} 15:00", "kata", "close", "1001", "-m", "A nyomtatási sor újraindult, ismét lehet nyomtatni."),
    act(f"{WED} 15:30", "kata", "close", "1002", "-m", "Új jelszót állítottunk be."),
    act(f"{WED} 16:50", "kata", "log", "1005", "10m", "--courtesy", "-m", "a short look, no charge"),
    act(f"{WED} 17:00", "kata", "close", "1005", "-m", "De ritten komen weer binnen."),
    # Thursday: 1013 to 1021
    CustomerMail(f"{THU} 08:50", "emma", "Re: {subject}", "Thanks a lot, works again!\n\nEmma\n", answers=1004),
    CustomerMail(f"{THU} 09:00", "els", "Scherm loopt vast", "Het scherm loopt vast.\n\nEls\n"),
    act(f"{THU} 09:05", "vera", "quote", "send", "1007", "--item", "Fünf Arbeitsplätze mit Monitor=7450",
        "--item", "Einrichtung vor Ort=600", "--currency", "EUR", "--vat", "zzgl. 19 % MwSt.", "--valid", "14d",
        "-m", "Fünf Arbeitsplätze mit je zwei Bildschirmen, geliefert und bei Ihnen eingerichtet."),
    act(f"{THU} 09:10", "kata", "reply", "1006", "-m", "Een opleiding kan in april; ik zoek een datum."),
    act(f"{THU} 09:30", "kata", "take", "1013"),
    CustomerMail(f"{THU} 10:00", "anna", "Könyvelés mappa",
        "Kérem, Tóth Péter kapjon hozzáférést a könyvelés mappához.\n"),
    act(f"{THU} 10:30", "kata", "close", "1012", "-m", "De bonprinter heeft een nieuwe rol papier."),
    CustomerMail(f"{THU} 11:00", "gabor", "Re: {subject}", "Jóváhagyom.\n\nNagy Gábor\n", answers=1014),
    CustomerMail(f"{THU} 11:20", "heike", "AW: {subject}",
        "Können Sie die Arbeitsplätze auch an einem Samstag einrichten?\n\nHeike Kessler\n", answers=1007),
    CustomerMail(f"{THU} 11:30", "bram", "Nieuwe laptop", "Graag een nieuwe laptop voor de nieuwe planner.\n\nBram\n"),
    act(f"{THU} 11:50", "vera", "reply", "1007",
        "-m", "Guten Tag Frau Kessler,\n\nja, das geht, und zum selben Preis."),
    CustomerMail(f"{THU} 12:00", "saskia", "Klacht",
        "Ik ben zeer ontevreden: ik heb al drie keer gemaild over de etiketten en "
        "niemand belt mij terug. Mijn nummer is 020 555 0199.\n\nSaskia de Wit\n"),
    act(f"{THU} 12:30", "lena", "take", "1016"),
    act(f"{THU} 13:00", "kata", "new", "--channel", "phone", "--from", "els@leie.example",
        "--severity", "infrastructure", "--subject", "Alarmserver van campus Gent",
        "-m", "De alarmserver antwoordt niet meer."),
    act(f"{THU} 13:05", "kata", "take", "1017"),
    act(f"{THU} 13:10", "kata", "new", "--channel", "phone", "--from", "anna@duna.example", "--kind", "permission",
        "--subject", "Jogosultság a raktárhoz", "-m", "Olvasási jogot kér a raktár mappájához Tóth Péternek."),
    CustomerMail(f"{THU} 14:00", "ineke", "Re: {subject}", "Afgekeurd.\n\nIneke\n", answers=1015),
    CustomerMail(f"{THU} 14:10", "luc", "TR: Impression des plannings",
        "Bonjour,\n\nPouvez-vous regarder ce message de ma collègue ?\n\nLuc Lambert\n\n"
        "-----Message d'origine-----\nDe : Marie Dubois <marie@ailleurs.example>\nEnvoyé : jeudi 25 mars 2027 13:58\n"
        "À : Luc Lambert\nObjet : Impression des plannings\n\nLes plannings ne s'impriment plus.\n"),
    CustomerMail(f"{THU} 15:00", "joost", "Voorraadlijst klopt niet", "De voorraadlijst toont verkeerde aantallen.\n"),
    act(f"{THU} 15:30", "kata", "close", "1017", "-m", "De alarmserver draait weer."),
    act(f"{THU} 16:00", "kata", "phase", "1013", "waiting_customer", "-m", "Op welke pc gebeurt dit?"),
    act(f"{THU} 16:30", "kata", "take", "1019"),
    CustomerMail(f"{THU} 19:30", "emma", "Coupon code",
        "The coupon code SPRING is refused, error E1207, since 7 pm.\n"),
    # Good Friday: 1022 to 1024
    CustomerMail(f"{FRI} 08:15", "heike", "AW: {subject}", "Wir nehmen das Angebot an.\n\nHeike Kessler\n",
        answers=1007),
    CustomerMail(f"{FRI} 08:25", "heike", "AW: {subject}", "Wir nehmen das Angebot an.\n\nHeike Kessler\n",
        answers=1007, notice="quote_request"),
    act(f"{FRI} 08:30", "peter", "take", "1021"),
    act(f"{FRI} 10:00", "peter", "close", "1021", "-m", "The coupon is valid again."),
    CustomerMail(f"{FRI} 10:05", "saskia", "Aantallen", "De aantallen in de voorraad zijn fout sinds gisteren.\n"),
    act(f"{FRI} 10:15", "kata", "take", "1020"),
    act(f"{FRI} 10:20", "kata", "merge", "1022", "1020"),
    CustomerMail(f"{FRI} 10:40", "saskia", "Re: {subject}", "Het gaat om de blauwe jassen.\n", answers=1022),
    act(f"{FRI} 11:00", "kata", "close", "1019", "-m", "L'imprimante est de nouveau en ligne."),
    act(f"{FRI} 13:00", "kata", "outage", "open", "E-mail vertraagd / Courriels retardés", "--company", "vandam",
        "--company", "leie", "--word", "mail*", "--word", "courriel*", "--eta", "2027-03-26 17:00"),
    CustomerMail(f"{FRI} 13:10", "luc", "Courriels", "Les courriels n'arrivent pas depuis midi.\n\nLuc\n"),
    CustomerMail(f"{FRI} 13:20", "saskia", "Mail komt niet aan", "De mail van de bank komt niet aan.\n\nSaskia\n"),
    CustomerMail(f"{FRI} 13:40", "saskia", "Re: {subject}", "Dit is het niet: alleen de bank ontbreekt.\n",
        answers=1024),
    act(f"{FRI} 14:00", "kata", "take", "1024"),
    act(f"{FRI} 14:30", "kata", "outage", "update", "1", "-m", "La file d'attente diminue."),
    act(f"{FRI} 14:45", "kata", "close", "1020", "-m", "De aantallen kloppen weer."),
    act(f"{FRI} 16:00", "kata", "outage", "resolve", "1", "-m", "Tous les courriels sont distribués."),
    # the night of Saturday: 1025 and 1026
    CustomerMail(f"{SAT} 23:10", "anna", "Nincs internet",
        "Az egész cégnél leállt a hálózat, nincs internet.\n\nAnna\n"),
    act(f"{SAT} 23:50", "nadia", "take", "1025"),
    CustomerMail(f"{SUN} 00:30", "emma", "Shop slow", "The shop is slow for everyone since midnight, error 503.\n"),
    act(f"{SUN} 03:30", "nadia", "phase", "1025", "resolved", "-m", "A szolgáltató elhárította a hibát."),
    act(f"{SUN} 08:30", "peter", "take", "1026"),
    act(f"{SUN} 09:00", "peter", "close", "1026", "-m", "A search robot was turned away."),
    # Easter Monday: 1027 and 1028
    CustomerMail(f"{MON} 10:00", "emma", "Re: {subject}", "The checkout fails again, same error.\n", answers=1004),
    CustomerMail(f"{MON} 11:00", "joost", "Etiketten", "Hoe kan ik de etiketten groter afdrukken?\n\nJoost\n"),
    CustomerMail(f"{MON} 12:00", "emma", "Re: {subject}", "The export of invoices stops at page 2.\n", answers=1011),
    act(f"{MON} 12:30", "kata", "close", "1024", "-m", "De bank staat niet meer op de lijst."),
    act(f"{MON} 12:35", "peter", "take", "1028"),
    act(f"{MON} 13:00", "peter", "phase", "1004", "resolved", "-m", "A second instance now takes over."),
    act(f"{MON} 13:10", "peter", "close", "1028", "-m", "The limit of pages is gone."),
    # Tuesday brings the last ticket, 1029
    act(f"{TUE} 09:30", "kata", "take", "1014"),
    CustomerMail(f"{TUE} 09:30", "els", "Re: {subject}", "Op de pc van de balie.\n\nEls\n", answers=1013),
    act(f"{TUE} 09:45", "kata", "take", "1027"),
    act(f"{TUE} 10:00", "kata", "project", "1006", "--subject", "Opleiding planner", "-m", "We plannen dit samen."),
    act(f"{TUE} 10:10", "vera", "phase", "1007", "scheduled", "--at", "2027-04-10 09:00",
        "-m", "Wir kommen zu zweit und bringen alles mit."),
    act(f"{TUE} 10:30", "lena", "close", "1016", "-m", "Wij hebben u gebeld en het opgelost."),
    act(f"{TUE} 11:00", "kata", "close", "1014", "-m", "A hozzáférés beállítva."),
    act(f"{TUE} 15:00", "kata", "close", "1027", "-m", "Kies bij afdrukken het formaat 150 %."),
)  # fmt: skip
