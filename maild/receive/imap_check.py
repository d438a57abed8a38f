"""One log-in for `maild check`: does this mailbox answer, and can its mails be marked as done?"""

from __future__ import annotations

from maild.receive.imap_connect import close, connect, folder_info
from maild.secret import TokenSource
from maild.settings import Imap


def try_login(settings: Imap, tokens: TokenSource | None = None) -> str:
    """A line about the mailbox. Raises what `connect` raises, each with what to do about it."""
    client = connect(settings, tokens=tokens)
    try:
        info, _ = folder_info(client, settings)
        count = int(info.get(b"EXISTS", 0))
        return f"{settings.host}:{settings.port} answers; {count} mails in {settings.folder}"
    finally:
        close(client)
