"""What ordinary mails tell of rights, accounts and devices is no request; what only looks like telling is one."""

from __future__ import annotations

from maild.ticket.classify import classify
from tests.cases import cases
from tests.corpus.everyday.ordinary import ORDINARY
from tests.corpus.everyday.wanted import WANTED
from tests.unit.ticket.keyed import SETTINGS


@cases(("language", "what", "subject", "text"), ORDINARY)
def test_what_customers_write_on_an_ordinary_day_waits_for_no_consent(
    language: str, what: str, subject: str, text: str
) -> None:
    for known in (None, language):
        found = classify(subject, text, known, None, SETTINGS)
        assert found.asks is None, found.reasons


@cases(("language", "what", "subject", "text"), WANTED)
def test_what_people_want_in_their_own_words_is_held(
    language: str, what: str, subject: str, text: str
) -> None:
    for known in (None, language):
        found = classify(subject, text, known, None, SETTINGS)
        assert found.asks == what, found.reasons


TOLD = """
    The laptop shows an error, now another one. What does it mean?
    Is the laptop in the hall the old one or a new one?
    I cannot add my account in Outlook.
    I can't create a group in Teams, it says try again later.
    Since yesterday I cannot put users in a group, the button is grey.
    The program wants to create an account every time I start it.
    Windows asks me to create an account, is that right?
    When I add a user to the chat the window closes.
    The app needs an account number, where do I find ours?
    Please send us the account statement for October.
    Please correct the name in my account, it is Baker, not Backer.
    Could you please send me the user manual?
    I need the phone number of your sales team.
    My account needs a new password every month, why?
    I need my laptop back, is the repair done?
    Please replace the battery of my laptop.
    The port of the switch in room 12 is broken, it does not open.
    I get an error about access rights when I start the program.
    I get the message that access is restricted.
    We got access to the portal, thanks. The invoice in it is wrong.
    Ich kann mein Konto in Outlook nicht hinzufügen.
    Beim Anlegen einer Gruppe in Teams kommt eine Fehlermeldung.
    Bitte korrigieren Sie den Namen in meinem Konto, ich heiße jetzt Sommer.
    Bitte schicken Sie uns das Benutzerhandbuch.
    Ich brauche mein Notebook zurück, ist die Reparatur fertig?
    Für die Anmeldung brauche ich ein Handy, stimmt das?
    Brauche ich für die neue Anmeldung ein Handy?
    Bitte tauschen Sie den Akku in meinem Laptop aus.
    Unser Angebot für neue Laptops haben wir noch nicht bekommen.
    Die neuen Notebooks sind gut angekommen, danke.
    Der Zugang zum Gebäude ist am Freitag nur über den Hof möglich.
    Die Rechte an dem Bild liegen bei der Agentur.
    Wir haben den Zugriff jetzt bekommen, danke. Die Rechnung darin ist aber falsch.
    Je n'arrive pas à ajouter mon compte dans Outlook.
    Impossible de créer un groupe dans Teams depuis hier.
    Merci de corriger le nom dans mon compte, je m'appelle Petit.
    J'ai besoin de récupérer mon portable, la réparation est-elle finie ?
    Merci de changer la batterie de mon portable.
    Faut-il un téléphone pour la nouvelle connexion ?
    Le nouvel écran est arrivé mais il manque le câble.
    Nous avons maintenant accès au portail, merci. La facture est fausse.
    Ik kan mijn account niet toevoegen in Outlook.
    Een groep maken in Teams lukt niet sinds gisteren.
    Willen jullie de naam in mijn account aanpassen? Ik heet nu De Boer.
    Ik heb mijn laptop terug nodig, is de reparatie klaar?
    Willen jullie de accu van mijn laptop vervangen?
    De toegang tot het gebouw is vrijdag alleen via de achterkant.
    De nieuwe laptops zijn goed aangekomen, dank je.
    We hebben nu toegang tot het portaal, bedankt. De factuur klopt niet.
    Nem tudom hozzáadni a fiókomat az Outlookban.
    Nem lehet csoportot létrehozni a Teamsben tegnap óta.
    Kérem, javítsák ki a nevet a fiókomban, már Kovács vagyok.
    Vissza kellene kapnom a laptopomat, kész a javítás?
    Kell telefon az új bejelentkezéshez?
    Kicserélnék az akkumulátort a laptopomban?
    A bejárat pénteken csak hátulról érhető el, a hozzáférés a garázson át lehetséges.
    Az új laptopok rendben megérkeztek, köszönjük.
    Megkaptuk a hozzáférést a portálhoz, köszönjük. A számla viszont hibás.
    Is it normal that everybody has access to the printer settings?
    Our new colleagues say the access to the building is locked on Saturdays.
    With my new phone I cannot read mails, I had to give it back my old SIM.
    I have access now, but the folder is empty.
    Access works again, thank you.
    The new laptop is great, only the mouse is missing.
    The new laptops you sent have the wrong keyboard.
    We sent the old laptop back on Tuesday, did it reach you?
    My new laptop needs to be restarted twice a day.
    The replacement laptop still gets hot.
    Who gave Peter access to my calendar?
    I forgot my password. Could you reset it?
    My password expired while I was on holiday, please send me a new one.
    The phone number in my signature is wrong, please correct it.
    Please add my mobile number to the phone list.
    Please add the new colleagues to the phone list on the website.
    Can you put the user manual into the shared folder?
    Can you open the ticket again? The port on my laptop still does not work.
    Is our account paid until December?
    We need our invoice with the account number on it.
    Dórának már megvannak a szükséges jogosultságai.
    Dora hat jetzt die Berechtigungen, die sie braucht.
    Please do not remove my access to the share.
    Please don't delete my account.
    Bitte entfernt meinen Zugriff auf den Ordner nicht.
    Bitte meine Berechtigungen nicht entfernen.
    Verwijder mijn toegang alsjeblieft niet.
    Graag mijn rechten niet intrekken.
    Merci de ne pas supprimer mon accès.
    Kérem, ne vegyék el a hozzáférésemet.
    Thank you for having given Dora access to the share.
    Danke, dass ihr Dora Zugriff auf den Ordner gegeben habt.
    Bedankt dat jullie Dora toegang tot de map hebben gegeven.
    Merci d'avoir donné accès à Dora.
    Merci pour l'accès que vous avez donné à Dora.
    Köszönjük, hogy Dóra megkapta a hozzáférést.
    Köszönöm a hozzáférést, amit Dórának adtatok.
    Mein Zugriff wurde entfernt.
    I cannot get into my mailbox. Could you reset it?
"""

ASKED = """
    I wanted to ask you to give Dora access to the CRM.
    Ich wollte Sie bitten, Dora Zugriff auf das CRM zu geben.
    I tried to open the drive, please give me access.
    I wanted access to the drive, please.
    Je voulais vous demander de donner à Paul l'accès au lecteur.
    Ik wilde u vragen Sanne toegang tot de map te geven.
    Ik wilde vragen of Sanne toegang tot de map kan krijgen.
    Dora's laptop is seven years old, another one?
    Mein Laptop ist sieben Jahre alt, ein neuer?
    Mijn scherm is tien jaar oud. Een nieuwe?
    Mon portable a sept ans, un autre ?
    Make sure that Dora has access to the CRM.
    Dora has to have access to the CRM by Monday.
    Access to the drive is urgent for Dora.
    Access to the drive is urgently needed.
    Can't you add Dora to the finance group?
    I cannot work give me access to the drive
    It would be good if Dora has access to the drive.
    When I return, please give me access to the drive.
    If I am not back give Dora access to my mailbox.
    Dora has access to the CRM that I need too.
    Peter had access to the drive, now Dora needs it.
    Jill had access to the invoices. I need it too.
    Dora has a new laptop and Peter needs a new monitor.
    Peter asks me to give Dora access to the drive.
    I cannot open the folder. Can you add me to the group?
    Thanks for giving Dora access to the CRM by Monday.
    Können Sie Dora nicht zur Gruppe hinzufügen?
    Bitte stellen Sie sicher, dass Dora Zugriff auf das CRM hat.
    Dora hat Zugriff auf das CRM, Peter braucht ihn auch.
    Frau Weiß hatte Zugriff auf die Rechnungen. Ich brauche ihn jetzt.
    Beim Wechsel bitte Dora Zugriff auf das Laufwerk geben.
    Zugriff auf das Laufwerk ist für Dora wichtig.
    Ich kann nicht arbeiten, geben Sie mir Adminrechte.
    Faites en sorte que Dora ait accès au CRM.
    Mme Roux avait accès aux factures, il me le faut aussi.
    Je n'arrive pas à ouvrir le dossier, ajoutez-moi au groupe.
    L'accès au CRM est nécessaire pour Dora.
    Zorg dat Sanne toegang heeft tot het CRM.
    Els had toegang tot de facturen, ik heb het nu ook nodig.
    Kun je Sanne niet aan de groep toevoegen?
    Toegang tot het CRM is dringend nodig.
    Gondoskodjanak róla, hogy Dórának legyen hozzáférése a CRM-hez.
    Évának volt hozzáférése a számlákhoz, most nekem is kellene.
    Nem tudok dolgozni, adjanak hozzáférést a mappához.
    A hozzáférés sürgős, Dóra hétfőn kezd.
    I got the new phone, now I need a new headset.
    The new laptops arrived. Please order two new monitors as well.
    Dora has no access and needs it for the audit.
    Dora's access to the CRM is to be extended until March.
    Dora's access to the CRM should be extended until March.
    Peter's access to the CRM is to be removed.
    My boss wants me to get access to the ledger.
    He has the new laptop, but she has the old one and wants a new laptop.
    Our colleagues have had access to the drive for years; do the same for Dora please.
    Dora has asked for access to the CRM.
    Peter has been promised access to the CRM.
    We have agreed that Dora gets access to the CRM.
    I have a request: access to the CRM for Dora.
    I have spoken to my boss: give Dora access to CRM.
    I had hoped for access to the CRM by now.
    I have been waiting for access to the CRM since Monday.
    We have a new colleague, access to the CRM as for Jill.
    I have yet to receive access to the CRM.
    Peter asks me to create an account for Dora.
    Mon chef me demande de créer un compte pour Paul.
    Dora has admin rights from Monday on.
    Starting Monday Dora has access to the CRM.
    Dora has write access to the CRM as of today.
    Peter has access to the CRM. Same for Dora.
    Peter has access to the CRM, Dora too.
    I have access to the CRM, Dora has not.
    Everybody has access to the CRM except Dora. Change that.
    Dora got promoted and has admin rights now, set that up.
    The boss has approved admin rights for me.
    I was granted admin rights by my boss.
    Boss approved: Dora has access to the CRM.
    Access to the CRM is granted to Dora.
    Admin rights were approved by the boss, Dora waits for them.
    Dora hat ab Montag Zugriff auf das CRM.
    Peter hat Zugriff auf das CRM, Dora auch.
    Der Chef hat Adminrechte für Dora genehmigt.
    Sanne heeft vanaf maandag toegang tot het CRM.
    Els heeft toegang tot het CRM, Sanne ook.
    De baas heeft adminrechten voor Sanne goedgekeurd.
    Paul a maintenant accès au CRM à partir de lundi.
    Dórának hétfőtől van adminjoga.
    Dóra nem fér hozzá. Hozzáadnátok?
    Dora kann nicht darauf zugreifen. Könnt ihr sie hinzufügen?
    Eva kommt nicht rein. Könnt ihr sie aufnehmen?
    Dora kan er niet bij. Kunnen jullie haar toevoegen?
    Dora n'y a pas accès. Pouvez-vous l'ajouter ?
    Elle n'arrive pas à y accéder. Pouvez-vous l'ajouter ?
    Dora cannot get in. Could you add her?
    Bitte entfernt Doras Zugriff.
    Dora hat jetzt die Berechtigungen, die ich brauche.
    Dora hat jetzt die Berechtigungen, die Eva auch braucht.
    Dora hat jetzt die Berechtigungen, die braucht Eva auch.
    If you do not remove Dora's access I will complain.
    Please do not remove my access but Dora's.
    Please do not remove my access. Remove Dora's.
    Please do not remove only my access.
    Please do not forget to remove Dora's access.
    Please do not remove my access until Dora has access to the drive.
    Bitte entfernt meinen Zugriff nicht, sondern den von Dora.
    Bitte entfernt den Zugriff auf den Ordner nicht nur von Dora.
    Bitte entfernt Doras Zugriff und nicht meinen.
    Bitte entfernt Doras Zugriff nicht meinen.
    Do not remove my access to the share and give Dora access to it.
    Verwijder haar toegang niet de mijne.
    Merci de ne pas supprimer mon accès mais celui de Dora.
    Kérem, ne vegyék el a hozzáférésemet, hanem Dóráét.
    Thank you for giving Dora access to the share.
    Thanks for the access to the share you gave Dora, Eva needs it as well.
    Merci de donner accès à Dora.
    Merci d'avoir donné accès à Dora. Il faut aussi Eva.
    Köszönjük, hogy hozzáférést adnak Dórának.
    Köszönöm a hozzáférést, amit Dórának adtatok. Éva is kér hozzáférést.
    Dórának már megvannak a szükséges jogosultságai. Éva is kérne.
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


@cases("text", _lines(TOLD))
def test_what_is_tried_had_or_said_of_the_thing_asks_for_nothing(text: str) -> None:
    assert classify("Hello", text, None, None, SETTINGS).asks is None


@cases("text", _lines(ASKED))
def test_what_only_looks_like_telling_is_held(text: str) -> None:
    assert classify("Hello", text, None, None, SETTINGS).asks is not None


@cases(
    ("subject", "text", "held"),
    [
        ("Access to mailbox", "Cannot get access to my mailbox. Outlook asks for the password again.", False),
        ("Access to the CRM", "Access to the CRM fails with error 5. Please mend it.", False),
        ("Zugriff auf Postfach", "Ich habe keinen Zugriff auf mein Postfach.", False),
        ("Rechten van Sanne", "Sanne heeft nu de rechten die ze nodig heeft, dat is klaar.", False),
        ("Access to mailbox", "For Dora.", True),
        ("Access to the CRM", "Dora starts on Monday.", True),
        ("Access for Dora", "Access to the mailbox does not work.", True),
        ("Hozzáférés Dórának", "A hozzáférés nem működik.", True),
        ("Access to the CRM", "Access to the CRM is denied. Please give me access.", True),
    ],
)  # fmt: skip
def test_a_subject_that_names_the_thing_says_what_the_text_tells_of_it(
    subject: str, text: str, held: bool
) -> None:
    assert (classify(subject, text, None, None, SETTINGS).asks is not None) is held
