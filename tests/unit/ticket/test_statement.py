from __future__ import annotations

from maild.mail.keywords import default_keywords
from maild.settings import Settings
from maild.ticket.classify import classify
from maild.ticket.vocabulary import TicketKind
from tests.cases import cases

SETTINGS = Settings(keywords=default_keywords())
#: subject | text: present tense, no word of fault
STATED = """
    Printer | The printer prints blank pages.
    Screen | The screen flickers.
    Laptop | My laptop does not wake up.
    Outlook | Outlook asks for the password again and again.
    Printer | It prints blank pages.
    Paper | The paper comes out grey.
    VPN | The VPN drops every ten minutes.
    Sound | The sound is gone since Monday.
    Drucker | Der Drucker druckt leere Seiten.
    Bildschirm | Der Bildschirm flackert.
    Laptop | Mein Laptop wacht nicht auf.
    Outlook | Outlook fragt ständig nach dem Kennwort.
    Scanner | Der Scanner zieht das Papier schief ein.
    Ton | Seit gestern ist der Ton weg.
    Maus | Die Maus springt hin und her.
    Printer | De printer print lege pagina's.
    Scherm | Het scherm knippert.
    Laptop | Mijn laptop wordt heel warm.
    Outlook | Outlook vraagt steeds om het wachtwoord.
    Muis | De muis verspringt.
    Nyomtató | A nyomtató üres lapokat nyomtat.
    Képernyő | A képernyő villog.
    Laptop | A laptopom magától kikapcsol.
    Outlook | Az Outlook folyton jelszót kér.
    Nyomtató | Üres lapokat nyomtat.
    Egér | Az egér ugrál.
    Imprimante | L'imprimante sort des pages blanches.
    Écran | L'écran clignote.
    Portable | Mon portable s'éteint tout seul.
    Outlook | Outlook redemande toujours le mot de passe.
    Souris | La souris saute partout.
"""
NOT_STATED = """
    Printer | Which printer prints in colour?
    Printer | The new printer arrives tomorrow.
    Printer | Thanks, the printer is fine.
    Question | I would like to know the price of a screen.
    Holiday | We are closed on Friday.
    Drucker | Der neue Drucker wird morgen geliefert.
    Frage | Wie stelle ich den Bildschirm heller?
    Drucker | Bitte stellt den Drucker in Raum 12.
    Printer | De nieuwe printer wordt morgen geleverd.
    Vraag | Hoe zet ik het scherm lichter?
    Nyomtató | Az új nyomtató holnap jön.
    Kérdés | Hogyan állíthatom a képernyőt világosabbra?
    Imprimante | La nouvelle imprimante sera livrée demain.
    Question | Comment régler l'écran ?
    Printer | Attached is the photo of the printer.
    Fax | See the attached fax.
    Help | Peter is ill.
"""


def rows(text: str) -> list[tuple[str, str]]:
    return [
        (subject.strip(), said.strip())
        for subject, _, said in (line.partition(" | ") for line in text.strip().split("\n"))
    ]


@cases(("subject", "text"), rows(STATED))
def test_a_statement_about_a_thing_that_asks_for_nothing_is_an_incident(subject: str, text: str) -> None:
    for said in (text, f"Hello,\n\n{text}\n\nAnna Kiss"):
        assert classify(subject, said, None, None, SETTINGS).kind == TicketKind.INCIDENT


@cases(("subject", "text"), rows(NOT_STATED))
def test_what_asks_announces_or_thanks_is_none(subject: str, text: str) -> None:
    assert classify(subject, text, None, None, SETTINGS).kind != TicketKind.INCIDENT
