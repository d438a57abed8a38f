"""What people write, through the port: answers with more than the word, requests that change who may do what, acts of an
agent's mail."""

from __future__ import annotations

import pytest

from maild.app import change_company
from maild.model import ContactInput
from maild.work.nonces import token
from tests.consent.keys import sign
from tests.consent.test_acts import act
from tests.consent.test_agents_mail import answer, opened, signed
from tests.consent.test_law import mail
from tests.consent.test_word_shown import held_and_asked_plainly
from tests.consent.world import World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

#: answers that begin with a word of the table and say something else, or more
MORE_THAN_THE_WORD = (
    "No problem, go ahead.", "Yes, I have received it and will look at it.", "Yes what is this about",
    "Approved would be wrong here.", "Yes, provided that it ends in May.", "Yes after Friday",
    "Yes\r\n\r\nWait, I have to ask first.", "Yes we can GmbH", "Yes\r\n\r\nKind regards\r\nBoss\r\nnot before Monday",
    "-Yes-", "Yes, Mallory", "Ja, maar pas volgende week", "Igen, de csak holnap", "Ja, aber nur lesend",
    "Oui, sauf pour Mallory", "Ja, wenn Anna zustimmt", "Nem gond, mehet", "Geen nee",
)  # fmt: skip


def test_more_than_the_word_is_asked_once_more_plainly(world: World) -> None:
    for text in MORE_THAN_THE_WORD:
        asked = world.ask()
        raw = sign(asked.reply(f"{text}\r\n"))
        held_and_asked_plainly(world, asked, raw)


#: what a stranger in somebody's name would ask for, and an honest colleague needs an approver for
HELD = (
    "Please reset Peter's password.", "Please change Peter Nagy\u2019s password.", "Please reset my colleague's password.",
    "Kunt u het wachtwoord van Peter opnieuw instellen?", "Graag het wachtwoord van Peter resetten.",
    "Please reset the password of my colleague Peter Nagy.", "Could you set a new password for Peter and send it to me?",
    "Please create a new account for our trainee Eva.", "We need a new user for Eva Kiss who starts on Monday.",
    "Please open port 443 on the firewall for our supplier.", "Please add a firewall rule for 192.0.2.1.",
    "Please forward all mails of Peter to my address.", "Please set up a forwarding from peter@acme.example to me.",
    "Please add me to the Domain Admins group.", "Please make me a local administrator.",
    "Please give me wr\u0456te acc\u0435ss to the share.",
    "Kérem, állítsák vissza Nagy Péter jelszavát.", "Kérünk egy új felhasználót Kiss Évának.",
    "Kérem, nyissák meg a 443-as portot a tűzfalon.", "Kérem, irányítsák át Péter leveleit hozzám.",
    "Kérem, vegyenek fel a Domain Admins csoportba.",
    "Bitte setzen Sie das Passwort von Peter zurück.", "Bitte legen Sie ein neues Konto für Eva an.",
    "Bitte öffnen Sie Port 443 in der Firewall.", "Bitte leiten Sie alle Mails von Peter an mich weiter.",
    "Bitte nehmen Sie mich in die Gruppe Domänen-Admins auf.",
    "Graag een nieuw wachtwoord voor mijn collega Peter.", "Graag een nieuw account voor Eva aanmaken.",
    "Kunt u poort 443 openen in de firewall?", "Kunt u alle mails van Peter naar mij doorsturen?",
    "Graag mij toevoegen aan de groep Domain Admins.",
    "Merci de réinitialiser le mot de passe de Pierre.", "Merci de créer un nouveau compte pour Eva.",
    "Merci d'ouvrir le port 443 sur le pare-feu.", "Merci de transférer tous les mails de Pierre vers ma boîte.",
    "Merci de m'ajouter au groupe des administrateurs du domaine.",
    "Dóra nem fér hozzá. Hozzáadnátok?", "Dora kan er niet bij. Kunnen jullie haar toevoegen?",
    "Eva kommt nicht rein. Könnt ihr sie aufnehmen?", "Bitte entfernt Doras Zugriff.",
    "Please do not remove my access but Dora's.", "Please do not remove my access. Remove Dora's.",
    "Thank you for giving Dora access to the share.",
)  # fmt: skip
ORDINARY = (
    "Please reset my password.", "How do I change my own password?", "Kunt u het wachtwoord van mij resetten?",
    "I forgot my password, please reset it.", "My account is locked.", "The firewall blocks our printer since this morning.",
    "Please forward this to your accounting.", "Ich habe mein Passwort vergessen.", "Elfelejtettem a jelszavam.",
    "Ik ben mijn wachtwoord vergeten.", "J'ai oublié mon mot de passe.", "The port of the switch is broken.",
)  # fmt: skip

#: below a subject that asks for nothing itself
TOLD = (
    "Please do not remove my access.", "Merci d'avoir donné accès à Dora.",
    "Dora hat jetzt die Berechtigungen, die sie braucht.", "Dórának már megvannak a szükséges jogosultságai.",
)  # fmt: skip


def test_what_changes_who_may_do_what_is_held_and_trouble_of_the_same_words_is_not(world: World) -> None:
    for texts, subject, phase in (
        (HELD, "Request", "awaiting_approval"),
        (ORDINARY, "Request", "received"),
        (TOLD, "Dora", "received"),
    ):
        for text in texts:
            row = world.send(
                mail(f"{text}\r\n", subject=subject, more="Content-Type: text/plain; charset=utf-8\r\n")
            )
            assert world.phase(int(row["ticket"])) == phase, text


def test_dots_and_tags_at_a_provider_that_ignores_them_make_nobody_else(world: World) -> None:
    mine = "b.boss@gmail.com"
    world.write(lambda tx: tx.contacts.save("acme", ContactInput((mine,), name="B", roles=("approver",))))
    try:
        for sender, own in (
            ("bboss@gmail.com", True),
            ("b.b.oss+x@gmail.com", True),
            ("bbos@gmail.com", False),
        ):
            row = world.send(
                mail("Please grant me write access to the share.\r\n", sender=sender, subject="Share")
            )
            number = int(row["ticket"])
            company = world.read(lambda tx: tx.companies.get("acme"))
            act(world, number, lambda a, t, to=company: change_company.move(a, t, to, {}, token))
            held = world.read(lambda tx, at=number: tx.consents.waiting(at))  # type: ignore[misc]
            assert held is not None
            assert (mine in held.approvers) is not own, sender
            assert "vice@acme.example" in held.approvers
    finally:
        world.write(lambda tx: tx.contacts.remove(mine))


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("/assign kata", "owner", "kata"), ("/assign L2", "team", "L2"), ("/severity system", "severity", "system"),
        ("/kind question", "kind", "question"), ("/phase waiting", "phase", "waiting_customer"),
        ("/phase progress", "phase", "in_progress"),
    ],
)  # fmt: skip
def test_each_line_of_an_agents_mail_does_what_its_verb_does(
    world: World, line: str, field: str, value: str
) -> None:
    ticket = opened(world)
    world.send(signed(answer(ticket, f"/take\r\n{line}\r\n\r\nWe look at it.")))
    one = ticket.whole
    assert one[field] == value
    assert one["owner"] == "kata"
    assert [e["text"] for e in one["entries"] if e["type"] == "reply"] == ["We look at it."]
