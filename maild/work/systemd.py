"""Telling systemd how it goes: sd_notify(3) by hand. Does nothing where systemd did not start us."""

from __future__ import annotations

import os
import socket


def notify(text: str) -> None:
    """Send `READY=1`, `STOPPING=1`, `WATCHDOG=1` or `STATUS=...` to the socket that systemd named."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # unix(7), abstract socket
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as pipe:
            pipe.connect(address)
            pipe.send(text.encode("utf-8"))
    except OSError:
        pass  # no reason not to serve mail


def watchdog_seconds() -> float | None:
    """How often `WATCHDOG=1` is to be sent: half of what the unit allows; None without a watchdog."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    if not (microseconds.isascii() and microseconds.isdigit() and int(microseconds) > 0):
        return None
    return int(microseconds) / 2_000_000
