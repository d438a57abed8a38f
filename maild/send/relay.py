"""One connection to the relay: connecting, and saying in plain words why it cannot be done."""

from __future__ import annotations

import asyncio
import socket
import ssl

import aiosmtplib

from maild.errors import ConfigError, PeerUnreachable
from maild.secret import TokenSource
from maild.settings import DeliverySettings

#: a relay that does not answer a connect in this time is down for the moment
CONNECT_SECONDS = 30.0


class Relay:
    """Makes connections to the relay of `[delivery]`. `hostname` is what EHLO says."""

    def __init__(
        self, delivery: DeliverySettings, *, hostname: str = "", tokens: TokenSource | None = None
    ) -> None:
        self.delivery = delivery
        self.name = f"{delivery.host}:{delivery.port}"
        self._hostname = hostname or None
        self._tokens = tokens
        self._tls: ssl.SSLContext | None = None

    async def connect(self) -> aiosmtplib.SMTP:
        """A connection that has said EHLO, is encrypted and logged in as configured.

        Raises `PeerUnreachable` whose text names the relay, what it said and what to look at.
        """
        try:
            try:
                return await self._connect()
            except aiosmtplib.SMTPAuthenticationError:
                if self._tokens is None:
                    raise
                # A token may be withdrawn before its time: one new one, then it is the account's fault.
                await asyncio.to_thread(self._tokens.forget)
                return await self._connect()
        except ConfigError as error:  # the token's provider refuses us: mail waits until somebody mends it
            raise PeerUnreachable(str(error)) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise PeerUnreachable(self._why(error)) from error

    async def _connect(self) -> aiosmtplib.SMTP:
        client = self._client()
        await client.connect(timeout=min(CONNECT_SECONDS, self.delivery.timeout_seconds))
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        return client

    def _client(self) -> aiosmtplib.SMTP:
        delivery = self.delivery
        user = delivery.username or None
        return aiosmtplib.SMTP(
            hostname=delivery.host,
            port=delivery.port,
            username=user,
            password=delivery.password.read() if user and self._tokens is None else None,
            oauth_token_generator=self._fetch_token if user and self._tokens is not None else None,
            local_hostname=self._hostname,
            timeout=delivery.timeout_seconds,
            use_tls=delivery.security == "tls",
            start_tls=delivery.security == "starttls",
            tls_context=self._tls_context(),
        )

    async def _fetch_token(self) -> str:
        assert self._tokens is not None, "without one no token is asked for"
        return await asyncio.to_thread(self._tokens.token)

    def _tls_context(self) -> ssl.SSLContext | None:
        if self.delivery.security == "none":
            return None
        if self._tls is None:
            name = self.delivery.ca_file
            try:
                self._tls = ssl.create_default_context(cafile=name or None)
            except OSError as problem:  # ssl.SSLError is one
                raise ConfigError(f"[delivery] ca_file = {name!r} cannot be read: {problem}") from None
        return self._tls

    def _why(self, error: Exception) -> str:
        """One line for the log, `/healthz` and `maild check`: what failed and which key to look at."""
        relay = f"the relay {self.name}"
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        match (error, cause):
            case (aiosmtplib.SMTPAuthenticationError(), _):
                hint = "check [delivery] username and its password"
                return f"{relay} refused the login ({answer_of(error)}): {hint}"
            case (_, ssl.SSLCertVerificationError()):
                what = getattr(cause, "verify_message", "") or str(cause)
                return (
                    f"the certificate of {relay} is not accepted ({what}): check [delivery] ca_file and host"
                )
            case (_, ssl.SSLError()):
                return f"no TLS with {relay} ({cause}): check [delivery] security and port"
            case (_, socket.gaierror()):
                return f"no address for {relay}: check [delivery] host"
            case (aiosmtplib.SMTPResponseException(), _):
                return f"{relay} does not take mail now ({answer_of(error)})"
            case (_, TimeoutError()):
                return f"{relay} does not answer in time: check [delivery] host, port and security"
            case (_, ConnectionRefusedError()):
                return f"{relay} refuses the connection: is it running, is [delivery] port right?"
        return f"cannot use {relay}: {answer_of(error)}"


def answer_of(error: BaseException) -> str:
    """A peer's answer or an error on one line, with its code in front where there is one."""
    text = getattr(error, "message", "") or str(error) or type(error).__name__
    line = " ".join(str(text).split())
    return f"{error.code} {line}" if isinstance(error, aiosmtplib.SMTPResponseException) else line
