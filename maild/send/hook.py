"""One event to one hook: a POST over HTTP/1.1 (h11), signed, within a time, with the answer read no further than needed.

Only the address that is given is asked: no redirect is followed, no proxy of the environment is used.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
from urllib.parse import urlsplit

import h11

from maild.values import dataclass

#: of an answer, head and body; a hook that says more is not listened to
MOST_ANSWER = 65_536
#: of the answer's text, what is kept
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What came of it. `told`: the hook said 2xx; `text`: for people."""

    told: bool
    text: str


def signature(secret: str, body: bytes) -> str:
    """What X-Maild-Signature says: HMAC-SHA256 (RFC 2104) of the body's bytes, in hex."""
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


async def post(
    url: str, body: bytes, *, event: str, event_id: str, secret: str, seconds: float
) -> HookAnswer:
    """Tell it. Never raises: what goes wrong is the answer."""
    try:
        async with asyncio.timeout(seconds):
            return await _post(url, body, event, event_id, secret)
    except TimeoutError:
        return HookAnswer(False, f"no answer within {seconds:g} s")
    except (OSError, h11.ProtocolError, ssl.SSLError, ValueError) as error:
        return HookAnswer(False, f"{type(error).__name__}: {error}"[:_SHOWN])


async def _post(url: str, body: bytes, event: str, event_id: str, secret: str) -> HookAnswer:
    parts = urlsplit(url)
    host, tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    context = ssl.create_default_context() if tls else None
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname=host if tls else None, limit=MOST_ANSWER
    )
    try:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_ANSWER)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = [
            ("Host", parts.netloc), ("User-Agent", "maild"), ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))), ("Connection", "close"), ("X-Maild-Event", event), ("X-Maild-Id", event_id),
        ]  # fmt: skip
        if secret:
            headers.append(("X-Maild-Signature", signature(secret, body)))
        for step in (
            h11.Request(method="POST", target=target.encode("ascii"), headers=headers), h11.Data(data=body),
            h11.EndOfMessage(),
        ):  # fmt: skip
            writer.write(connection.send(step) or b"")
        await writer.drain()
        return await _answer(connection, reader)
    finally:
        writer.close()


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader) -> HookAnswer:
    """The status, and the beginning of what is said. More than `MOST_ANSWER` bytes are not read."""
    read, said, status, location = 0, b"", 0, ""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if read >= MOST_ANSWER:
                break
            chunk = await reader.read(min(8192, MOST_ANSWER - read))
            read += len(chunk)
            connection.receive_data(chunk)
        elif isinstance(event, h11.Response):
            status = event.status_code
            location = next((v.decode("latin-1") for k, v in event.headers if k == b"location"), "")
            if 200 <= status < 300:  # that is all we need to know
                break
        elif isinstance(event, h11.Data):
            said += event.data[: max(0, _SHOWN - len(said))]
        elif isinstance(event, h11.InformationalResponse):
            continue
        else:
            break
    if not status:
        return HookAnswer(
            False, f"no answer within {MOST_ANSWER} bytes" if read >= MOST_ANSWER else "no answer"
        )
    if 200 <= status < 300:
        return HookAnswer(True, str(status))
    if 300 <= status < 400:
        return HookAnswer(False, f"{status}: it leads to {location[:_SHOWN]}, and no redirect is followed")
    words = " ".join(said.decode("utf-8", "replace").split())
    return HookAnswer(False, f"{status} {words}".strip())
