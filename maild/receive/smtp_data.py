"""The body of DATA (RFC 5321, section 4.5.2) as a reader of chunks, without any input or output."""

from __future__ import annotations

from io import BytesIO

from maild.receive.smtp_limits import Account

_END = b"\r\n.\r\n"


class DataReader:
    """Collects one mail of lines of any length, with the dots of transparency removed.

    Only CRLF . CRLF ends it: a bare CR or LF never does, and both are kept as they are, so that nothing
    that another server takes for one mail is two for us (SMTP smuggling). Over `max_bytes`, or when the
    account gets no more, the rest is read and thrown away. The bytes held stay reserved in the account
    until `release`.
    """

    def __init__(self, max_bytes: int, account: Account) -> None:
        self.size = 0
        self.too_big = False
        self.no_room = False
        self._max = max_bytes
        self._account = account
        # BytesIO hands its buffer out without a copy; a bytearray or a list would double a big mail
        self._sink: BytesIO | None = BytesIO()
        self._tail = b"\r\n"  # the line end before the first line, so that a lone dot there is the end too
        self._skip = 2

    def feed(self, chunk: bytes) -> bytes | None:
        """Take what came in. None: more is needed. Bytes: the mail has ended, and these follow it."""
        data = self._tail + chunk
        end = data.find(_END)
        if end >= 0:
            self._keep(data[: end + 2])
            return data[end + 5 :]
        cut = max(len(data) - 4, 0)
        # never part CR, LF and a dot: the dot would not be seen to stand at the line's beginning
        if data.endswith(b"\r\n", 0, cut):
            cut -= 2
        elif data.endswith(b"\r", 0, cut):
            cut -= 1
        if cut:
            self._keep(data[:cut])
        self._tail = data[cut:]
        return None

    def _keep(self, piece: bytes) -> None:
        piece = piece.replace(b"\r\n.", b"\r\n")
        if self._skip:
            piece = piece[self._skip :]
            self._skip = 0
        self.size += len(piece)
        if self._sink is None:
            return
        if self.size > self._max:
            self.too_big = True
        elif not self._account.take(len(piece)):
            self.no_room = True
        else:
            self._sink.write(piece)
            return
        self._sink = None
        self.release()

    def mail(self) -> bytes:
        """The mail as received; only where it is neither `too_big` nor without room."""
        assert self._sink is not None
        return self._sink.getvalue()

    def release(self) -> None:
        """Give the reserved bytes back and drop the mail; may be called again."""
        self._account.release()
        self._sink = None
