"""Mail that came without an SMTP envelope: its topmost Return-Path stands for the sender (RFC 5321, 4.4)."""

from __future__ import annotations

from maild.mail.text.addresses import folded
from maild.model import Envelope, Mail
from maild.values import replace

#: `Envelope.source` of what a customer who is signed in wrote on the page
WEB_SOURCE = "web"


def as_written(mail: Mail, envelope: Envelope) -> Mail:
    """What was typed into a form quotes nothing and ends in no signature: all of it is the person's new text."""
    if envelope.source != WEB_SOURCE:
        return mail
    return replace(mail, new_text=mail.text, visible_new_text=mail.text, elided="", new_text_confidence=1.0)


def completed(envelope: Envelope, mail: Mail) -> Envelope:
    """`envelope` with `mail_from` filled from the topmost Return-Path where no SMTP client gave one.

    `Return-Path: <>` -> "" (the null sender). Known false match: a Return-Path that the author wrote into
    a draft; delivering servers put theirs above it, and topmost counts.
    """
    if envelope.mail_from is not None:
        return envelope
    value = mail.header("Return-Path")
    if value is None:
        return envelope
    inner = value.strip()
    if "<" in inner and ">" in inner:
        inner = inner[inner.rindex("<") + 1 : inner.rindex(">")]
    return replace(envelope, mail_from=folded(inner))
