"""Bytes -> `Mail`: header block, structure, bodies, attachments, new text. The only user of mail-parser."""

from maild.mail.parse.caps import IN_EVENT_LOOP, ParseLimits, TooCostly
from maild.mail.parse.mail import attachment_bytes, enclosed_mails, headers_only, needs_worker, parse_mail

__all__ = [
    "IN_EVENT_LOOP",
    "ParseLimits",
    "TooCostly",
    "attachment_bytes",
    "enclosed_mails",
    "headers_only",
    "needs_worker",
    "parse_mail",
]
