"""How delivery reports call themselves: data for mail/guard/bounce.py. All lower case, blanks squeezed.

Written from the standards (RFC 3464, RFC 5965), from what Postfix, Exim, qmail, sendmail and Courier write,
and from what Exchange, Domino, GroupWise, Gmail and the large providers send in their users' languages.
"""

from __future__ import annotations

import re

#: local parts that only mail systems use; nobody writes a letter from them
DAEMONS = frozenset(
    {
        "mailer-daemon", "mailerdaemon", "mailer_daemon", "mailer.daemon", "mail-daemon", "maildaemon",
        "mdaemon",
        "mailer", "mail-delivery-subsystem", "mail_delivery_subsystem", "maildeliverysystem",
        "mail-delivery-system",
        "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e", "bounce-notification", "bouncenotification",
        "mailsystem", "mail-system", "auto-bounce", "ndr", "emailrejected", "deliveryreport",
    }
)  # fmt: skip

#: parts of a From display name that mail systems use
SYSTEM_NAMES = (
    "mailer-daemon", "mailer daemon", "mail delivery s", "mail deliver", "mail subsystem",
    "delivery subsystem",
    "postmaster", "mail administrator", "mail system", "internet mail delivery", "internet mail service",
    "system attendant", "mailer-demon", "mdaemon", "systemadministrator", "system administrator",
    "notes router", "mailscanner", "smtp server", "mailmarshal", "mail gateway", "mail filter", "antivirus",
    "mailserver", "mail server", "mail router", "message delivery", "mail-delivery", "delivery system",
    "email delivery", "rendszergazda", "message transfer agent", "mailserver", "mail rendszer", "levelezőrendszer",
    "mailgate", "mail-gateway", "smtp-gw", "smtp gateway", "gwia", "groupwise internet", "scanmail", "interscan",
    "mailsweeper", "email security", "e-mail security", "expurgate", "nospamproxy", "spam firewall", "emailgateway",
    "mail-router", "mailrouter", "mailadmin@", "postoffice@", "mta@", "smtp@", "smtpd@",
)  # fmt: skip

#: beginnings of a report's subject
SUBJECTS = (
    # Postfix, Exim, qmail, sendmail, Courier, Domino, MDaemon, Groupwise
    "undelivered mail returned to sender", "undelivered mail", "undelivered message", "undelivered:",
    "delayed mail (still being retried)", "successful mail delivery report", "postmaster copy:",
    "mail delivery failed", "mail delivery failure", "mail delivery fail", "mail delivery error",
    "warning: message", "warning: could not send", "warning: mail delivery", "failure notice",
    "returned mail",
    "mail could not be delivered", "could not send message", "mail returned", "message returned",
    "delivery failure", "delivery failed", "delivery error", "delivery delayed", "delivery has failed",
    "delivery problem", "delivery report", "delivery status", "delivery notification", "delivery delay",
    "non-delivery", "nondelivery", "non delivery", "not delivered", "nondeliverable", "non remis", "ndn:",
    "ndr:",
    "message delivery failure", "message delivery failed", "message delivery has failed",
    "message delivery delay",
    "message undeliverable", "message could not be delivered", "message not delivered", "message status",
    "message delayed", "your message could not", "your message was not delivered", "your email could not",
    "your mail could not", "your message to", "mail system error - returned", "mail status report",
    "mail failure", "mail error", "mail undeliverable", "mail not delivered", "email delivery failure",
    "email delivery failed", "e-mail delivery failure", "failed mail", "failed delivery", "failed to deliver",
    "failed:", "failure delivery", "undeliverable", "undeliverd", "undelivery", "unable to deliver",
    "unknown address", "unknown user", "user unknown", "address not found", "address changed", "bounced",
    "bounce:", "bounced mail", "bounced email", "rejected:", "message rejected", "mail rejected",
    "rejected mail", "message blocked", "quota exceeded", "over quota", "mailbox full", "mailbox is full",
    "mailbox unavailable", "mailbox over quota", "mailbox quota", "inbox full", "problem delivering",
    "problem with delivery", "error sending", "error delivering", "error: ", "complaint about message from",
    "email feedback report", "abuse report", "feedback report", "spam report", "email abuse report",
    "considered unsolicited bulk email", "banned", "virus in mail", "virus found", "returned to sender",
    "return to sender", "transcript of session", "sender notification", "[postmaster]", "postmaster notify",
    "mailer-daemon", "mail transaction failed", "automatic notification of mail delivery", "*** undeliver",
    "** address not found", "** message not delivered", "** message blocked", "** delivery incomplete",
    "message you sent", "mail you sent", "email you sent", "e-mail you sent", "your message was blocked",
    "warning: e-mail viruses", "warning: virus", "virus alert", "virus detected", "delivery unsuccessful",
    "unsuccessful delivery", "unsent", "not sent", "could not be delivered", "couldn't be delivered",
    "cannot deliver", "could not deliver", "nicht ausgeliefert", "não foi possível entregar",
    "delivery incomplete", "message recall", "the following recipient", "no such user", "recipient unknown",
    # German
    "unzustellbar", "nicht zustellbar", "unzustellbare", "zustellung fehlgeschlagen", "zustellungsfehler",
    "benachrichtung zum übermittlungsstatus", "benachrichtigung zum übermittlungsstatus", "zustellfehler",
    "fehler beim zustellen", "rückläufer", "ihre nachricht konnte nicht", "nachricht nicht zugestellt",
    "übermittlungsfehler", "übermittlung verzögert", "zustellung verzögert", "postfach voll",
    "mail nicht zugestellt",
    # Dutch
    "onbestelbaar", "niet te bezorgen", "niet bezorgd", "niet afgeleverd", "bezorging mislukt",
    "bericht niet bezorgd", "bezorgingsstatus", "bezorging vertraagd", "afleveringsstatus",
    "uw bericht kon niet",
    "melding over de afleverstatus", "postvak vol", "postvak is vol", "mailbox vol",
    # Hungarian
    "kézbesíthetetlen", "kézbesítési", "a kézbesítés", "sikertelen kézbesítés", "nem kézbesíthető",
    "kézbesítetlen", "a levél nem", "az üzenet nem", "a postafiók megtelt", "megtelt a postafiók",
    "visszaküldött levél", "kézbesítés nem sikerült", "késleltetett",
    # French
    "non remis", "non délivré", "non distribué", "message non", "mail non délivré", "échec de remise",
    "échec de la remise", "échec de livraison", "échec d'envoi", "échec de distribution",
    "notification d'état",
    "notification d'échec", "avis de non", "rapport de non", "remise retardée", "retard de remise",
    "boîte pleine", "boîte aux lettres pleine", "impossible de remettre", "courrier non remis",
    # Spanish, Italian, Portuguese
    "no se puede entregar", "no entregado", "no se ha podido entregar", "correo no entregado",
    "error de entrega",
    "notificación de estado", "correo devuelto", "mensaje devuelto", "fallo en la entrega", "buzón lleno",
    "non recapitabile", "mancata consegna", "impossibile recapitare", "notifica dello stato",
    "errore di consegna",
    "mancato recapito", "avviso di mancata consegna", "casella piena", "não é possível entregar",
    "não entregue", "falha na entrega", "devolvido", "notificação de status", "erro de entrega",
    "não foi entregue",
    # Polish, Czech, Slovak, Romanian
    "niedostarczalne", "niedostarczone", "nie można dostarczyć", "niedostarczono", "błąd dostarczenia",
    "zwrot wiadomości", "nedoručitelné", "nelze doručit", "nedoručeno", "nedoručiteľné", "nemožno doručiť",
    "nu se poate livra", "nelivrabil", "mesaj nelivrat",
    # Swedish, Danish, Norwegian, Finnish
    "olevererbar", "oleverbar", "ej levererat", "kan inte levereras", "kan ikke leveres", "ikke leveret",
    "ikke levert", "uleveret", "kunne ikke leveres", "ei voida toimittaa", "toimittamaton",
    "ei voitu toimittaa", "toimitus epäonnistui",
    # Russian, Ukrainian, Turkish, Chinese, Japanese, Korean
    "не удалось доставить", "недоставлен", "не доставлен", "недоставка", "ошибка доставки",
    "сообщение не доставлено",
    "не вдалося доставити", "не доставлено", "teslim edilemedi", "iletilemedi", "退信", "系统退信", "未送达",
    "無法傳遞", "未傳遞", "无法投递", "配信不能", "配信エラー", "メール配信", "送信エラー", "배달되지",
)  # fmt: skip

#: boilerplate that only mail systems write, and nobody as the first words of a letter
BOILERPLATE = (
    "bezorging bij deze geadresseerden", "bezorging aan deze geadresseerden", "échec de la remise à ces destinataires",
    "échec de remise aux destinataires", "error de entrega a estos destinatarios", "recapito non riuscito per i seguenti",
    "nie można dostarczyć wiadomości do następujących", "falha na entrega a estes destinatários",
    "det gick inte att leverera till följande", "levering mislykkedes til disse", "doručení se nezdařilo těmto",
    "toimitus näille vastaanottajille", "livrarea nu a reușit la acești",
    "this message was created automatically by mail", "this is the mail system at host",
    "this is the qmail-send program", "this is an automatically generated delivery",
    "this is a delivery status notification", "delivery to the following recipient",
    "your message did not reach some or all", "the following recipient(s) could not be reached",
    "the following recipient(s) cannot be reached", "the original message was received at",
    "----- the following addresses had", "----- transcript of session", "this is the postfix program at host",
    "this is the courier mail server", "this is the machine generated message",
    "i'm afraid i wasn't able to deliver", "i'm sorry to have to inform you that",
    "a message that you sent could not be delivered", "a message that you have sent could not be delivered",
    "your message wasn't delivered to", "your message couldn't be delivered to",
    "your message could not be delivered to", "your message to the following recipients",
    "the following message to <", "the following address(es) failed",
    "message could not be delivered to some", "delivery has failed to these recipients",
    "delivery has failed on the enclosed message", "reporting-mta:", "final-recipient:",
    "we were unable to deliver your message", "sorry, we were unable to deliver",
    "unable to deliver message to the following", "unable to deliver mail to the following",
    "could not deliver message to the following", "this report relates to a message you sent",
    "** address not found **", "** message not delivered **", "** message blocked **",
    "** delivery incomplete **", "the e-mail system was unable to deliver the message",
    "this is an email abuse report", "this is a spam report for", "this is an abuse report for",
    "your mail to the following recipients could not be delivered", "your mail message to the following",
    "ihre nachricht hat einige oder alle empfänger nicht erreicht", "fehler bei der nachrichtenzustellung an",
    "diese nachricht wurde automatisch vom mail",
    "automatisch erstellte benachrichtigung über den zustellstatus",
    "uw bericht heeft enkele of alle geadresseerden niet bereikt", "bezorging aan deze geadresseerden",
    "az üzenet nem érte el a következő", "a kézbesítés a következő címzetteknek",
    "échec de la remise pour ces destinataires", "votre message n'a pas atteint certains",
    "was not delivered to:", "the message that you sent was undeliverable", "the message that you sent was opened",
    "no se pudo entregar a estos destinatarios", "il messaggio non ha raggiunto alcuni",
)  # fmt: skip

#: anywhere in a mail system's subject: a mail did not arrive, or was refused
FAILED = re.compile(
    r"undeliver|not (?:be )?delivered|delivery (?:fail|status|problem|notif|incomplete)|"
    r"\b(?:blocked|rejected|quarantined|bounced)\b|"
    r"zustell|zugestellt|nicht ausgeliefert|abgelehnt|abgewiesen|zurückgewiesen|zurückgehalten|aflever|"
    r"afgeleverd|bezorg|geweigerd|"
    r"kézbesít|visszapattan|visszautasít|pu être remis|échec|non remis|distribution|rejeté|entrega|rechazad|consegn|recapit|"
    r"relay(?:ing)? (?:access )?denied|access denied|message refusé|refusé|nem érkezett meg|toimit|doručen|livrat|"
    r"respint|rifiutat|dostarcz|odrzucon|entregue|退信|недостав|не доставлен"
)
#: who greets is a person
GREETING = re.compile(
    r"(?:hello|hi|dear|good (?:morning|day|afternoon)|hallo|guten|sehr geehrte|liebe|moin|beste|geachte|goede|tisztelt|"
    r"kedves|jó |szia|üdv|bonjour|madame|monsieur|hola|buenos|estimad|buon|gentile|spett|dzień|szanown|olá|"
    r"bom dia|caro|cara)\b"
)

#: ... and who asks for something of the reader's doing; a report says what the sender can do
BIDS = re.compile(
    r"\b(?:can you|could you|please (?:un|look|help|fix|mend|call)|"
    r"bitte (?:prüfen|rufen|helfen|schauen)|kérem|graag|merci de)\b"
)

#: what texts of reports hold, and people's too; one hint more beside a machine's sender and mark
HINTS = (
    "could not be delivered", "cannot be delivered", "couldn't be delivered", "was not delivered",
    "undeliverable",
    "not be delivered", "unable to deliver", "delivery failed", "delivery has failed", "could not deliver",
    "failed permanently", "permanent failure", "permanent error", "permanent fatal error", "fatal errors",
    "user unknown", "unknown user", "no such user", "user not found", "recipient not found", "does not exist",
    "mailbox unavailable", "mailbox not found", "mailbox is full", "mailbox full", "over quota",
    "quota exceeded",
    "exceeded storage", "no such address", "address rejected", "host unknown", "relay access denied",
    "rejected by",
    "could not be reached", "will keep trying", "still being retried", "has been delayed",
    "has not been delivered",
    "diagnostic-code", "smtp; 5", "550 ", "551 ", "552 ", "553 ", "554 ", "5.1.1", "5.2.2", "5.7.1", "5.4.4",
    "message returned", "returned to sender", "failed to deliver", "your message to",
    "wasn't able to deliver",
    "konnte nicht zugestellt", "nicht zugestellt werden", "postfach ist voll", "niet worden bezorgd",
    "niet bezorgd", "kon niet worden", "nem kézbesíthető", "nem sikerült kézbesíteni", "n'a pas pu être",
    "no se ha podido", "non è stato possibile", "não pôde ser", "не удалось", "не может быть доставлено",
    "not been delivered", "was blocked by", "has been blocked", "unknown or illegal", "não foi entregue",
    "nem kézbesíthető a", "virus detector", "unzustellbar", "ist nicht erreichbar", "boîte pleine",
    "feedback-type:", "abuse report", "spam report", "complaint",
)  # fmt: skip

#: hints that suffice together. A postmaster or an admin of flesh may well write about a bounce.
ENOUGH: tuple[frozenset[str], ...] = tuple(
    map(
        frozenset,
        (
            ("null-sender", "report-part"),
            ("null-sender", "report-subject"),
            ("null-sender", "system-from"),
            ("null-sender", "report-text"),
            ("null-sender", "report-words"),
            ("system-from", "report-part"),
            ("system-from", "own-subject-answer"),
            ("system-from", "report-subject", "no-letter"),
            ("system-from", "report-subject", "report-words", "returned-mail"),
            ("system-from", "report-subject", "automatic"),
            ("system-from", "report-text"),
            ("system-from", "automatic", "report-words"),
            ("system-from", "report-subject-end", "report-words"),
            ("system-from", "report-subject-end", "returned-mail"),
            ("null-sender", "report-subject-end"),
            ("system-from", "returned-mail", "report-words"),
            ("null-sender", "returned-mail"),
            ("null-sender", "smtp-dialogue"),
            ("system-from", "smtp-dialogue"),
            ("report-subject", "report-part", "report-text"),
            ("report-subject", "automatic", "report-words"),
            ("report-subject", "automatic", "report-text"),
            ("report-subject", "report-at-start"),
            ("system-from", "subject-says-it"),
            ("system-from", "report-subject-end", "report-text"),
        ),
    )
)
