"""Opens an IMAP connection and names every reason why it cannot be opened."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Callable
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS, wrap_socket

from maild.errors import ConfigError, MaildError, PeerUnreachable
from maild.receive.imap_counted import CountingImap
from maild.secret import TokenSource
from maild.settings import Imap

#: RFC 5530: the server's own trouble, not a wrong password
_SERVERS_TROUBLE = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")


#: "unreachable" may end by itself, the others need a person
ConnectFault = Literal["unreachable", "certificate", "password", "folder"]


class NoConnection(MaildError):
    """Why there is no connection."""

    def __init__(self, code: ConnectFault, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    @property
    def needs_a_person(self) -> bool:
        """Trying again soon only locks the account."""
        return self.code in ("password", "certificate", "folder")


OnSocket = Callable[[socket.socket], None]


class _Plain(CountingImap, IMAP4WithTimeout):  # type: ignore[misc]
    """Shows its socket before it waits for the greeting, so that a watchdog can end that wait."""

    def __init__(self, host: str, port: int, timeout: float, on_socket: OnSocket) -> None:
        self._on_socket = on_socket
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        made: socket.socket = super()._create_socket(timeout)
        self._on_socket(made)
        return made


class _Tls(CountingImap, IMAP4_TLS):  # type: ignore[misc]
    """The same under TLS."""

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext | None, timeout: float, on_socket: OnSocket
    ) -> None:
        self._on_socket = on_socket
        super().__init__(host, port, context, timeout)  # type: ignore[call-arg, arg-type]

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        made = socket.create_connection((self.host, self.port), timeout=timeout or self._timeout)
        self._on_socket(made)
        secured: socket.socket = wrap_socket(made, self.ssl_context, self.host)
        self._on_socket(secured)
        return secured


class _Client(IMAPClient):  # type: ignore[misc]
    def __init__(self, on_socket: OnSocket, **arguments: Any) -> None:
        self._on_socket = on_socket
        super().__init__(**arguments)

    def _create_IMAP4(self) -> imaplib.IMAP4:
        seconds = self._timeout.connect
        if self.ssl:
            return _Tls(self.host, self.port, self.ssl_context, seconds, self._on_socket)
        return _Plain(self.host, self.port, seconds, self._on_socket)


def connect(
    settings: Imap, tokens: TokenSource | None = None, on_socket: OnSocket = lambda _sock: None
) -> IMAPClient:
    """A client that has logged in, with a timeout on every read. Raises NoConnection or ConfigError.

    `on_socket` is shown each socket that the connection comes to use.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        client = _open(settings, on_socket)
    except ssl.SSLCertVerificationError as problem:
        raise NoConnection(
            "certificate",
            f"the certificate of {where} is not trusted ({problem.verify_message}): "
            "set ca_file, or host to the name in the certificate",
        ) from None
    except ssl.SSLError as problem:
        raise NoConnection(
            "certificate",
            f'{where} does not speak TLS as expected ({problem.reason}): is security = "starttls" meant?',
        ) from None
    except socket.gaierror as problem:
        raise NoConnection(
            "unreachable", f"the host name {settings.host} cannot be resolved: {problem.strerror}"
        ) from None
    except TimeoutError:
        raise NoConnection(
            "unreachable", f"{where} does not answer within {settings.timeout_seconds:g} s"
        ) from None
    except OSError as problem:
        raise NoConnection(
            "unreachable", f"{where} cannot be reached: {problem.strerror or problem}"
        ) from None
    except IMAPClientError as problem:
        raise NoConnection("unreachable", f"{where} answers, but not as an IMAP server: {problem}") from None
    try:
        _login(client, settings, tokens)
    except BaseException:
        close(client)
        raise
    return client


def close(client: IMAPClient) -> None:
    """Drop the connection without waiting for the server."""
    try:
        client.shutdown()
    except (OSError, IMAPClientError):
        pass


def _open(settings: Imap, on_socket: OnSocket) -> IMAPClient:
    context = None
    if settings.security != "none":
        try:
            context = ssl.create_default_context(cafile=settings.ca_file or None)
        except (OSError, ssl.SSLError) as problem:
            raise ConfigError(
                f"[[imap]] {settings.name}: ca_file = {settings.ca_file!r} cannot be read: {problem}"
            ) from None
    timeout = settings.timeout_seconds
    client = _Client(
        on_socket,
        host=settings.host,
        port=settings.port,
        ssl=settings.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(connect=min(timeout, 30.0), read=timeout),
    )
    # imapclient formats every line for a debug log that nobody reads, bodies of mails too
    client._imap.debug = 0
    client.normalise_times = False
    client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if settings.security == "starttls":
        try:
            client.starttls(context)
            on_socket(client.socket())
        except BaseException:
            close(client)
            raise
    return client


def _login(client: IMAPClient, settings: Imap, tokens: TokenSource | None) -> None:
    who = f"{settings.username} at {settings.host}"
    try:
        if tokens is not None:
            client.oauth2_login(settings.username, tokens.token())
        elif client.has_capability("LOGINDISABLED") and not client.has_capability("AUTH=PLAIN"):
            raise NoConnection(
                "password",
                f'{who}: the server does not take passwords unencrypted: set security = "starttls"',
            )
        elif client.has_capability("LOGINDISABLED"):
            client.plain_login(settings.username, settings.password.read())
        else:
            client.login(settings.username, settings.password.read())
    except PeerUnreachable as problem:  # the token's provider
        raise NoConnection("unreachable", str(problem)) from None
    except LoginError as problem:
        said = str(problem)
        if any(code in said.upper() for code in _SERVERS_TROUBLE):
            raise NoConnection(
                "unreachable", f"{who}: the server cannot log anybody in now: {said}"
            ) from None
        if tokens is not None:
            tokens.forget()
            raise NoConnection("password", f"{who}: the access token is refused: {said}") from None
        raise NoConnection("password", f"{who}: user name or password is refused: {said}") from None
    except IMAPClientError as problem:
        raise NoConnection("unreachable", f"{who}: login broke off: {problem}") from None
    except OSError as problem:
        raise NoConnection(
            "unreachable", f"{who}: login broke off: {problem or type(problem).__name__}"
        ) from None


def folder_info(client: IMAPClient, settings: Imap) -> tuple[dict[bytes, Any], bool]:
    """SELECT: (what the server says of the folder, whether flags can be changed)."""
    try:
        return client.select_folder(settings.folder), True
    except imaplib.IMAP4.readonly:
        return client.select_folder(settings.folder, readonly=True), False
    except imaplib.IMAP4.abort:
        raise
    except IMAPClientError as problem:
        raise NoConnection(
            "folder", f"folder {settings.folder!r} of {settings.username} cannot be opened: {problem}"
        ) from None


def try_login(settings: Imap, tokens: TokenSource | None = None) -> str:
    """For `maild check`: log in once and say what is there. Raises what `connect` raises."""
    client = connect(settings, tokens=tokens)
    try:
        info, _ = folder_info(client, settings)
        count = int(info.get(b"EXISTS", 0))
        return f"{settings.host}:{settings.port} answers; {count} mails in {settings.folder}"
    finally:
        close(client)
