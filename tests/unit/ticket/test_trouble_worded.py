# fmt: off
"""Mails that name a permission or a device: trouble and questions, which hold nothing, and requests, which are held."""

from __future__ import annotations

from maild.mail.keywords import default_keywords
from maild.settings import Settings
from maild.ticket.classify import HELD, classify
from tests.cases import cases

SETTINGS = Settings(keywords=default_keywords())

#: (subject, text)
TROUBLE = [
    ('Shared drive', "I can't get into the shared drive any more, it says access denied."),
    ('CRM', 'My permissions seem to be gone since the update, the CRM shows an empty list.'),
    ('Login', 'I was logged out of the account and the access token is rejected.'),
    ('Laptop', 'My new laptop is very slow and the fan is loud.'),
    ('New phone', 'The new phone you gave me last week does not charge.'),
    ('Docking station', 'My docking station flickers.'),
    ('Question', 'Who has write access to the finance folder at the moment?'),
    ('Question', 'How long does it take until a new account is synced?'),
    ('Forwarding', 'The forwarding rule that you set up sends everything twice.'),
    ('Mail', 'I got a mail that says I must grant access to my mailbox. Is it spam?'),
    ('VPN', 'Access to the VPN drops every ten minutes.'),
    ('Monitor', 'The second monitor stays dark after the update.'),
    ('Firewall', 'The firewall rule blocks our web shop since yesterday.'),
    ('Zugriff', 'Seit heute Morgen habe ich keinen Zugriff mehr auf mein Postfach.'),
    ('Zugriff verweigert', 'Beim Öffnen des Ordners kommt die Meldung Zugriff verweigert.'),
    ('Notebook', 'Mein neues Notebook findet das WLAN nicht.'),
    ('Frage', 'Wer hat eigentlich Zugriff auf den Ordner Personal?'),
    ('Berechtigung', 'Die Berechtigungen im SAP sind seit dem Update durcheinander, ich sehe fremde Kunden.'),
    ('Toegang', 'Ik kom niet meer in mijn mailbox, toegang geweigerd.'),
    ('Laptop', 'De nieuwe laptop start niet op.'),
    ('Vraag', 'Wie heeft toegang tot de map Personeel?'),
    ('Hozzáférés', 'Reggel óta nincs hozzáférésem a postafiókomhoz, hibát ír.'),
    ('Laptop', 'Az új laptopom nem kapcsol be.'),
    ('Kérdés', 'Kinek van hozzáférése a pénzügyi mappához?'),
    ('Accès', "Je n'arrive plus à accéder à ma boîte, accès refusé."),
    ('Portable', 'Mon nouvel ordinateur portable ne démarre pas.'),
    ('Question', 'Qui a accès au dossier du personnel ?'),
    ('Phishing?', '"Your account will be closed, grant access here" - I suppose this is phishing, right?'),
    ('Password', 'My password has expired and I cannot set a new one.'),
    ('No rights', 'Since the migration I have no rights on my own folder, saving is refused.'),
    ('Phone', 'My work phone rings once and then disconnects, it is the new phone of last week.'),
    ('Screen', 'The new screen has a dead pixel.'),
    ('Access card reader', 'The access card reader at the door beeps but does not open.'),
    ('Mailbox', 'I cannot get into my mailbox, access is blocked after the password change.'),
    ('Firewall', 'Is the firewall rule for the web shop still active?'),
    ('VPN', 'VPN tells me: you do not have permission to connect.'),
    ('Account', 'My account is locked out after three attempts.'),
    ('Forward', 'Mail forwarding stopped on Friday.'),
    ('Audit', 'Which people had domain admin rights in October?'),
    ('Scam?', 'A mail wants me to approve a new device on my account. Is this genuine?'),
    ('Second monitor', 'Windows mixes up my second monitor and the first one.'),
    ('Update', 'After the update Teams asks for permission to use the camera again and again.'),
    ('Anmeldung', 'Mein Konto ist nach drei Versuchen gesperrt.'),
    ('Freigabe', 'Die Freigabe ist seit dem Neustart verschwunden, niemand findet sie.'),
    ('Bildschirm', 'Der neue Bildschirm zeigt nur Streifen.'),
    ('Weiterleitung', 'Die Weiterleitungsregel schickt alles doppelt.'),
    ('Frage', 'Welche Personen haben Adminrechte auf dem Server?'),
    ('Echt?', 'In der Mail steht, ich soll mein Konto freischalten. Ist das echt?'),
    ('Scherm', 'Het tweede scherm flikkert sinds vanmorgen.'),
    ('Account', 'Mijn account is geblokkeerd na drie pogingen.'),
    ('Rechten', 'De rechten op de map zijn na de update door elkaar geraakt.'),
    ('Fiók', 'Három próbálkozás után letiltották a fiókomat.'),
    ('Monitor', 'A második monitor villog.'),
    ('Jogosultságok', 'A frissítés óta összekeveredtek a jogosultságok.'),
    ('Compte', 'Mon compte est bloqué après trois essais.'),
    ('Écran', 'Le deuxième écran clignote.'),
    ('Droits', 'Depuis la mise à jour, les droits sur mon dossier ont disparu.'),
    ('Access denied', 'I get access denied when opening the shared calendar.'),
    ('Teams', 'Teams does not let me share my screen, it says permission required.'),
    ('Laptop', 'The replacement laptop you sent has a Danish keyboard.'),
    ('New PC', 'My new PC makes a rattling sound.'),
    ('Account', 'The account of the till was logged off by itself.'),
    ('Port', 'Port 3 of the switch in room 12 has no link light.'),
    ('Rights', 'What rights does a guest user have in Teams?'),
    ('Headset', 'My headset is broken.'),
    ('Freigabe', 'Die Freigabe im Kalender zeigt falsche Zeiten.'),
    ('Zugang', 'Mein Zugang zum Portal funktioniert nicht mehr.'),
    ('Neuer Drucker', 'Der neue Drucker macht Streifen.'),
    ('Toegang', 'Ik heb geen toegang meer tot mijn agenda.'),
    ('Belépés', 'Nem tudok belépni, azt írja, hogy nincs jogosultságom.'),
    ('Accès', "L'accès à ma messagerie est très lent."),
    ('Imprimante', 'La nouvelle imprimante fait un bruit étrange.'),
]

REQUESTS = [
    ('New starter', 'Dora begins on Monday. She will need an account and the same folders as Peter.'),
    ('Shared drive', 'Could you let Dora into the finance drive?'),
    ('Folder', 'Please make the finance folder visible for Dora.'),
    ('Permissions', 'Dora cannot open the finance folder, please add her.'),
    ('Phone', 'We would like to order two more phones for the shop.'),
    ('Admin', 'Please put me in the local administrators group so that I can install my tools.'),
    ('Mailbox', "Please give Peter full rights on Anna's mailbox while she is on leave."),
    ('Firewall', 'Please open TCP 8443 from the office to the supplier.'),
    ('Konto', 'Ab Montag fängt Frau Weber an, sie braucht ein Konto und Zugriff auf das Laufwerk P.'),
    ('Laufwerk', 'Bitte schalten Sie Herrn Nagy für den Ordner Finanzen frei.'),
    ('Bestellung', 'Wir bräuchten ein weiteres Notebook für den neuen Kollegen.'),
    ('Toegang', 'Kunnen jullie Dora toegang geven tot de map Financiën?'),
    ('Bestelling', 'Graag een tweede scherm voor Piet.'),
    ('Jogosultság', 'Kérem, adjanak Dórának jogot a pénzügyi mappára.'),
    ('Gép', 'Szükségünk lenne egy új laptopra az új kollégának.'),
    ('Droits', 'Merci de donner à Dora les droits sur le dossier Finances.'),
    ('Matériel', 'Il nous faudrait un écran supplémentaire pour Paul.'),
    ('Weiterleitung', 'Bitte leiten Sie alle Mails von Frau Weber an mich weiter.'),
    ('Hozzáférés', 'Dóra nem tudja megnyitni a mappát, kérem, adjanak neki hozzáférést.'),
    ('Intern', 'Our intern starts on 9 November and needs a login and a PC.'),
    ('Laptop', 'Please order another laptop for the shop in Utrecht.'),
    ('Screens', "We'd like two more screens for the front desk."),
    ('Rights', 'Could Dora get the same rights as Peter?'),
    ('Leaver', 'Peter has left. Please forward his mail to me.'),
    ('Password', 'Please reset the password of Dora Nagy and send it to me.'),
    ('Group', 'Please add Dora to the accounting group.'),
    ('Vendor', 'The vendor needs remote access to our server on Friday.'),
    ('Port', 'Can you open port 8080 for the till?'),
    ('Bestellung', 'Bitte bestellen Sie uns zwei Monitore.'),
    ('Rechte', 'Frau Weber braucht dieselben Rechte wie Herr Nagy.'),
    ('Praktikant', 'Der Praktikant braucht ab Montag ein Konto und einen Rechner.'),
    ('Austritt', 'Herr Nagy ist weg, bitte leiten Sie seine Mails an mich um.'),
    ('Bestelling', 'Wij hebben een extra laptop nodig voor de stagiair.'),
    ('Rechten', 'Piet moet dezelfde rechten krijgen als Els.'),
    ('Stagiair', 'De stagiair heeft vanaf maandag een account nodig.'),
    ('Gyakornok', 'A gyakornoknak hétfőtől fiók kell és egy gép.'),
    ('Jogok', 'Dóra kapja meg ugyanazokat a jogokat, mint Péter.'),
    ('Monitor', 'Kérünk még egy monitort a recepcióra.'),
    ('Stagiaire', "Le stagiaire aura besoin d'un compte à partir de lundi."),
    ('Droits', 'Dora doit avoir les mêmes droits que Paul.'),
    ('Commande', "Merci de commander deux écrans pour l'accueil."),
    ('Access', 'Please give our auditor read access to the ledger until Friday.'),
    ('Laptop', 'We need a laptop for the trainee.'),
    ('Phone', 'Please order a phone for Dora.'),
    ('User', 'Please create a user for Dora Nagy, same as Peter.'),
    ('Rights', "Please remove Peter's access to the ledger."),
    ('Monitor', 'Can I have a second monitor?'),
    ('Zugriff', 'Bitte Frau Weber Zugriff auf das Postfach info@ geben.'),
    ('Gerät', 'Wir brauchen ein Notebook für die Praktikantin.'),
    ('Benutzer', 'Bitte legen Sie einen Benutzer für Frau Nagy an.'),
    ('Toegang', 'Graag Els toegang geven tot de map Inkoop.'),
    ('Laptop', 'Wij hebben een laptop nodig voor Els.'),
    ('Hozzáférés', 'Kérem, adjanak Dórának hozzáférést az info postafiókhoz.'),
    ('Telefon', 'Kérünk egy telefont Dórának.'),
    ('Accès', 'Merci de donner accès au dossier Achats à Dora.'),
    ('Ordinateur', 'Il nous faut un ordinateur pour la stagiaire.'),
]


@cases(("subject", "text"), TROUBLE)
def test_trouble_and_questions_hold_nothing(subject: str, text: str) -> None:
    for language in (None, "en", "nl", "hu", "de", "fr"):
        found = classify(subject, text, language, None, SETTINGS)
        assert found.kind not in HELD, found.reasons


@cases(("subject", "text"), REQUESTS)
def test_requests_are_held(subject: str, text: str) -> None:
    for language in (None, "en", "nl", "hu", "de", "fr"):
        found = classify(subject, text, language, None, SETTINGS)
        assert found.kind in HELD, found.reasons
