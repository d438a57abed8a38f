"""Bytes -> `Mail`: header block, structure, bodies, attachments, new text. The only user of mail-parser."""

from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.mail import attachment_bytes, enclosed_mails, headers_only, needs_worker, parse_mail

__all__ = ["ParseLimits", "attachment_bytes", "enclosed_mails", "headers_only", "needs_worker", "parse_mail"]
