# ruff: noqa: E501
"""Whole mails of machines and of people who look like machines, from the standards and from what programs write.

`cases` yields (name, family, raw); the families: bounce, automatic, list, receipt, challenge, person.

Over 300 lines: a table of mails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header

from tests.corpus.mails import words

DESK = "help@desk.example"
ORIGINAL = f"Return-Path: <{DESK}>\nFrom: Help Desk <{DESK}>\nTo: bob@acme.example\nSubject: [#15789] Printer\nMessage-ID: <1.abc@desk.example>\nDate: Mon, 2 Nov 2026 10:11:12 +0100\n\nYour ticket is #15789.\n"


@dataclass(frozen=True)
class Case:
    name: str
    family: str
    raw: bytes


def mail(
    sender: str | None,
    subject: str,
    body: str,
    fields: tuple[tuple[str, str], ...] = (),
    *,
    kind: str = "text/plain; charset=utf-8",
) -> bytes:
    shown = subject if subject.isascii() else Header(subject, "utf-8").encode()
    lines = [*fields]
    if sender is not None:
        name, _, address = sender.rpartition(" ")
        lines.append(("From", sender if sender.isascii() else f"{Header(name, 'utf-8').encode()} {address}"))
    lines += [
        ("To", DESK),
        ("Subject", shown),
        ("Date", "Mon, 2 Nov 2026 10:12:00 +0100"),
        ("Message-ID", f"<{abs(hash((sender, subject, body))):x}@mx.acme.example>"),
    ]
    lines += [("MIME-Version", "1.0"), ("Content-Type", kind)]
    head = "".join(f"{name}: {value}\n" for name, value in lines)
    return f"{head}\n{body}".replace("\n", "\r\n").encode()


def report(
    sender: str,
    subject: str,
    words_of_it: str,
    fields: tuple[tuple[str, str], ...] = (),
    *,
    action: str = "failed",
    status: str = "5.1.1",
    kind: str = "delivery-status",
    original: str = "message/rfc822",
) -> bytes:
    if kind == "feedback-report":
        machine = "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\nOriginal-Rcpt-To: bob@acme.example"
    elif kind == "disposition-notification":
        machine = f"Reporting-UA: acme; Mail\nFinal-Recipient: rfc822;bob@acme.example\nOriginal-Message-ID: <1.abc@desk.example>\nDisposition: manual-action/MDN-sent-manually; {action}"
    else:
        machine = f"Reporting-MTA: dns; mx.acme.example\nArrival-Date: Mon, 2 Nov 2026 10:11:12 +0100\n\nFinal-Recipient: rfc822; bob@acme.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} user unknown"
    body = (
        f"This is a multi-part message in MIME format.\n\n--RR\nContent-Type: text/plain; charset=utf-8\n\n{words_of_it}\n"
        f"--RR\nContent-Type: message/{kind}\n\n{machine}\n\n--RR\nContent-Type: {original}\n\n{ORIGINAL}\n--RR--\n"
    )
    return mail(sender, subject, body, fields, kind=f'multipart/report; report-type={kind}; boundary="RR"')


NULL = (("Return-Path", "<>"),)

#: (program, From, subject, text): bounces without RFC 3464, as old and stubborn programs write them
PLAIN_BOUNCES: tuple[tuple[str, str | None, str, str], ...] = (
    (
        "qmail",
        "MAILER-DAEMON@mx.acme.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.acme.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<bob@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n",
    ),
    (
        "exim",
        "Mail Delivery System <Mailer-Daemon@mx.acme.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  bob@acme.example\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n",
    ),
    (
        "exim delay",
        "Mail Delivery System <Mailer-Daemon@mx.acme.example>",
        "Warning: message 1abc-0001 delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.acme.example.\n",
    ),
    (
        "sendmail",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>",
        "Returned mail: see transcript for details",
        "The original message was received at Mon, 2 Nov 2026 10:11:12 +0100\nfrom desk.example\n\n   ----- The following addresses had permanent fatal errors -----\n<bob@acme.example>\n    (reason: 550 5.1.1 <bob@acme.example>... User unknown)\n\n",
    ),
    (
        "sendmail warning",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>",
        "Warning: could not send message for past 4 hours",
        "**********************************************\n**      THIS IS A WARNING MESSAGE ONLY      **\n**  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n**********************************************\n",
    ),
    (
        "courier",
        '"Courier mail server at mx.acme.example" <@mx.acme.example>',
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.acme.example,\nrunning the Courier mail server, version 1.0.\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n<bob@acme.example>:\n    550 User unknown.\n",
    ),
    (
        "exchange 5.5",
        "System Administrator <postmaster@acme.example>",
        "Undeliverable: Printer",
        "Your message\n\n  To:      bob@acme.example\n  Subject: Printer\n  Sent:    Mon, 2 Nov 2026 10:11:12 +0100\n\ndid not reach the following recipient(s):\n\nbob@acme.example on Mon, 2 Nov 2026 10:11:13 +0100\n    The recipient name is not recognized\n",
    ),
    (
        "exchange 2003 administrator",
        "System Administrator <administrator@acme.example>",
        "Undeliverable: Printer",
        "Your message did not reach some or all of the intended recipients.\n\n      Subject:  Printer\n      Sent:     11/2/2026 10:11 AM\n\nThe following recipient(s) could not be reached:\n\n      bob@acme.example on 11/2/2026 10:11 AM\n            The e-mail account does not exist at the organization\n",
    ),
    (
        "domino",
        "Postmaster@acme.example",
        "DELIVERY FAILURE: User bob (bob@acme.example) not listed in Domino Directory",
        "Your message\n\n  Subject: Printer\n\nwas not delivered to:\n\n  bob@acme.example\n\nbecause:\n\n  User bob (bob@acme.example) not listed in Domino Directory\n",
    ),
    (
        "groupwise",
        "Mailer-Daemon@acme.example",
        "Mail System Error - Returned Mail",
        "The attached file had the following undeliverable recipient(s):\n\tbob@acme.example\n",
    ),
    (
        "mdaemon",
        "MDaemon@acme.example",
        "MDaemon Warning - Delivery failed",
        "The following data may contain sections which represent BASE64 encoded\nfile attachments.\n--- Session Transcript ---\n Mon 2026-11-02 10:11:12: <-- 550 Recipient unknown\n",
    ),
    (
        "imail",
        "Mail Administrator <postmaster@acme.example>",
        "undeliverable mail",
        "unknown user: <bob@acme.example>\n\nOriginal message follows.\n",
    ),
    (
        "mercury",
        "Electronic Postmaster <Maiser@acme.example>",
        "Postmaster Notify: Delivery Failure.",
        "The attached message has failed delivery and has been referred\nto you as postmaster. The following error report or reports\nwere given to explain the problem:\n\n   *** bob@acme.example\n",
    ),
    (
        "aol",
        "Mail Delivery Subsystem <MAILER-DAEMON@aol.example>",
        "Returned mail: User unknown",
        "The original message was received at Mon, 2 Nov 2026 10:11:12 -0500\n\n   ----- The following addresses had delivery problems -----\n<bob@acme.example>  (unrecoverable error)\n",
    ),
    (
        "yahoo",
        "MAILER-DAEMON@yahoo.example",
        "Delivery failure",
        "Message from yahoo.example.\nUnable to deliver message to the following address(es).\n\n<bob@acme.example>:\nThis user doesn't have a yahoo.example account (bob@acme.example) [-9]\n",
    ),
    (
        "gmail",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to bob@acme.example because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n550 5.1.1 user unknown\n",
    ),
    (
        "icloud",
        "Mail Delivery System <postmaster@icloud.example>",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host icloud.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n",
    ),
    (
        "proofpoint",
        "Mail Delivery Subsystem <MAILER-DAEMON@pp.acme.example>",
        "Undeliverable: Printer",
        "The original message was received at Mon, 2 Nov 2026 10:11:12 GMT\n\n   ----- The following addresses had permanent fatal errors -----\nbob@acme.example\n",
    ),
    (
        "barracuda",
        "postmaster@acme.example",
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: bob@acme.example\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:\n\nSubject: Printer\n",
    ),
    (
        "mailmarshal",
        "MailMarshal <postmaster@acme.example>",
        "Undeliverable Mail Printer",
        "MailMarshal was unable to deliver your message to the following recipients:\nbob@acme.example\n",
    ),
    (
        "ses",
        "MAILER-DAEMON@eu-west-1.amazonses.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:\nbob@acme.example\n",
    ),
    (
        "web.de",
        "Mail Delivery System <mailer-daemon@web.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n",
    ),
    (
        "t-online",
        "mailer-daemon@t-online.example",
        "Mail delivery failed",
        "Dies ist ein automatisch erstellter Hinweis.\n\n|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n",
    ),
    (
        "gmx de",
        "GMX Mailer Daemon <mailer-daemon@gmx.example>",
        "Mail Delivery System",
        "This message was created automatically by mail delivery software. Die folgende Adresse ist fehlgeschlagen: bob@acme.example\n",
    ),
    (
        "kpn",
        "Mail Delivery System <MAILER-DAEMON@kpn.example>",
        "Niet bezorgd: Printer",
        "Uw bericht kon niet worden bezorgd aan bob@acme.example: mailbox vol.\n",
    ),
    (
        "orange",
        "postmaster@orange.example",
        "Message non distribué",
        "Votre message n'a pas pu être remis au destinataire suivant : bob@acme.example. Boîte pleine.\n",
    ),
    (
        "free.fr",
        "Mail Delivery System <MAILER-DAEMON@free.example>",
        "Undelivered Mail Returned to Sender",
        "Votre message n'a pas pu être délivré.\n",
    ),
    (
        "freemail.hu",
        "MAILER-DAEMON@freemail.example",
        "Visszaküldött levél: Nyomtató",
        "A levelet nem sikerült kézbesíteni: bob@acme.example\n",
    ),
    (
        "citromail",
        "postmaster@citromail.example",
        "Kézbesítési hiba",
        "Az alábbi címzettnek nem sikerült kézbesíteni a levelet: bob@acme.example. A postafiók megtelt.\n",
    ),
    (
        "o365 de",
        "postmaster@acme.example",
        "Unzustellbar: Drucker",
        "Ihre Nachricht an bob@acme.example konnte nicht zugestellt werden.\n\nbob wurde unter acme.example nicht gefunden.\n",
    ),
    (
        "o365 nl",
        "postmaster@acme.example",
        "Onbestelbaar: Printer",
        "Uw bericht aan bob@acme.example kan niet worden bezorgd.\n",
    ),
    (
        "o365 hu",
        "postmaster@acme.example",
        "Kézbesíthetetlen: Nyomtató",
        "Az Ön bob@acme.example címzettnek küldött üzenetét nem sikerült kézbesíteni.\n",
    ),
    (
        "o365 fr",
        "postmaster@acme.example",
        "Non remis : Imprimante",
        "Votre message à bob@acme.example n'a pas pu être remis.\n",
    ),
    (
        "o365 es",
        "postmaster@acme.example",
        "No se puede entregar: Impresora",
        "No se pudo entregar el mensaje a bob@acme.example.\n",
    ),
    (
        "o365 it",
        "postmaster@acme.example",
        "Non recapitabile: Stampante",
        "Il messaggio a bob@acme.example non è stato recapitato.\n",
    ),
    (
        "o365 pt",
        "postmaster@acme.example",
        "Não foi possível entregar: Impressora",
        "A sua mensagem para bob@acme.example não pôde ser entregue.\n",
    ),
    (
        "o365 pl",
        "postmaster@acme.example",
        "Niedostarczone: Drukarka",
        "Nie można dostarczyć wiadomości do bob@acme.example.\n",
    ),
    (
        "no from",
        None,
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.acme.example.\n\n<bob@acme.example>: unknown user\n",
    ),
    (
        "empty from",
        "<>",
        "Returned mail: User unknown",
        "   ----- Transcript of session follows -----\n550 bob... User unknown\n",
    ),
    ("bare daemon", "MAILER-DAEMON", "Undeliverable message", "The user bob@acme.example is unknown.\n"),
    (
        "lotus router",
        "Lotus Notes Router <router@acme.example>",
        "DELIVERY FAILURE: 550 5.1.1 unknown",
        "Your message could not be delivered because 550 unknown user.\n",
    ),
    (
        "mail router",
        "Mail Router <mailrouter@acme.example>",
        "Delivery failure",
        "The following address failed: <bob@acme.example>: 550 user unknown\n",
    ),
    (
        "bounce address",
        "bounces@mailer.acme.example",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       bob@acme.example\n",
    ),
    (
        "notification from noreply",
        "Mail Delivery <no-reply@acme.example>",
        "Message not delivered",
        "Your message to bob@acme.example was not delivered: mailbox full.\n",
    ),
    (
        "arf by hand",
        "abuse@isp.example",
        "Abuse report about 192.0.2.1",
        "This is an email abuse report for an email message received from IP 192.0.2.1.\n",
    ),
    ("jmrp", "staff@hotmail.example", "complaint about message from 192.0.2.1", "\n"),
    (
        "virus scanner",
        "MailScanner <postmaster@acme.example>",
        "Warning: E-mail viruses detected",
        "Our virus detector has just been triggered by a message you sent:-\n  To: bob@acme.example\n",
    ),
    (
        "quota",
        "postmaster@acme.example",
        "Mailbox full",
        "The mailbox of bob@acme.example is full. Your message could not be delivered.\n",
    ),
    (
        "smtp server",
        "SMTP Server <smtp@acme.example>",
        "Undeliverable Mail",
        "Your message could not be delivered to the following recipient: bob@acme.example, user unknown\n",
    ),
    (
        "japanese",
        "MAILER-DAEMON@docomo.example",
        "Undelivered Mail Returned to Sender",
        "宛先のメールアドレスが見つかりません。\n",
    ),
    ("chinese", "PostMaster@qq.example", "系统退信/Systems bounce", "抱歉，您的邮件被退回来了\n"),
    (
        "russian",
        "mailer-daemon@yandex.example",
        "Недоставленное сообщение",
        "Это письмо отправлено почтовым сервером. Ваше письмо не доставлено.\n",
    ),
)
#: vacation answers: language -> (subject, text)
VACATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Automatic reply: Printer", "I am out of the office until Monday with limited access to my e-mail."),
        ("Out of Office: Printer", "Thank you for your message. I am on annual leave until 9 November."),
        ("Auto: Printer", "I'm on vacation. In urgent cases, please contact bob@acme.example."),
    ),
    "nl": (
        (
            "Automatisch antwoord: Printer",
            "Ik ben afwezig tot maandag. Bij spoed kunt u contact opnemen met Bob.",
        ),
        ("Afwezig: Printer", "Ik ben op vakantie en heb beperkt toegang tot mijn e-mail."),
        ("Niet aanwezig: Printer", "Ik ben momenteel niet op kantoor."),
    ),
    "hu": (
        ("Automatikus válasz: Nyomtató", "Hétfőig szabadságon vagyok."),
        ("Házon kívül: Nyomtató", "Jelenleg nem vagyok az irodában, sürgős esetben keresse Bélát."),
        ("Szabadságon vagyok: Nyomtató", "Szabadságon vagyok november 9-ig."),
    ),
    "de": (
        ("Automatische Antwort: Drucker", "Ich bin bis Montag nicht im Büro."),
        (
            "Abwesenheitsnotiz: Drucker",
            "Vielen Dank für Ihre Nachricht. Ich bin im Urlaub und ab 9. November wieder erreichbar.",
        ),
        ("Abwesend: Drucker", "Ich bin derzeit nicht im Haus. In dringenden Fällen wenden Sie sich an Bob."),
    ),
    "fr": (
        ("Réponse automatique : Imprimante", "Je suis absente jusqu'à lundi."),
        (
            "Absence du bureau : Imprimante",
            "Je suis en congé jusqu'au 9 novembre. En cas d'urgence, contactez Bob.",
        ),
        ("Absent : Imprimante", "Je suis actuellement en congé, de retour le 9 novembre."),
    ),
    "es": (("Respuesta automática: Impresora", "Estoy fuera de la oficina hasta el lunes."),),
    "it": (("Risposta automatica: Stampante", "Sono fuori ufficio fino a lunedì."),),
    "pt": (("Resposta automática: Impressora", "Estou ausente até segunda-feira."),),
    "pl": (("Odpowiedź automatyczna: Drukarka", "Jestem poza biurem do poniedziałku."),),
}
#: what programs that send vacation answers put into the header
VACATION_MARKS: dict[str, tuple[tuple[str, str], ...]] = {
    "exchange online": (
        ("X-Auto-Response-Suppress", "All"),
        ("Auto-Submitted", "auto-generated"),
        ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
    ),
    "exchange old": (("Return-Path", "<>"), ("X-Auto-Response-Suppress", "DR, OOF, AutoReply")),
    "sieve": (("Auto-Submitted", "auto-replied (vacation)"), ("Precedence", "bulk")),
    "gmail": (("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes")),
    "cpanel": (("X-Autorespond", "yes"), ("Precedence", "auto_reply"), ("X-Precedence", "auto_reply")),
    "plesk": (("X-Auto-Reply", "yes"),),
    "null sender only": (("Return-Path", "<>"),),
    "nothing": (),
}
AUTOMATIC: tuple[tuple[str, str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "zendesk",
        "Acme Support <support@acme.example>",
        "[Acme] Re: Printer",
        "##- Please type your reply above this line -##\nYour request (123) has been received.",
        (
            ("X-Zendesk-From-Account-Id", "1"),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
        ),
    ),
    (
        "freshdesk",
        "support@acme.freshdesk.example",
        "Ticket Received - Printer",
        "Dear Help Desk, We would like to acknowledge that we have received your request.",
        (("X-Auto-Response-Suppress", "All"), ("Auto-Submitted", "auto-generated")),
    ),
    (
        "otrs",
        "Acme <support@acme.example>",
        "[Ticket#2026110210] RE: Printer",
        "Danke für Ihre Nachricht.",
        (
            ("X-OTRS-Loop", "yes"),
            ("X-Powered-By", "OTRS - Open Ticket Request System"),
            ("Precedence", "bulk"),
        ),
    ),
    (
        "rt",
        "support via RT <rt@acme.example>",
        "[acme #123] AutoReply: Printer",
        "This message has been automatically generated",
        (("RT-Ticket", "acme #123"), ("Precedence", "bulk"), ("X-RT-Loop-Prevention", "acme")),
    ),
    (
        "jira",
        "Bob (Jira) <jira@acme.example>",
        "[JIRA] (IT-1) Printer",
        "Bob commented",
        (("X-JIRA-FingerPrint", "x"), ("Precedence", "bulk"), ("Auto-Submitted", "auto-generated")),
    ),
    (
        "github",
        "bob <notifications@github.example>",
        "Re: [acme/app] Printer (#12)",
        "Fixed.",
        (("List-ID", "acme/app <app.acme.github.example>"), ("X-GitHub-Reason", "mention")),
    ),
    (
        "gitlab",
        "Bob <gitlab@acme.example>",
        "Re: app | Printer (#12)",
        "Fixed.",
        (("X-GitLab-Project", "app"), ("Auto-Submitted", "auto-generated")),
    ),
    (
        "cron",
        "root@acme.example (Cron Daemon)",
        "Cron <root@host> /bin/backup",
        "done",
        (("X-Cron-Env", "<SHELL=/bin/sh>"), ("Auto-Submitted", "auto-generated")),
    ),
    (
        "nagios",
        "nagios@acme.example",
        "** PROBLEM Service Alert: host/disk is CRITICAL **",
        "Notification Type: PROBLEM",
        (("X-Mailer", "nagios"), ("Auto-Submitted", "auto-generated")),
    ),
    ("noreply shop", "Shop <no-reply@shop.example>", "Your order", "Thank you for your order.", ()),
    ("nincsvalasz", "Bolt <ne-valaszoljon@bolt.example>", "Rendelés", "Köszönjük rendelését.", ()),
    (
        "dmarc report",
        "noreply-dmarc@acme.example",
        "Report domain: desk.example Submitter: acme.example Report-ID: 1",
        "",
        (),
    ),
    ("form", "WordPress <wordpress@acme.example>", "Contact", "x", (("Auto-Submitted", "auto-generated"),)),
    (
        "icalendar answer",
        "Bob <bob@acme.example>",
        "Accepted: Visit",
        "",
        (("Auto-Submitted", "auto-replied"),),
    ),
    (
        "printer scan",
        "Scanner <scanner@acme.example>",
        "Scan from MFP",
        "Scanned document attached",
        (("Auto-Submitted", "auto-generated"),),
    ),
    (
        "voicemail",
        "Voicemail <voicemail@acme.example>",
        "New voice message",
        "You have a message",
        (("Auto-Submitted", "auto-generated"),),
    ),
    ("teams", "Bob in Teams <noreply@email.teams.example>", "Bob sent a message", "Hi", ()),
    (
        "received mail",
        "info@acme.example",
        "We have received your message",
        "Thank you for contacting us. This is an automated response.",
        (("Auto-Submitted", "auto-replied"),),
    ),
)
LISTS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "mailman",
        "Bob <bob@x.example>",
        "[dev] Printer",
        (
            ("List-Id", "Dev <dev.lists.example>"),
            ("List-Post", "<mailto:dev@lists.example>"),
            ("Precedence", "list"),
            ("Sender", "dev-bounces@lists.example"),
            ("X-BeenThere", "dev@lists.example"),
        ),
    ),
    (
        "google groups",
        "Bob <bob@x.example>",
        "Printer",
        (
            ("List-ID", "<dev.acme.example>"),
            ("X-Google-Group-Id", "123"),
            ("Precedence", "list"),
            ("Mailing-list", "list dev@acme.example; contact dev+owners@acme.example"),
        ),
    ),
    (
        "yahoo groups",
        "bob@x.example",
        "[dev] Printer",
        (
            ("Mailing-List", "list dev@groups.example; contact dev-owner@groups.example"),
            ("X-Yahoo-Newman-Property", "groups-email"),
            ("Sender", "dev@groups.example"),
        ),
    ),
    (
        "majordomo",
        "bob@x.example",
        "Printer",
        (("Sender", "owner-dev@lists.example"), ("Precedence", "bulk")),
    ),
    (
        "listserv",
        "Bob <bob@x.example>",
        "Printer",
        (("Sender", "Dev list <DEV@LISTSERV.X.EXAMPLE>"), ("Return-Path", "<owner-dev@listserv.x.example>")),
    ),
    (
        "ezmlm",
        "bob@x.example",
        "Printer",
        (
            ("Mailing-List", "contact dev-help@x.example; run by ezmlm"),
            ("Delivered-To", "mailing list dev@x.example"),
            ("Return-Path", "<dev-return-123-help=desk.example@x.example>"),
        ),
    ),
    (
        "sympa",
        "bob@x.example",
        "Printer",
        (
            ("X-Loop", "dev@x.example"),
            ("X-Sequence", "12"),
            ("Precedence", "list"),
            ("List-Help", "<mailto:sympa@x.example>"),
        ),
    ),
    (
        "mailchimp",
        "News <news@shop.example>",
        "Sale",
        (
            ("List-Unsubscribe", "<mailto:u@mc.example>"),
            ("X-MC-User", "1"),
            ("X-Mailer", "MailChimp Mailer - **CID**"),
            ("List-ID", "x <x.list-id.mc.example>"),
        ),
    ),
    (
        "newsletter",
        "Shop <news@shop.example>",
        "Neues",
        (
            ("List-Unsubscribe", "<https://shop.example/u>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
        ),
    ),
    (
        "linkedin",
        "Bob <invitations@linkedin.example>",
        "Join",
        (("List-Unsubscribe", "<https://x.example>"), ("X-LinkedIn-Template", "x")),
    ),
    (
        "old newsletter",
        "news@shop.example",
        "News",
        (("Errors-To", "news-bounces@shop.example"), ("Precedence", "bulk")),
    ),
    (
        "hungarian newsletter",
        "Hírek <hirlevel@bolt.example>",
        "Akció",
        (("List-Unsubscribe", "<https://bolt.example/l>"), ("X-Mailer", "Webgalamb")),
    ),
)
RECEIPTS = (
    (
        "outlook en",
        "Read: Printer",
        "Your message\n\n    To: bob\n    Subject: Printer\n\nwas read on Monday, November 2, 2026.",
    ),
    ("outlook nl", "Gelezen: Printer", "Uw bericht is gelezen op maandag 2 november 2026."),
    ("outlook hu", "Olvasva: Nyomtató", "Az üzenetet elolvasták."),
    ("outlook de", "Gelesen: Drucker", "Ihre Nachricht wurde am Montag gelesen."),
    ("outlook fr", "Lu : Imprimante", "Votre message a été lu le lundi 2 novembre 2026."),
    (
        "thunderbird",
        "Return Receipt (displayed) - Printer",
        "This is a Return Receipt for the mail that you sent.",
    ),
    ("deleted", "Not read: Printer", "Your message was deleted without being read."),
)
CHALLENGES = (
    (
        "tmda",
        "bob-confirm@acme.example",
        "Please confirm your message",
        "This message was created automatically by TMDA.\nTo release your message for delivery, reply to this message. http://tmda.example",
        (("X-TMDA-Confirm", "1"), ("Auto-Submitted", "auto-replied")),
    ),
    (
        "spamarrest",
        "Bob <bob@spamarrest.com>",
        "Re: Printer (verification)",
        "Please click the link to verify yourself: http://x.example",
        (),
    ),
    (
        "generic",
        "bob@acme.example",
        "Please confirm your email",
        "To make sure your message reaches me, click the link: http://acme.example/c/1",
        (),
    ),
    ("boxbe", "bob@boxbe.com", "Your message to bob awaits", "You need to verify", ()),
    (
        "earthlink",
        "bob@earthlink.example",
        "Re: Printer [Suspect Email]",
        "I apologize for this automatic reply to your email. To control spam, I now allow incoming messages only from senders I have approved beforehand. If you would like to be added to my list of approved senders, please fill out the short request form: http://e.example/x",
        (),
    ),
)
#: people, (name, From, subject, text, fields): each must be answered
PEOPLE: tuple[tuple[str, str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "about out of office en",
        "Ann <ann@acme.example>",
        "How do I set an out of office?",
        "Please tell me how to set an automatic reply for my vacation.",
        (),
    ),
    (
        "about out of office nl",
        "Anna <ann@acme.example>",
        "Afwezigheidsassistent werkt niet",
        "Mijn afwezigheidsmelding gaat niet aan, wat doe ik fout?",
        (),
    ),
    (
        "about out of office hu",
        "Anna <ann@acme.example>",
        "Automatikus válasz beállítása",
        "Hogyan kell beállítani az automatikus választ? Jövő héten szabadságon leszek.",
        (),
    ),
    (
        "about out of office de",
        "Anna <ann@acme.example>",
        "Abwesenheitsnotiz einrichten",
        "Könnten Sie für Herrn Meier eine Abwesenheitsnotiz einrichten? Er ist im Urlaub.",
        (),
    ),
    (
        "about out of office fr",
        "Anne <ann@acme.example>",
        "Message d'absence : comment faire ?",
        "Comment mettre un message d'absence dans Outlook ?",
        (),
    ),
    (
        "reply to an automatic reply",
        "Ann <ann@acme.example>",
        "RE: Automatic reply: Printer",
        "I am back, please come tomorrow.",
        (),
    ),
    (
        "reply to an automatic reply de",
        "Anna <ann@acme.example>",
        "AW: Automatische Antwort: Drucker",
        "Ich bin wieder da, bitte kommen Sie morgen.",
        (),
    ),
    (
        "reply to an automatic reply nl",
        "Anna <ann@acme.example>",
        "Re: Automatisch antwoord: Printer",
        "Ik ben er weer, komt u morgen?",
        (),
    ),
    (
        "reply to an automatic reply hu",
        "Anna <ann@acme.example>",
        "Vá: Automatikus válasz: Nyomtató",
        "Visszajöttem, kérem jöjjenek holnap.",
        (),
    ),
    (
        "reply to an automatic reply fr",
        "Anne <ann@acme.example>",
        "RE: Réponse automatique : Imprimante",
        "Je suis de retour, venez demain.",
        (),
    ),
    (
        "forwards a bounce",
        "Ann <ann@acme.example>",
        "FW: Undeliverable: Offer",
        "What does this mean?\n\nFrom: postmaster@x.example\nSent: Monday, November 2, 2026 10:11 AM\nTo: Ann\nSubject: Undeliverable: Offer\n\nDelivery has failed to these recipients or groups:\nbob@x.example\n550 5.1.1",
        (),
    ),
    (
        "forwards a bounce de",
        "Anna <ann@acme.example>",
        "WG: Unzustellbar: Angebot",
        "Was heißt das?\n\nFehler bei der Nachrichtenzustellung an folgende Empfänger",
        (),
    ),
    (
        "forwards a bounce hu",
        "Anna <ann@acme.example>",
        "Tov: Kézbesíthetetlen: Ajánlat",
        "Ez mit jelent?\n\nA kézbesítés a következő címzetteknek nem sikerült",
        (),
    ),
    (
        "forwards a bounce nl",
        "Anna <ann@acme.example>",
        "Doorst: Onbestelbaar: Offerte",
        "Wat betekent dit?\n\nBezorging aan deze geadresseerden of groepen is mislukt",
        (),
    ),
    (
        "forwards a bounce fr",
        "Anne <ann@acme.example>",
        "TR : Non remis : Devis",
        "Que veut dire ceci ?\n\nÉchec de la remise pour ces destinataires",
        (),
    ),
    (
        "writes of undelivered mail",
        "Ann <ann@acme.example>",
        "Undelivered mail",
        "Hello, since Monday my mails to Bob come back. Could you look?",
        (),
    ),
    (
        "writes of undeliverable mail",
        "Ann <ann@acme.example>",
        "Undeliverable messages every day",
        "Hi, I get undeliverable messages every day, user unknown, what can we do?",
        (),
    ),
    (
        "writes delivery failed",
        "Ann <ann@acme.example>",
        "Delivery failed",
        "The courier's delivery failed, nobody was at the door. When does the new screen come?",
        (),
    ),
    (
        "writes delivery failed de",
        "Anna <ann@acme.example>",
        "Zustellung fehlgeschlagen",
        "Der Paketdienst war da, aber niemand am Empfang. Wann kommt der Bildschirm?",
        (),
    ),
    (
        "writes mailbox full nl",
        "Anna <ann@acme.example>",
        "Mailbox vol",
        "Mijn mailbox is vol, kunt u hem groter maken?",
        (),
    ),
    (
        "writes mailbox full hu",
        "Anna <ann@acme.example>",
        "Megtelt a postafiók",
        "Megtelt a postafiókom, kérem növeljék meg.",
        (),
    ),
    (
        "writes mailbox full fr",
        "Anne <ann@acme.example>",
        "Boîte pleine",
        "Ma boîte est pleine, pouvez-vous l'agrandir ?",
        (),
    ),
    (
        "desk's own group",
        "Ann <ann@acme.example>",
        "Printer",
        "It is broken.",
        (
            ("List-ID", "<help.desk.example>"),
            ("List-Post", f"<mailto:{DESK}>"),
            ("Precedence", "list"),
            ("X-Google-Group-Id", "1"),
            ("Mailing-list", f"list {DESK}; contact help+owners@desk.example"),
            ("Sender", DESK),
        ),
    ),
    (
        "precedence first-class",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (("Precedence", "first-class"),),
    ),
    (
        "asks for a read receipt",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (
            ("Disposition-Notification-To", "ann@acme.example"),
            ("Return-Receipt-To", "ann@acme.example"),
            ("X-Confirm-Reading-To", "ann@acme.example"),
        ),
    ),
    (
        "suppresses answers",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),),
    ),
    (
        "suppresses all",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (("X-Auto-Response-Suppress", "All"),),
    ),
    ("auto-submitted no", "Ann <ann@acme.example>", "Printer", "Broken.", (("Auto-Submitted", "no"),)),
    (
        "campaign id of a CRM",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (
            ("X-SG-EID", "x"),
            ("Feedback-ID", "1:2:3:acme"),
        ),
    ),
    (
        "bounce-like envelope",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (("Return-Path", "<bounce+ab12.ann=acme.example@mail.acme.example>"),),
    ),
    (
        "SRS envelope",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.",
        (("Return-Path", "<SRS0=ab=cd=acme.example=ann@forward.example>"),),
    ),
    ("mailbox called mailer", "Ann <ann.mailer@acme.example>", "Printer", "Broken.", ()),
    (
        "mailbox called support",
        "Acme Support <support@acme.example>",
        "Server down",
        "Our server is down, can you help?",
        (),
    ),
    ("mailbox called info", "info@acme.example", "Question", "When are you open?", ()),
    (
        "mailbox called admin",
        "Administrator <admin@acme.example>",
        "Backup failed",
        "Could you look at the backup?",
        (),
    ),
    (
        "system administrator of flesh",
        "System Administrator <sysadmin@acme.example>",
        "New server",
        "We need a new server for the finance people, can you make an offer?",
        (),
    ),
    (
        "postmaster of flesh",
        "Bob, postmaster <postmaster@acme.example>",
        "Your mail server",
        "Your server greylists us for hours. Whom may I call?",
        (),
    ),
    ("bounce in a name", "Bob Bounce <bob.bounce@acme.example>", "Door", "The door is stuck.", ()),
    ("spam question", "Ann <ann@acme.example>", "Spam report", "I get much spam, where do I report it?", ()),
    (
        "thanks for order",
        "Ann <ann@acme.example>",
        "Your order 123",
        "We did not get the order, please check.",
        (),
    ),
    (
        "confirm please",
        "Ann <ann@acme.example>",
        "Please confirm",
        "Please confirm the date of the visit.",
        (),
    ),
    (
        "confirm my address",
        "Ann <ann@acme.example>",
        "Please confirm my e-mail address",
        "Is the address on file right? Our site: http://acme.example",
        (),
    ),
    ("accepted", "Ann <ann@acme.example>", "Accepted: quote 12", "We accept, please order.", ()),
    (
        "read this",
        "Ann <ann@acme.example>",
        "Read: the new rules",
        "Did you read the new rules? Who installs them?",
        (),
    ),
    (
        "gelesen",
        "Anna <ann@acme.example>",
        "Gelesen: Ihre Mail",
        "Ihre Mail habe ich gelesen, bitte kommen Sie am Montag.",
        (),
    ),
    (
        "notification",
        "Ann <ann@acme.example>",
        "Notification does not work",
        "No notification comes from the scanner.",
        (),
    ),
    ("test", "Ann <ann@acme.example>", "test", "test", ()),
    ("empty text", "Ann <ann@acme.example>", "Please call me", "", ()),
    ("no subject", "Ann <ann@acme.example>", "", "The printer is broken.", ()),
    (
        "vacation topic en",
        "Ann <ann@acme.example>",
        "Vacation planner",
        "The vacation planner does not open, error 5.",
        (),
    ),
    ("urlaub topic", "Anna <ann@acme.example>", "Urlaub", "Das Urlaubsprogramm geht nicht.", ()),
    (
        "szabadság topic",
        "Anna <ann@acme.example>",
        "Szabadság kérelem",
        "A szabadságkérő program hibát ír ki.",
        (),
    ),
    (
        "abwesend topic",
        "Anna <ann@acme.example>",
        "Abwesend am Montag",
        "Am Montag bin ich nicht da, bitte kommen Sie am Dienstag wegen des Druckers.",
        (),
    ),
    ("congé topic", "Anne <ann@acme.example>", "Congés", "Le logiciel des congés ne s'ouvre pas.", ()),
    (
        "errors",
        "Ann <ann@acme.example>",
        "Error: disk full",
        "My computer says Error: disk full. What now?",
        (),
    ),
    (
        "failed",
        "Ann <ann@acme.example>",
        "Failed: backup of my laptop",
        "The backup failed again. Can you look?",
        (),
    ),
    (
        "rejected",
        "Ann <ann@acme.example>",
        "Rejected: my travel claim",
        "The system rejected my claim, why?",
        (),
    ),
    (
        "warning",
        "Ann <ann@acme.example>",
        "Warning: message on my screen",
        "There is a warning on my screen, see below: license expired.",
        (),
    ),
    (
        "returned",
        "Ann <ann@acme.example>",
        "Returned laptop",
        "I returned the laptop on Friday, who has it?",
        (),
    ),
    ("banned", "Ann <ann@acme.example>", "Banned from the portal", "I cannot log in.", ()),
    (
        "quota",
        "Ann <ann@acme.example>",
        "Quota exceeded on drive H",
        "I cannot save any more: quota exceeded.",
        (),
    ),
    (
        "bounced payment",
        "Ann <ann@acme.example>",
        "Bounced payment",
        "The payment bounced, please resend the invoice.",
        (),
    ),
    (
        "delivery status",
        "Ann <ann@acme.example>",
        "Delivery status of the new monitors?",
        "When do they come?",
        (),
    ),
    (
        "delivery problem",
        "Ann <ann@acme.example>",
        "Delivery problem with the toner",
        "The wrong toner came.",
        (),
    ),
    (
        "challenge",
        "Ann <ann@acme.example>",
        "A challenge for you",
        "The scanner does not scan. http://acme.example/photo",
        (),
    ),
    (
        "virus found",
        "Ann <ann@acme.example>",
        "Virus found",
        "My computer says virus found, what shall I do?",
        (),
    ),
    (
        "sent by phone",
        "Ann <ann@acme.example>",
        "Printer",
        "Broken.\n\nSent from my iPhone",
        (("X-Mailer", "iPhone Mail (22G86)"),),
    ),
    (
        "sender on behalf",
        "Boss <boss@acme.example>",
        "Printer",
        "Broken.",
        (("Sender", "Secretary <secretary@acme.example>"),),
    ),
)


def invitation(method: str) -> bytes:
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\nUID:1\nSUMMARY:Visit\nDTSTART:20261103T090000Z\nDTEND:20261103T100000Z\nORGANIZER:mailto:ann@acme.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{DESK}\nEND:VEVENT\nEND:VCALENDAR\n"
    body = f"--CC\nContent-Type: text/plain; charset=utf-8\n\nShall we meet about the printer?\n--CC\nContent-Type: text/calendar; charset=utf-8; method={method}\n\n{calendar}\n--CC--\n"
    subject = {"REQUEST": "Visit", "REPLY": "Accepted: Visit", "CANCEL": "Canceled: Visit"}[method]
    return mail("Ann <ann@acme.example>", subject, body, kind='multipart/alternative; boundary="CC"')


def cases() -> Iterator[Case]:
    for program, sender, subject, text in PLAIN_BOUNCES:
        yield Case(f"{program} with a null sender", "bounce", mail(sender, subject, text, NULL))
        yield Case(f"{program} without a Return-Path", "bounce", mail(sender, subject, text + ORIGINAL))
        auto = (("Auto-Submitted", "auto-replied"),)
        yield Case(f"{program} auto-submitted", "bounce", mail(sender, subject, text, auto))
    for number, (program, sender, subject, text) in enumerate(PLAIN_BOUNCES[::3]):
        for kind, action, status in (
            ("delivery-status", "failed", "5.1.1"),
            ("delivery-status", "delayed", "4.4.7"),
            ("feedback-report", "", ""),
        ):
            marks: tuple[tuple[str, str], ...] = (NULL, (), (("Auto-Submitted", "auto-replied"),))[number % 3]
            yield Case(
                f"{program} {kind} {action}",
                "bounce",
                report(
                    sender or "MAILER-DAEMON@x.example",
                    subject,
                    text,
                    marks,
                    action=action,
                    status=status,
                    kind=kind,
                    original=("message/rfc822", "text/rfc822-headers")[number % 2],
                ),
            )
    for language, pairs in VACATIONS.items():
        for subject, text in pairs:
            for program, fields in VACATION_MARKS.items():
                yield Case(
                    f"vacation {language} {subject} {program}",
                    "automatic",
                    mail(f"{words.NAMES[language]} <ann@acme.example>", subject, text, fields),
                )
    for name, sender, subject, text, fields in AUTOMATIC:
        yield Case(name, "automatic", mail(sender, subject, text, fields))
    for name, sender, subject, fields in LISTS:
        yield Case(name, "list", mail(sender, subject, "Hello all.", fields))
        yield Case(f"{name} reply", "list", mail(sender, f"Re: {subject}", "Hello all.", fields))
    for name, subject, text in RECEIPTS:
        yield Case(
            name,
            "receipt",
            report(
                "Bob <bob@acme.example>", subject, text, kind="disposition-notification", action="displayed"
            ),
        )
    yield Case("calendar answer", "receipt", invitation("REPLY"))
    for name, sender, subject, text, fields in CHALLENGES:
        yield Case(name, "challenge", mail(sender, subject, text, fields))
    for name, sender, subject, text, fields in PEOPLE:
        if sender:
            yield Case(name, "person", mail(sender, subject, text, fields))
    yield Case("invitation", "person", invitation("REQUEST"))
    yield Case("cancelled invitation", "person", invitation("CANCEL"))
