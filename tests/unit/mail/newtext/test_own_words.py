# ruff: noqa: E501
"""A person's own words: what a mail that answers nothing pastes, cites or lists stays; what is no signature of its
sender stays; what a client quotes goes, however it marks the quote.

Over 300 lines: a table of texts and of the words in them that are their writer's own.
"""

from __future__ import annotations

import pytest

from maild.mail.newtext import sentences
from maild.mail.parse import parse_mail
from maild.model import Mail
from tests.cases import cases

DESK = ("help@desk.example", "support@desk.example")
ANSWER = "In-Reply-To: <root.1@desk.example>\nReferences: <root.1@desk.example>\n"


def read(
    text: str, *, subject: str = "Printer", sender: str = "Anna Kiss <anna.kiss@acme.example>", more: str = ""
) -> Mail:
    head = f"From: {sender}\nTo: help@desk.example\nSubject: {subject}\nMIME-Version: 1.0\n{more}"
    raw = f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    return parse_mail(raw.encode(), desk_addresses=DESK)


def new_of(text: str, **how: str) -> list[str]:
    return read(text, **how).new_text.split()


# ------------------------------------------------------------------- a mail that answers nothing (the contract)

FORMS = [
    "Please move our equipment.\n\nFrom: Room 101\nTo: Room 202\nDate: 12 March 2027\nSubject: Projector\n\nCall me first.",
    "Bitte umziehen:\n\nVon: Raum 101\nAn: Raum 202\nDatum: 12.03.2027\nBetreff: Beamer\n\nVorher bitte anrufen.",
    "Graag verhuizen\n\nVan: kamer 101\nAan: kamer 202\nDatum: 12 maart 2027\nOnderwerp: beamer\n\nBel mij eerst.",
    "Kérjük a költöztetést.\n\nFeladó: 101-es szoba\nCímzett: 202-es szoba\nDátum: 2027. március 12.\nTárgy: projektor\n\nElőtte hívjanak fel.",
    "Déménagement\n\nDe : bureau 101\nÀ : bureau 202\nDate : 12 mars 2027\nObjet : projecteur\n\nAppelez-moi avant.",
]
PASTED = [
    "I got this today.\n\nFrom: Your Bank <info@bank.example>\nDate: Monday, 2 November 2026 08:11\nTo: anna@acme.example\nSubject: Your account\n\nPlease log in: http://bank.example\n\nIs it real?",
    "Diese Mail kam heute.\n\nVon: Ihre Bank <info@bank.example>\nGesendet: Montag, 2. November 2026 08:11\nAn: anna@acme.example\nBetreff: Ihr Konto\n\nBitte anmelden.\n\nIst die echt?",
    "Ezt kaptam ma.\n\nFeladó: Bank <info@bank.example>\nKüldve: 2026. november 2., hétfő 8:11\nCímzett: anna@acme.example\nTárgy: Számlája\n\nJelentkezzen be.\n\nEz valódi?",
    "Deze mail kreeg ik.\n\nVan: Bank <info@bank.example>\nVerzonden: maandag 2 november 2026 08:11\nAan: anna@acme.example\nOnderwerp: Uw rekening\n\nLog in.\n\nIs dit echt?",
    "J'ai reçu ceci.\n\nDe : Banque <info@bank.example>\nEnvoyé : lundi 2 novembre 2026 08:11\nÀ : anna@acme.example\nObjet : Votre compte\n\nConnectez-vous.\n\nEst-ce un vrai ?",
]
FORWARDS = [
    "What do we do here?\n\n-----Original Message-----\nFrom: Billing <billing@supplier.example>\nSent: Monday, November 2, 2026 10:11 AM\nTo: anna@acme.example\nSubject: Your licence ends\n\nYour licence 4711 ends on Friday.",
    "Was ist zu tun?\n\n-----Ursprüngliche Nachricht-----\nVon: Lieferant <x@supplier.example>\nGesendet: Montag, 2. November 2026 10:11\nAn: anna@acme.example\nBetreff: Lizenz\n\nIhre Lizenz endet am Freitag.",
    "Mi a teendő?\n\n-----Eredeti üzenet-----\nFeladó: Szállító <x@supplier.example>\nKüldve: 2026. november 2. 10:11\nCímzett: anna@acme.example\nTárgy: Licenc\n\nA licence pénteken lejár.",
    "Que faire ?\n\n-----Message d'origine-----\nDe : Fournisseur <x@supplier.example>\nEnvoyé : lundi 2 novembre 2026 10:11\nÀ : anna@acme.example\nObjet : Licence\n\nVotre licence finit vendredi.",
    "Wat nu?\n\n________________________________\nVan: Leverancier <x@supplier.example>\nVerzonden: maandag 2 november 2026 10:11\nAan: anna@acme.example\nOnderwerp: Licentie\n\nUw licentie eindigt vrijdag.",
]
CITED = [
    "On 2 Nov 2026 at 10:11 Peter <peter@vendor.example> wrote:\nthe part ships on Friday.\n\nIt did not come. Can you call them?",
    "Am 02.11.2026 um 10:11 schrieb Peter <peter@vendor.example>:\nDas Teil kommt am Freitag.\n\nEs kam nicht. Können Sie anrufen?",
    "The manual says:\n> Press the green button\n> and wait\n> for the light\n\nThere is no green button.",
    "Peter <peter@vendor.example> ezt írta (időpont: 2026. nov. 2., H, 10:11):\n\n> Pénteken jön az alkatrész.\n\nNem jött meg.",
    "> Printer: LP-2000\n> Room: 12\n> Error: 49\nAll of this was on the display.",
]


@cases("text", [*FORMS, *PASTED, *FORWARDS, *CITED])
def test_what_a_mail_pastes_that_answers_nothing_is_its_writers(text: str) -> None:
    mail = read(text)
    assert mail.new_text.split() == text.split()
    assert mail.left_out == 0


@pytest.mark.parametrize("text", FORWARDS)
def test_the_same_is_history_in_an_answer(text: str) -> None:
    assert new_of(text, more=ANSWER) == text.split("\n\n")[0].split()
    assert new_of(text, subject="AW: Printer") == text.split("\n\n")[0].split()


@pytest.mark.parametrize("text", FORMS)
def test_a_form_without_any_address_stays_in_an_answer_too(text: str) -> None:
    form = (
        text.replace("\nSubject: Projector", "")
        .replace("\nBetreff: Beamer", "")
        .replace("\nOnderwerp: beamer", "")
    )
    form = form.replace("\nTárgy: projektor", "").replace("\nObjet : projecteur", "")
    assert new_of(form, more=ANSWER) == form.split()


def test_what_quotes_the_desk_is_history_whatever_the_head_says() -> None:
    quote = "On Mon, 2 Nov 2026 at 10:11, Help Desk <help+1001.abc@desk.example> wrote:\n\n> Which room?"
    assert new_of(f"Room 12.\n\n{quote}") == ["Room", "12."]
    block = "From: Help Desk <support@desk.example>\nSent: Monday, 2 November 2026 10:11\nTo: Anna\nSubject: [#1001] Printer\n\nWhich room?"
    assert new_of(f"Room 12.\n\n{block}") == ["Room", "12."]


def test_citations_decide_nothing() -> None:
    mail = read("> Approved\n\nwas in my calendar, what is it")
    assert "Approved" in mail.new_text
    assert "Approved" not in mail.visible_new_text


HTML_QUOTES = [
    '<p>New.</p><div class="gmail_quote"><div class="gmail_attr">On Monday Bob wrote:<br></div><blockquote class="gmail_quote">Old.</blockquote></div>',
    '<p>New.</p><div class="moz-cite-prefix">Bob wrote:<br></div><blockquote type="cite">Old.</blockquote>',
    '<p>New.</p><div class="protonmail_quote">Old.</div>',
]
HTML_HEADS = [
    '<p>New.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Billing &lt;b@vendor.example&gt;<br><b>Sent:</b> Monday, 2 November 2026 10:11<br><b>To:</b> Anna<br><b>Subject:</b> Licence</p></div><p>Old.</p>',
    '<p>New.</p><hr><div id="divRplyFwdMsg"><b>Von:</b> Billing &lt;b@vendor.example&gt;<br><b>Gesendet:</b> Montag, 2. November 2026 10:11<br><b>An:</b> Anna<br><b>Betreff:</b> Lizenz</div><p>Old.</p>',
]


@pytest.mark.parametrize("html", HTML_QUOTES)
def test_what_a_client_marked_as_a_quote_is_history_in_any_mail(html: str) -> None:
    for more in ("", ANSWER):
        raw = f"From: a@acme.example\nSubject: x\n{more}Content-Type: text/html; charset=utf-8\n\n{html}"
        assert parse_mail(raw.encode(), desk_addresses=DESK).new_text.split() == ["New."]


@pytest.mark.parametrize("html", HTML_HEADS)
def test_a_head_that_clients_put_above_answers_and_forwards_alike_marks_no_quote_alone(html: str) -> None:
    answer = f"From: a@acme.example\nSubject: x\n{ANSWER}Content-Type: text/html; charset=utf-8\n\n{html}"
    assert parse_mail(answer.encode(), desk_addresses=DESK).new_text.split() == ["New."]
    fresh = f"From: a@acme.example\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n{html}"
    assert "Old." in parse_mail(fresh.encode(), desk_addresses=DESK).new_text
    ours = fresh.replace("b@vendor.example", "help@desk.example")
    assert parse_mail(ours.encode(), desk_addresses=DESK).new_text.split() == ["New."]


# --------------------------------------------------------------------------------------------- signatures

NO_SIGNATURES = [
    # another person's data as the last paragraph
    "Please create an account for our new colleague.\n\nDora Kis\nPhone: +36 1 555 0100\ndora.kis@acme.example",
    "Bitte ein Konto für die neue Kollegin.\n\nFrau Dora Kis\nTel.: +49 30 555 0100\ndora.kis@acme.example",
    "Kérnék fiókot az új kollégának.\n\nKis Dóra\nTelefon: +36 1 555 0100\nkis.dora@acme.example",
    "Graag een account voor de nieuwe collega.\n\nDora Jansen\nTel. +31 20 555 0100\ndora.jansen@acme.example",
    "Merci de créer un compte.\n\nDora Petit\nTél. : +33 1 55 50 10 00\ndora.petit@acme.example",
    "A new account, please.\n\nDora Kiss\nPhone: +36 1 555 0100\ndora.kiss@acme.example",  # a namesake
    "A new account please.\n\nKind regards\nAnna\n\nDora Kis\nPhone: +36 1 555 0100\ndora.kis@acme.example",
    # a list of one, a folder
    "Please restore\n\n- Archive",
    "Please restore the folder\n\n/Archive",
    "Bitte wiederherstellen\n\n– Lager",
    # apps' lines that are none
    "The pictures are empty.\n\nSent from my phone they look fine.",
    "Die Bilder sind leer.\n\nVon meinem Handy gesendet sehen sie gut aus.",
    "Les images sont vides.\n\nEnvoyé de mon portable elles arrivent bien.",
    # delimiters that delimit no signature
    "Problem 1\n--\nThe printer jams.\n\nProblem 2\n--\nOutlook asks for a password every hour.",
    "1. Maus\n—\nDie Maus ist kaputt.\n\n2. Dora\n—\nBitte Dora Zugriff auf den Ordner geben.",
    "Eerste punt\n-- \nDe printer doet het niet.\n\nTweede punt\n-- \nGraag toegang voor Dora.",
    "Monitor\n--\nKeyboard\n--\nMouse",
    "The till is down.\n\n-- \nPlease call the shop at once, nobody can pay.",
    # prose that begins as a disclaimer does
    "This message contains confidential drawings, so please store it on the encrypted share.",
    "Please consider the environment variable PATH, it lacks the tools.",
    "Diese E-Mail enthält vertrauliche Pläne, bitte nur im Tresor ablegen.",
    "Important notice: the alarm test on Monday cuts the power in room 4.",
    # words below what looks like a signature
    "I got this:\n\nKind regards\nCarl Smith\nBeta GmbH\nTel. +49 30 123456\n\nCan you change the number to 654321?",
    "Das kam an:\n\nMit freundlichen Grüßen\nCarl Schmidt\nTel. +49 30 123456\n\nBitte ändern Sie die Nummer in 654321.",
    "Regards\nAnna\n\nI forgot: it also beeps.",
]


@cases("text", NO_SIGNATURES)
def test_what_is_no_signature_of_the_sender_stays(text: str) -> None:
    assert new_of(text) == text.split()


SIGNATURES = [
    ("Best regards\nAnna Kiss\nAcme Kft.\n+36 1 555 0100", "Anna Kiss <anna.kiss@acme.example>"),
    ("--\nAnna Kiss\nAcme Kft.", "Anna Kiss <anna.kiss@acme.example>"),
    ("-- \nKiss Anna | vezető", "Kiss Anna <kiss.anna@acme.example>"),
    ("—\nAnna", "Anna Kiss <anna.kiss@acme.example>"),
    ("Anna Kiss\nPhone: +36 1 555 0100\nanna.kiss@acme.example", "Anna Kiss <anna.kiss@acme.example>"),
    ("A. Kiss\nPhone: +36 1 555 0100\nwww.acme.example", "Anna Kiss <anna.kiss@acme.example>"),
    ("-- \nRob\n+31 20 555 0100", "Robert Jansen <r.jansen@acme.example>"),
    ("-- \nOffice of Acme\nPhone: +36 1 555 0100", "office@acme.example"),
    ("-Anna", "Anna Kiss <anna.kiss@acme.example>"),
    ("/AK", "Anna Kiss <anna.kiss@acme.example>"),
    ("Sent from my iPhone", "Anna Kiss <anna.kiss@acme.example>"),
    ("Von meinem Samsung Galaxy Smartphone gesendet.", "Anna Kiss <anna.kiss@acme.example>"),
    ("Regards,\nAnna\n-- \nLife is what happens.", "Anna Kiss <anna.kiss@acme.example>"),
    (
        "Best regards\nAnna\n\nThis e-mail is confidential and intended solely for the addressee.",
        "Anna Kiss <anna.kiss@acme.example>",
    ),
    ("Kind regards\nAnna\n\nVirus-free. www.avast.com", "Anna Kiss <anna.kiss@acme.example>"),
    (
        "Anna\n\nPlease consider the environment before printing this e-mail.",
        "Anna Kiss <anna.kiss@acme.example>",
    ),
]


@cases(("signature", "sender"), SIGNATURES)
def test_a_signature_of_the_sender_goes_and_is_counted(signature: str, sender: str) -> None:
    mail = read(f"The printer in room 12 is broken.\n\n{signature}", sender=sender)
    if not signature.startswith("Anna\n\nPlease"):
        assert mail.new_text == "The printer in room 12 is broken."
        assert mail.left_out == sum(1 for line in signature.split("\n") if line.strip())
    else:
        assert "environment" not in mail.new_text


def test_sentences_among_what_is_left_out_are_told_apart_from_boilerplate() -> None:
    html = '<p>Hello.</p><div class="gmail_quote">Bob wrote on Monday:<blockquote class="gmail_quote">Please give Dora write access to Finance.</blockquote></div>'
    mail = parse_mail(
        f"From: Anna <anna@acme.example>\nSubject: x\nContent-Type: text/html\n\n{html}".encode()
    )
    assert "write access" in sentences(mail.elided, mail.boilerplate)
    disclaimer = "Anna\n\nThis e-mail is confidential and intended solely for the addressee; any access without permission is prohibited."
    mail = read(f"It works.\n\nRegards\n{disclaimer}")
    assert mail.left_out
    assert "permission" not in sentences(mail.elided, mail.boilerplate)


# ------------------------------------------------------------------------------------- quotes that leaked

QUOTES = [
    "On Nov 30, 2026, at 12:47 PM, Help Desk <\n416ffd3258d4d2fa@desk.example>\nwrote:\n\n> Please restart it.",
    "Am 30.11.2026 um 12:47 schrieb Example Help Desk mit einem langen Namen\n<help@desk.example>:\n\n> Bitte neu starten.",
    "Op 30 nov. 2026 12:47 schreef Help Desk <help@desk.example>\n\n> Graag herstarten.",  # no colon
    "Help Desk <help@desk.example>, 30/11/2026 12:47\n> Please restart it.",
    "Help Desk hat am 30.11.2026 um 12:47 mitgeteilt:\n> Bitte neu starten.",  # a verb that no table knows
    "30 Kasım 2026 12:47 tarihinde Help Desk <help@desk.example> şunu yazdı:\n\n> Lütfen yeniden başlatın.",
    "2026年11月30日(月) 12:47 Help Desk <help@desk.example>:\n\n> 再起動してください",
    "Kimden: Help Desk <help@desk.example>\nGönderildi: 30 Kasım 2026 Pazartesi 12:47\nKime: Anna\nKonu: RE: Printer\n\nLütfen yeniden başlatın.",
    "发件人: Help Desk <help@desk.example>\n发送时间: 2026年11月30日 12:47\n收件人: Anna\n主题: Re: Printer\n\n请重新启动",
    "差出人: Help Desk <help@desk.example>\n送信日時: 2026年11月30日 12:47\n宛先: Anna\n件名: Re: Printer\n\n再起動してください",
    "From: Help Desk <help@desk.example>\nSent: Monday, 30 November 2026 12:47\nTo: Anna\nSubject: Printer",  # nothing below
    "----- Original Message -----\nFrom: Help Desk <help@desk.example>\n\nPlease restart it.",
    "Original Message\nFrom: Help Desk <help@desk.example>\nSent: Monday, 30 November 2026 12:47\nTo: Anna\nSubject: Printer\n\nPlease restart it.",
    "On Mon, 30 Nov 2026 at 12:47, Help Desk <help@desk.example> wrote:\n\n| Please restart it.\n| Which room?",
    "Am 30.11.2026 um 12:47 schrieb Help Desk <help@desk.example>:\n\n» Bitte neu starten.\n» Welcher Raum?",
    "On Mon, 30 Nov 2026 at 12:47, Help Desk <help@desk.example> wrote:\n\n} Please restart it.\n}\n} Which room?",
]


@cases("quote", QUOTES)
def test_a_quote_goes_with_its_head(quote: str) -> None:
    mail = read(f"Works now, thanks a lot.\n\n{quote}", subject="Re: Printer", more=ANSWER)
    assert mail.new_text == "Works now, thanks a lot."
    assert mail.left_out == sum(1 for line in quote.split("\n") if line.strip())


@pytest.mark.parametrize(
    "text",
    [
        '----- Original Message -----\nFrom: "Help Desk" <help@desk.example>\n\n> Which room is it in?\n\nRoom 12.',
        '----- Eredeti üzenet -----\nFeladó: "Help Desk" <help@desk.example>\n\n> Melyik szoba?\n\nRoom 12.',
        "On Mon, 30 Nov 2026 at 12:47, Help Desk <help@desk.example> wrote:\n\n| Which room is it in?\n\nRoom 12.",
        "Help Desk wrote:\n> Which room is it in?\n\nRoom 12.",
    ],
)
def test_an_answer_below_a_quote_is_new(text: str) -> None:
    mail = read(text, subject="Re: Printer", more=ANSWER)
    assert mail.new_text == mail.visible_new_text == "Room 12."


@cases(
    "hint",
    [
        "See my answers in red.",
        "Meine Antworten in rot.",
        "Mijn antwoorden in het rood.",
        "Pirossal írtam.",
        "Mes réponses en rouge.",
        "I answered your questions next to each of them.",
        "Meine Antworten stehen unter den Fragen.",
        "Onder elke vraag staat mijn antwoord.",
        "A válaszok a kérdések alatt vannak.",
        "J'ai répondu sous chaque question.",
    ],
)
def test_answers_that_stand_within_a_quote_are_not_lost(hint: str) -> None:
    quote = "On Mon, 30 Nov 2026 at 12:47, Help Desk <help@desk.example> wrote:\n\n> Which room? Room 12.\n> Since when? Monday."
    mail = read(f"{hint}\n\n{quote}", subject="Re: Printer", more=ANSWER)
    assert "Room 12." in mail.new_text
    assert "Monday." in mail.new_text


@pytest.mark.parametrize(
    "text",
    [
        "It does not print in colour.",
        "Der Plotter druckt nicht farbig.",
        "Nem nyomtat színesben.",
        "Pas en couleur.",
    ],
)
def test_words_of_colours_alone_are_no_hint(text: str) -> None:
    quote = "On Mon, 30 Nov 2026 at 12:47, Help Desk <help@desk.example> wrote:\n\n> What is wrong?"
    assert read(f"{text}\n\n{quote}", subject="Re: Printer", more=ANSWER).new_text == text


def test_a_table_of_bars_in_ones_own_text_is_no_quote() -> None:
    text = "The stock is this:\n\n| item | count |\n| PC-12 | 3 |\n\nPlease order two more."
    assert new_of(text, more=ANSWER) == text.split()


# ------------------------------------------------------------------------------------- mailbox files, MIME


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (">From Monday on nobody can print.", "From Monday on nobody can print."),
        ("Hello,\n>From here on it fails.\nBye", "Hello,\nFrom here on it fails.\nBye"),
        (">>From twice", ">From twice"),
        ("x\n>From a\n>From b\ny", "x\nFrom a\nFrom b\ny"),
        ("x\n>quoted\n>From a client\n>quoted too", "x\n>quoted\n>From a client\n>quoted too"),
    ],
)
def test_the_mark_of_a_mailbox_file_goes(text: str, shown: str) -> None:
    assert read(text).text.rstrip("\n") == shown


PARTS = "Content-Type: text/plain; charset=utf-8\n\nThank you.\n--b1\nContent-Type: text/html; charset=utf-8\n\n<p>Thank you.</p>\n--b1--\n"


def test_mime_that_a_person_pasted_is_text() -> None:
    head = b"From: a@acme.example\nSubject: x\n\n"
    for before, after in (("Here it is:\n\n", ""), ("", "\nPlease look.\n"), ("Hello,\n", "\nBye\n")):
        mail = parse_mail(head + f"{before}--b1\n{PARTS}{after}".encode())
        assert "--b1" in mail.new_text
        assert "<p>" in mail.new_text
        assert not mail.attachments
    lost = parse_mail(head + f"This is a multi-part message in MIME format.\n\n--b1\n{PARTS}".encode())
    assert "--b1" not in lost.text


@pytest.mark.parametrize(
    "kind",
    ["application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "multipart/encrypted; boundary=b1"],
)
def test_a_mail_that_cannot_be_read_says_so(kind: str) -> None:
    body = "--b1\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b1\nContent-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--b1--\n"
    mail = parse_mail(f"From: a@acme.example\nSubject: x\nContent-Type: {kind}\n\n{body}".encode())
    assert mail.encrypted
    assert mail.is_unreadable
    assert "encrypted" in mail.new_text


ITEMS = [
    "Please set up:\n\n1. Mailbox\n--\nsales@acme.example\n\n2. Phone\n—\nextension 12\n\nAnna",
    "Bitte einrichten:\n\nPostfach\n--\neinkauf@acme.example\n\nTelefon\n--\nDurchwahl 12",
    "Kérjük:\n\nPostafiók\n—\nbeszerzes@acme.example\n\nTelefon\n—\n12-es mellék",
]


@pytest.mark.parametrize("text", ITEMS)
def test_dashes_between_items_hide_none_of_them(text: str) -> None:
    assert new_of(text) == text.split()


@pytest.mark.parametrize(
    "intro",
    [
        "Use this signature from now on:",
        "Bitte diese Signatur verwenden:",
        "Ezt az aláírást kérem:",
        "La signature :",
    ],
)
def test_a_signature_that_a_line_introduces_is_what_the_mail_is_about(intro: str) -> None:
    text = f"Hello,\n{intro}\n\n-- \nAnna Kiss\nHead of Purchasing\n+36 1 555 0101"
    assert new_of(text) == text.split()


def test_a_paragraph_below_ones_own_signature_is_a_persons() -> None:
    text = "See the fax.\n\n-- \nAnna Kiss\n+36 1 555 0101\n\nPlease tell me when it is done."
    assert "Please tell me when it is done." in read(text).new_text


WRAPPED = [
    "Help Desk <help@desk.example> wrote on Monday\n2 November 2026 at 10:11\n\n> Does it work?",
    "Help Desk <help@desk.example> schrieb\nam Montag, den 2. November 2026\num 10:11\n\n> Geht es?",
    "=== Help Desk (help@desk.example) - 02.11.2026 10:11 ===\nDoes it work?",
    "*** help@desk.example (2026-11-02 10:11) ***\n> Does it work?",
]


@pytest.mark.parametrize("quote", WRAPPED)
def test_what_introduces_a_quote_goes_however_it_is_wrapped(quote: str) -> None:
    assert new_of(f"Yes, it works.\n\n{quote}", more=ANSWER) == ["Yes,", "it", "works."]


def test_a_rule_with_anybody_elses_address_is_the_writers() -> None:
    text = "The log:\n\n=== cron (root@acme.example) - 02.11.2026 10:11 ===\nbackup failed"
    assert new_of(text, more=ANSWER) == text.split()


def test_bars_that_nothing_introduces_mark_quotes_in_an_answer() -> None:
    assert new_of("| Which room is it?\nRoom 12\n\n| Since when is that?\nMonday", more=ANSWER) == [
        "Room",
        "12",
        "Monday",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The list:\n| PC-12 | Dora |\n| PC-13 | Eve |",
        "It prints:\n| a column of\n| the report\nand nothing else",
        "| red\n| green\nNeither works",
    ],
)
def test_tables_and_prints_of_bars_are_no_quotes(text: str) -> None:
    assert new_of(text, more=ANSWER) == text.split()


def test_a_last_marked_line_of_an_answer_is_what_it_answers() -> None:
    assert new_of("It prints again.\n\n> Does it print?", more=ANSWER) == ["It", "prints", "again."]
    cited = "You asked what I typed:\n\n> lp -d office file"
    assert new_of(cited, more=ANSWER) == cited.split()
