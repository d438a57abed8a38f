"""Words of the permission and device tables that only name what is broken hold nothing (contract, "Words that hold")."""

from __future__ import annotations

import pytest

from maild.ticket.classify import classify
from maild.ticket.vocabulary import TicketKind
from tests.cases import cases
from tests.unit.ticket.keyed import SETTINGS

HELD = (TicketKind.PERMISSION, TicketKind.DEVICE)

TROUBLE = """
    Cannot get access to my mailbox
    is it phishing? It asks me for access to my account
    Access to the shared folder is denied for everyone
    Access to the CRM stopped working this morning
    Why do I not have access to the archive any more?
    My permissions are gone after the move
    Who has access to the finance folder?
    Since the update the docking station is not recognised, my second monitor stays black
    Read access to the report share fails with error 5
    Our write access was lost over night
    The permissions of the scan folder are wrong, error 0x80070005
    Is the docking station of room 12 in use?
    Ik kan geen toegang krijgen tot mijn mailbox
    De toegang tot het portaal werkt niet
    Waarom heb ik geen schrijfrechten meer op de map?
    Mijn schrijfrechten zijn verdwenen na de update
    Wie heeft toegang tot de map financiën?
    Het tweede scherm blijft zwart sinds vanmorgen, de dockingstation werkt niet
    Megszűnt a jogosultságom a könyvelési mappához
    Nincs jogosultságom nyomtatni tegnap óta, hibaüzenetet ad
    Miért nincs hozzáférésem a naptárhoz?
    Kinek van hozzáférése a pénzügyi mappához?
    A rendszer szerint lejárt a hozzáférésem
    Elveszett az írási jogom a közös mappában
    Der Zugriff auf das Portal funktioniert nicht
    Die Berechtigung fehlt plötzlich seit dem Update
    Wer hat Zugriff auf den Finanzordner?
    Warum ist der Zugriff auf das Archiv gesperrt?
    Meine Schreibrechte sind seit gestern weg
    Der zweite Monitor bleibt schwarz, das Ersatzgerät startet nicht
    L'accès au dossier est refusé
    L'accès au portail ne fonctionne plus
    Pourquoi est-ce que l'accès aux archives est bloqué ?
    Qui a accès au dossier Finance ?
    Nos droits d'écriture ont disparu depuis lundi
    Le second écran reste noir, mon nouveau casque ne marche pas
"""

REQUESTS = """
    Please give Dora access to the finance folder
    Could you give me access to the archive?
    Can Dora have access to the archive?
    I do not have access to the sales folder, please give me access.
    Please grant the new colleague access to the CRM; she cannot start without it.
    Dora cannot work without access to the CRM
    Peter should not have access to the finance folder any more
    Write access for Dora on the project folder because she cannot save
    She needs access to the folder, it says denied
    Access to the CRM for Dora, please. Her old account is gone.
    New laptop for Dora, hers is broken
    We need a new laptop because the old one does not start
    Kunt u Dora toegang geven tot de map financiën?
    Graag schrijfrechten voor Piet op de map projecten, hij kan niets opslaan
    Dora heeft nog geen toegang tot het archief
    Piet mag geen toegang tot de map meer hebben, graag intrekken
    Graag een nieuwe laptop voor Dora want de oude start niet
    Kérem, adjanak hozzáférést Kiss Dórának a pénzügyi mappához, mert nem látja
    Adnának hozzáférést Péternek a naptárhoz?
    Dórának még nincs hozzáférése a naptárhoz
    Kellene egy új laptop, mert a régi nem indul
    Können Sie Herrn Weber Zugriff auf das Laufwerk geben?
    Bitte Zugriff für Dora einrichten, sie kann sonst nicht arbeiten.
    Frau Klein hat noch keinen Zugriff auf den Ordner
    Ohne Zugriff auf das CRM kann Dora nicht arbeiten
    Wir brauchen einen neuen Laptop, der alte startet nicht
    Pouvez-vous donner à Paul l'accès au lecteur ?
    Merci de donner l'accès au dossier Finance à Dora, elle ne peut pas travailler
    Paul n'a pas encore accès au lecteur
    Sans accès au CRM, Dora ne peut pas travailler
    Il nous faut un nouvel ordinateur, l'ancien ne démarre plus
    Is it phishing? By the way, please give Dora access to the finance folder.
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


@cases("text", lines(TROUBLE))
def test_trouble_beside_the_word_holds_nothing(text: str) -> None:
    for language in (None, "en", "nl", "hu", "de", "fr"):
        found = classify("Help", f"Hello,\n\n{text}\n\nAnna", language, None, SETTINGS)
        assert found.kind not in HELD, found.reasons


@cases("text", lines(REQUESTS))
def test_a_request_is_held_whatever_trouble_stands_around_it(text: str) -> None:
    for language in (None, "en", "nl", "hu", "de", "fr"):
        found = classify("Help", f"Hello,\n\n{text}\n\nAnna", language, None, SETTINGS)
        assert found.kind in HELD, found.reasons


@pytest.mark.parametrize(
    ("subject", "text", "held"),
    [
        ("Permissions", "My permissions are gone after the move.", False),
        ("New laptop", "The new laptop shows no picture.", False),
        ("Berechtigung", "Warum kommt die Meldung: fehlende Berechtigung?", False),
        ("Rechten", "Sinds vandaag heb ik geen rechten meer op schijf P.", False),
        ("Hozzáférés", "Megszűnt a hozzáférésem a CRM-hez.", False),
        ("Jogosultság", "Ma reggel óta nincs jogosultságom a P meghajtóhoz, hibát ír.", False),
        ("Autorisation", "L'autorisation a disparu depuis lundi.", False),
        # the text does not speak of it, or the subject says more than its name
        ("Permissions", "Dora starts on Monday.", True),
        ("Permissions for Dora", "Her permissions are gone.", True),
        ("Hozzáférés", "Kérek hozzáférést a CRM-hez, most nincs.", True),
        ("Rechten", "Ik heb beheerdersrechten nodig op mijn laptop.", True),
        ("Droits", "J'ai besoin des droits d'administrateur sur mon portable.", True),
    ],
)
def test_a_subject_that_only_names_the_thing_says_what_the_text_says(
    subject: str, text: str, held: bool
) -> None:
    assert (classify(subject, text, None, None, SETTINGS).kind in HELD) is held


@pytest.mark.parametrize("line", ["\U0001f44d", "---", "!!", "...", "\u200b", "\u2764\ufe0f \u2764\ufe0f"])
def test_a_line_without_a_word_changes_nothing(line: str) -> None:
    for text in ("Admin rights for Eva.", "Dora starts on Monday."):
        for around in (f"{line}\n\n{text}", f"{text}\n\n{line}"):
            assert classify("New laptop", around, None, None, SETTINGS).kind in HELD
    assert (
        classify("New laptop", f"{line}\n\nMy new laptop makes a sound.", None, None, SETTINGS).kind
        not in HELD
    )
    assert classify("New laptop", line, None, None, SETTINGS).kind in HELD


def test_trouble_elsewhere_does_not_hide_a_request() -> None:
    text = "Access to the CRM is denied for all of us.\n\nDora: write access to the finance folder."
    assert classify("Two things", text, "en", None, SETTINGS).kind == TicketKind.PERMISSION


def test_the_reason_names_the_word_and_why_it_holds_nothing() -> None:
    found = classify("Help", "The access rights are gone.", "en", None, SETTINGS)
    assert found.kind == TicketKind.INCIDENT
    assert any(
        "access rights" in reason.evidence and "trouble" in reason.evidence for reason in found.reasons
    )
