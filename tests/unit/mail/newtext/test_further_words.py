# ruff: noqa: E501
# fmt: off
"""Whole letters that look like history or a signature and are neither; signatures, and quotes of many programs, that go."""

from __future__ import annotations

from collections import Counter

from maild.mail.parse import parse_mail
from tests.cases import cases

DESK = "help@desk.example"

#: (subject, text) that answers nothing: all of it is the person's
KEPT = [
    ('Delivery form', "Please book this:\n\nFrom: Warehouse 2\nTo: Shop Utrecht\nDate: 3 November\nGoods: two printers\n\nThank you for the driver's name."),
    ('Umzug', 'Umzugsformular\nVon: Raum 12\nAn: Raum 31\nDatum: 9.11.2026\nBetreff: Drucker HP 49\n\nBitte die Netzdose freischalten.'),
    ('Költözés', 'Honnan: 12-es szoba\nFeladó: Kiss Anna\nCímzett: 31-es szoba\nDátum: 2026.11.09.\nTárgy: nyomtató\n\nKérem, a dugaszt is kössék be.'),
    ('Déménagement', 'De : bureau 12\nÀ : bureau 31\nDate : 9 novembre\nObjet : imprimante\n\nMerci de brancher la prise.'),
    ('Verhuizing', 'Van: kamer 12\nAan: kamer 31\nDatum: 9 november\nOnderwerp: printer\n\nGraag ook de stekker.'),
    ('What did he mean', 'This came from the supplier:\n\nOn Monday 2 November 2026 Bob Supplier <bob@supplier.example> wrote:\n> The licence ends on Friday.\n> Press renew.\n\nShall I press it?'),
    ('Fehlermeldung', 'Am 2.11. schrieb mir das System:\nFehler 809\n\nWas heißt das?'),
    ('Report', 'On Friday the guard wrote:\n\nthe alarm rang twice.\n\nCan you read the log?'),
    ('Chat', '> Bob: does it print?\n> Me: no\n> Bob: call the desk\n\nSo here I am.'),
    ('Mail von der Bank', '-----Ursprüngliche Nachricht-----\nVon: Bank <info@bank.example>\nGesendet: Montag, 2. November 2026 09:00\nAn: Anna Kiss\nBetreff: Ihr Konto\n\nBitte bestätigen Sie Ihr Konto.\n\nIst das echt?'),
    ('Ügy', '---------- Forwarded message ---------\nFeladó: Szállító <bob@supplier.example>\nDate: 2026. nov. 2., H 9:00\nSubject: Licenc\nTo: <anna.kiss@acme.example>\n\nA licenc pénteken lejár.\n\nMit tegyek vele?'),
    ('offre', 'Bonjour,\n\nDe : Fournisseur <bob@supplier.example>\nEnvoyé : lundi 2 novembre 2026 09:00\nÀ : Anna Kiss\nObjet : licence\n\nLa licence expire vendredi.\n\nQue dois-je faire ?'),
    ('Log', 'It stops here:\n\n> scp file host:\n> Permission denied (publickey).\n\nSince Monday.'),
    ('Kérdés', 'A kolléga ezt írta:\n\n"A szerver ma este leáll."\n\nIgaz ez?'),
    ('Diff', '--- a/config\n+++ b/config\n- port = 25\n+ port = 2525\n\nIs this change ok?'),
    ('Table', 'Name | Room | Phone\n-----|------|------\nAnna | 12 | 555\nBob | 31 | 556\n\nPlease add them to the list.'),
    ('Two questions', '1. Who orders toner?\n---\n2. Who empties the bin?'),
    ('Two questions', 'Erstens: wer bestellt Toner?\n\n--\n\nZweitens: wer leert den Eimer und wann kommt das neue Papier für den Drucker im Flur?'),
    ('Agenda', 'Meeting notes\n_______________________________\nFrom: 9:00 To: 10:00 room 12\n_______________________________\nPlease print twenty copies.'),
    ('SMTP log', 'The log says:\n\nFrom: <anna@acme.example>\nTo: <bob@x.example>\n550 relay denied\n\nWhat is wrong?'),
    ('Formularz', 'Od: pokój 12\nDo: pokój 31\nData: 9 listopada\nTemat: drukarka\n\nProszę podłączyć gniazdko.'),
    ('Trasloco', 'Da: stanza 12\nA: stanza 31\nData: 9 novembre\nOggetto: stampante\n\nPer favore collegate la presa.'),
    ('Mudanza', 'De: sala 12\nPara: sala 31\nFecha: 9 de noviembre\nAsunto: impresora\n\nConecten también el enchufe, por favor.'),
    ('New letterhead', 'Our new text:\n\nBest regards,\nThe Acme team\n\nPlease put it into all templates.'),
    ('Web form', 'Name: Anna Kiss\nE-Mail: anna.kiss@acme.example\nMessage: The door of room 12 squeaks.\n\nSent: Monday, 2 November 2026 09:00\nFrom: 192.0.2.1\nTo: contact form'),
    ('New colleague', 'Please create a mailbox for:\n\nDora Nagy\nSales Manager\n+36 1 555 0101\ndora.nagy@acme.example'),
    ('Neue Kollegin', 'Bitte im Telefonbuch ergänzen:\n\nFrau Dora Nagy\nVertrieb\nTel. 555-12\ndora.nagy@acme.example'),
    ('Új kolléga', 'Kérem, vegyék fel a névjegyzékbe:\n\nNagy Dóra\nértékesítő\n+36 1 555 0101\ndora.nagy@acme.example'),
    ('Nouvelle collègue', "Merci d'ajouter :\n\nDora Nagy\nCommerciale\n01 55 50 10 10\ndora.nagy@acme.example"),
    ('Nieuwe collega', 'Graag toevoegen:\n\nDora Nagy\nVerkoop\n020 555 0101\ndora.nagy@acme.example'),
    ('Wrong number', 'My signature shows the wrong number, it should be:\n\n+36 1 555 0199'),
    ('List', 'We need:\n\n- paper'),
    ('Archive', 'Where is my folder\n\n/Archive'),
    ('Phone', 'The photos I took:\n\nSent from my phone they look fine, from the PC they are black.'),
    ('Dashes', 'Room 12\n--\nRoom 31\n--\nRoom 45\n\nall without network'),
    ('Dashes', 'Drucker — geht nicht\n—\nScanner — geht nicht\n—\nFax — geht'),
    ('Disclaimer', 'This e-mail is confidential, says the footer of all our mails; please remove that footer, customers laugh.'),
    ('Footer', 'Diese E-Mail enthält vertrauliche Anhänge, die ich nicht öffnen kann. Wer hilft?'),
    ('Question below', 'Please look at the printer.\n\nBest regards\nPeter Nagy\nHead of Sales\n\nThis is what Peter wrote me, can you take it over?'),
    ('Thanks', 'Thanks\n\nbut it still jams.\n\nAnna says so, too.'),
    ('Best', 'Best\n\nof the three printers is the old one, keep it.'),
    ('Regards', 'Regards from the basement: the pump is off, water everywhere.'),
    ('Address', 'The label must read\n\nAcme Kft.\n1011 Budapest\nFő utca 12.\n\ninstead of the old one.'),
    ('User', 'User: anna\nPC: acme-12\nTel: 555'),
    ('Get it', 'Get Outlook for iOS\nis what the phone asks each time. Shall I?'),
    ('Unsubscribe', 'To unsubscribe from the newsletter I click the link and nothing happens. Link: https://x.example/u'),
    ('PS', 'The printer jams.\n\nPS: the scanner, too.'),
    ('Virus', 'No virus found, says the scanner, but the file is gone.'),
    ('Kontakt', 'Ansprechpartner vor Ort ist:\n\nHerr Bob Weber\nMobil 0171 5550101'),
]

#: (sender, text, new text)
SIGNED = [
    ('Anna Kiss <anna.kiss@acme.example>', 'The printer jams.\n\nKind regards,\nAnna Kiss\nAcme Kft. | Fő utca 12. | +36 1 555 0101\nanna.kiss@acme.example', 'The printer jams.'),
    ('Anna Kiss <anna.kiss@acme.example>', 'Der Drucker klemmt.\n\n-- \nAnna Kiss\nAcme GmbH', 'Der Drucker klemmt.'),
    ('Kiss Anna <anna.kiss@acme.example>', 'A nyomtató beragadt.\n\nÜdvözlettel:\nKiss Anna\npénzügyi vezető\nAcme Kft.\nTel.: +36 1 555 0101', 'A nyomtató beragadt.'),
    ('Anna Kiss <anna.kiss@acme.example>', 'De printer loopt vast.\n\nMet vriendelijke groet,\n\nAnna Kiss\nInkoop\nT 020 555 0101\nDenk aan het milieu voordat u deze mail print.', 'De printer loopt vast.'),
    ('Anna Kiss <anna.kiss@acme.example>', 'Le copieur bloque.\n\nBien cordialement,\n\nAnna KISS\nResponsable achats\n01 55 50 10 10\n\nCe message et ses pièces jointes sont confidentiels et destinés exclusivement à leur destinataire.', 'Le copieur bloque.'),
]

#: (text, new text) of an answer to the desk
ANSWERS = [
    ('Tray two.\n\nOp ma 2 nov 2026 om 10:12 schreef Help Desk <help@desk.example>:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n2026. nov. 2., H 10:12 dátummal Help Desk <help@desk.example> ezt írta:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nLe lun. 2 nov. 2026 à 10:12, Help Desk <help@desk.example> a écrit :\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nAm Mo., 2. Nov. 2026 um 10:12 Uhr schrieb Help Desk <\nhelp@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nOn Mon, Nov 2, 2026 at 10:12 AM Help Desk via Support Portal of Acme\n<help@desk.example> wrote:\n\nWhich tray?\n\n', 'Tray two.'),
    ('Tray two.\n\nEl lun, 2 nov 2026 a las 10:12, Help Desk (<help@desk.example>) escribió:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nIl giorno lun 2 nov 2026 alle ore 10:12 Help Desk <help@desk.example> ha scritto:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\npon., 2 lis 2026 o 10:12 Help Desk <help@desk.example> napisał(a):\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nDen mån 2 nov. 2026 kl 10:12 skrev Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nma 2. marrask. 2026 klo 10.12 Help Desk (help@desk.example) kirjoitti:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nпн, 2 нояб. 2026 г. в 10:12, Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n2026年11月2日(月) 10:12 Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nHelp Desk <help@desk.example> schrieb am Mo. 2. Nov. 2026 um 10:12:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nHelp Desk wrote on 2/11/26 10:12 AM:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nVon: Help Desk <help@desk.example>\nGesendet: Montag, 2. November 2026 10:12\nAn: Anna Kiss <anna.kiss@acme.example>\nBetreff: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nFeladó: Help Desk <help@desk.example>\nElküldve: 2026. november 2., hétfő 10:12\nCímzett: Kiss Anna\nTárgy: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n-----Original Message-----\nFrom: Help Desk\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n*From:* Help Desk <help@desk.example>\n*Sent:* Monday, November 2, 2026 10:12 AM\n*To:* Anna\n*Subject:* [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('> Which tray?\nTray two.\n\n> And the room?\nTwelve.', 'Tray two.\n\nTwelve.'),
    ('On 2 Nov 2026, Help Desk wrote:\n> Which tray?\n> \n> Help Desk\n\nTray two.', 'Tray two.'),
    ('Tray two.\n\nSent from my iPhone\n\n> On 2 Nov 2026, at 10:12, Help Desk <help@desk.example> wrote:\n> \n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nVon meinem iPhone gesendet\n\n> Am 02.11.2026 um 10:12 schrieb Help Desk <help@desk.example>:\n> \n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nGet Outlook for Android<https://aka.ms/x>\n________________________________\nFrom: Help Desk <help@desk.example>\nSent: Monday, November 2, 2026 10:12:00 AM\nTo: Anna <anna.kiss@acme.example>\nSubject: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n-------- Oorspronkelijk bericht --------\nVan: Help Desk <help@desk.example>\nDatum: 02-11-2026 10:12 (GMT+01:00)\nAan: Anna\nOnderwerp: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n-------- Eredeti üzenet --------\nFeladó: Help Desk <help@desk.example>\nDátum: 2026. 11. 02. 10:12 (GMT+01:00)\nCímzett: Anna\nTárgy: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ("Tray two.\n\n-----Message d'origine-----\nDe : Help Desk <help@desk.example> \nEnvoyé : lundi 2 novembre 2026 10:12\nÀ : Anna\nObjet : [#1001] Printer\n\nWhich tray?", 'Tray two.'),
    ('Tray two.\n\n>>> Help Desk <help@desk.example> 11/2/2026 10:12 AM >>>\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nFrom:        "Help Desk" <help@desk.example>\nTo:        Anna Kiss <anna.kiss@acme.example>\nDate:        02/11/2026 10:12\nSubject:        [#1001] Printer\n\n\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\npo 2. 11. 2026 v 10:12 odesílatel Help Desk <help@desk.example> napsal:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nÎn lun., 2 nov. 2026 la 10:12, Help Desk <help@desk.example> a scris:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nHelp Desk <help@desk.example>, 2 Kas 2026 Pzt, 10:12 tarihinde şunu yazdı:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nΣτις Δευ 2 Νοε 2026 στις 10:12 π.μ., ο χρήστης Help Desk <help@desk.example> έγραψε:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nEm seg., 2 de nov. de 2026 às 10:12, Help Desk <help@desk.example> escreveu:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nman. 2. nov. 2026 kl. 10.12 skrev Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nHelp Desk <help@desk.example> 于2026年11月2日周一 10:12写道：\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n2026년 11월 2일 (월) 오전 10:12, Help Desk <help@desk.example>님이 작성:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nв понедельник, 2 ноября 2026 г., Help Desk <help@desk.example> написал:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nпн, 2 лист. 2026 р. о 10:12 Help Desk <help@desk.example> пише:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nEl 02/11/2026 a las 10:12, Help Desk escribió:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nIl 02/11/2026 10:12, Help Desk ha scritto:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nW dniu 2.11.2026 o 10:12, Help Desk pisze:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nDne 2.11.2026 v 10:12 Help Desk napsal(a):\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nDen 02-11-2026 kl. 10:12 skrev Help Desk:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nOp 2-11-2026 om 10:12 schreef Help Desk:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n2026. 11. 02. 10:12 keltezéssel, Help Desk írta:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nLe 02/11/2026 à 10:12, Help Desk a écrit :\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nAm 02.11.26 um 10:12 schrieb Help Desk:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nOn 2026-11-02 10:12, help@desk.example wrote:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nQuoting Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nZitat von Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nCitando Help Desk <help@desk.example>:\n\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n* Help Desk <help@desk.example> [2026-11-02 10:12]:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nHelp Desk writes:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\nIn article <q1@desk.example>, Help Desk wrote:\n> Which tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nOd: Help Desk <help@desk.example>\nWysłano: poniedziałek, 2 listopada 2026 10:12\nDo: Anna\nTemat: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nDe: Help Desk <help@desk.example>\nEnviado: lunes, 2 de noviembre de 2026 10:12\nPara: Anna\nAsunto: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nDa: Help Desk <help@desk.example>\nInviato: lunedì 2 novembre 2026 10:12\nA: Anna\nOggetto: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nFrån: Help Desk <help@desk.example>\nSkickat: den 2 november 2026 10:12\nTill: Anna\nÄmne: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n________________________________\nOd: Help Desk <help@desk.example>\nOdesláno: pondělí 2. listopadu 2026 10:12\nKomu: Anna\nPředmět: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nОт: Help Desk <help@desk.example>\nОтправлено: 2 ноября 2026 г. 10:12\nКому: Anna\nТема: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n发件人: Help Desk <help@desk.example>\n发送时间: 2026年11月2日 10:12\n收件人: Anna\n主题: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n差出人: Help Desk <help@desk.example>\n送信日時: 2026年11月2日 10:12\n宛先: Anna\n件名: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nGönderen: Help Desk <help@desk.example>\nGönderildi: 2 Kasım 2026 Pazartesi 10:12\nKime: Anna\nKonu: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nDe la: Help Desk <help@desk.example>\nTrimis: luni, 2 noiembrie 2026 10:12\nCătre: Anna\nSubiect: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\nLähettäjä: Help Desk <help@desk.example>\nLähetetty: maanantai 2. marraskuuta 2026 10.12\nVastaanottaja: Anna\nAihe: [#1001] Printer\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n-----Alkuperäinen viesti-----\nLähettäjä: Help Desk <help@desk.example>\n\nWhich tray?', 'Tray two.'),
    ('Tray two.\n\n----- Reply message -----\nFrom: "Help Desk" <help@desk.example>\nTo: <anna.kiss@acme.example>\nSubject: [#1001] Printer\nDate: Mon, Nov 2, 2026 10:12\n\nWhich tray?', 'Tray two.'),
]


def _new_text(subject: str, text: str, sender: str = "Anna Kiss <anna.kiss@acme.example>", fields: str = "") -> Counter[str]:
    raw = (
        f"From: {sender}\nTo: {DESK}\nSubject: {subject}\n{fields}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    return Counter(parse_mail(raw.encode(), desk_addresses=(DESK,)).new_text.split())


@cases(("subject", "text"), KEPT)
def test_what_answers_nothing_is_kept_whole(subject: str, text: str) -> None:
    assert _new_text(subject, text) == Counter(text.split())


@cases(("sender", "text", "new"), SIGNED)
def test_a_signature_of_the_sender_goes(sender: str, text: str, new: str) -> None:
    assert _new_text("Printer", text, sender) == Counter(new.split())


@cases(("text", "new"), ANSWERS)
def test_quotes_of_many_programs_go(text: str, new: str) -> None:
    assert _new_text("Re: [#1001] Printer", text, fields="In-Reply-To: <1.a@desk.example>\n") == Counter(new.split())
