"""Subjects: the ticket's tag before the customer's own subject (contract, Outgoing mail)."""

from __future__ import annotations

from maild.mail.text.subjects import base_subject as bare_subject

LONGEST = 200  # characters of a whole subject

__all__ = ["LONGEST", "bare_subject", "cut", "tag"]


def tag(number: int | str, form: str) -> str:
    """The subject tag of a ticket, `form` being `[threading] subject_tag`."""
    return form.replace("{number}", str(number))


def cut(text: str, longest: int = LONGEST) -> str:
    """`text` of at most `longest` characters, cut between words where that loses little."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    space = head.rfind(" ")
    if space > longest * 2 // 3:
        head = head[:space]
    return head.rstrip() + "…"
