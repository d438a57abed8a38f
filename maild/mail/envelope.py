"""Mail that came without an SMTP envelope: its topmost Return-Path stands for the sender (RFC 5321, 4.4)."""

from __future__ import annotations

from dataclasses import replace

from maild.mail.text.addresses import folded
from maild.model import Envelope, Mail


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
