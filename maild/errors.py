"""Every error that maild raises on purpose.

::

    MaildError
    ├── ConfigError            a key or value in config.toml (or its environment) is wrong
    ├── Refused                an agent's or operator's request cannot be done; says what to do
    │   └── NotFound           the ticket, mail, company ... named does not exist
    ├── Temporary              our own or a peer's fault that passes: retry, SMTP 451
    │   ├── StoreBusy          the database is locked or full
    │   │   └── Overtaken      another process was in the way of this transaction: do it once more
    │   ├── NotYet             one mail must wait for an answer from outside; others go on
    │   └── PeerUnreachable    relay, IMAP server or DNS did not answer
    └── Permanent              will not get better by itself: quarantine, SMTP 5xx from a relay
        └── Unreadable         no mail can be made of these bytes

`Refused` is what the command line prints on one line of stderr with exit code 1.
"""

from __future__ import annotations

import errno

#: the disk reports an error or is full, open files or memory have run out
_MACHINES = frozenset(
    (
        errno.EIO,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOBUFS,
        errno.ESTALE,
    )
)


class MaildError(Exception):
    """Base of all errors raised on purpose. The text is one line for a person and says what to do."""


class ConfigError(MaildError):
    """A configuration key or value is wrong; the text names the key and what would be right."""


class Refused(MaildError):
    """The request cannot be done as asked; the text says why and what to do instead."""


class NotFound(Refused):
    """What was named does not exist."""


class Temporary(MaildError):
    """Will pass: try again later."""


class StoreBusy(Temporary):
    """The database is locked, full or unreachable."""


class Overtaken(StoreBusy):
    """Another process was in the way of this transaction; nothing was written, do it once more."""


class NotYet(Temporary):
    """This one mail cannot be decided before something outside answers; the text says what. Others go on."""


class PeerUnreachable(Temporary):
    """A relay, an IMAP server or a DNS server did not answer."""


class Permanent(MaildError):
    """Will not get better by itself."""


class Unreadable(Permanent):
    """No mail can be made of these bytes."""


def is_machines(error: BaseException) -> bool:
    """Whether this machine failed, and not the mail that it met: it may pass."""
    return isinstance(error, OSError) and error.errno in _MACHINES
