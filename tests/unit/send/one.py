"""One letter through a way out."""

from __future__ import annotations

from maild.send.letter import Letter, MailSender, SendResult


async def send_one(sender: MailSender, letter: Letter) -> SendResult:
    """Send it, and what became of it."""
    results: list[SendResult] = []
    await sender.send_many((letter,), lambda _letter, result: results.append(result))
    return results[0]
