"""OAuth2 access tokens for IMAP and SMTP (XOAUTH2): fetched once, kept, renewed before they expire.

Microsoft 365: an app's own credentials (`client_secret`) or a `refresh_token`, by msal. Google: a service
account with domain-wide delegation (`service_account`: the JSON key or the path of its file) or a
`refresh_token`, by google-auth. Both libraries come with `maild[oauth]` and are imported only when used.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential,
)

from maild.errors import ConfigError, PeerUnreachable
from maild.secret import revealed
from maild.settings import DeliverySettings, Imap

log = logging.getLogger("maild.receive.oauth")

#: (access token, seconds that it lives)
Fetch = Callable[[], tuple[str, float]]

RENEW_BEFORE_SECONDS = 300.0
HTTP_SECONDS = 30.0
#: how often a provider is asked in a row that does not answer; not when the first took `HTTP_SECONDS`
TRIES = 3
COMPLAIN_AGAIN_SECONDS = 3600.0

_OUTLOOK_APP = "https://outlook.office365.com/.default"
_OUTLOOK_USER = {
    "imap": "https://outlook.office365.com/IMAP.AccessAsUser.All",
    "smtp": "https://outlook.office365.com/SMTP.Send",
}
_GMAIL = "https://mail.google.com/"


class TokenCache:
    """Keeps what `fetch` gave until shortly before its end. Safe from several threads."""

    def __init__(
        self,
        fetch: Fetch,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetch = fetch
        # a provider that does not answer is asked again at once; who needs the token waits longer by itself
        self._tries = Retrying(
            retry=retry_if_exception_type(PeerUnreachable), wait=wait_exponential(multiplier=0.5, max=4.0),
            stop=stop_after_attempt(TRIES) | stop_after_delay(HTTP_SECONDS), sleep=sleep, reraise=True,
        )  # fmt: skip
        self._clock = clock
        self._token = ""
        self._renew_at = 0.0
        self._complain_at = 0.0
        self._lock = threading.Lock()

    def token(self) -> str:
        """Raises ConfigError when the provider refuses us, PeerUnreachable when it does not answer."""
        with self._lock:
            if not self._token or self._clock() >= self._renew_at:
                self._token = ""
                token, lifetime = self._fetched()
                self._renew_at = self._clock() + max(lifetime - RENEW_BEFORE_SECONDS, lifetime / 2)
                self._token = token
            return self._token

    def _fetched(self) -> tuple[str, float]:
        """A provider that refuses us is told as an error, again each hour: nobody else would notice."""
        try:
            return self._tries(self._fetch)
        except ConfigError as problem:
            if self._clock() >= self._complain_at:
                self._complain_at = self._clock() + COMPLAIN_AGAIN_SECONDS
                log.error("%s", problem)
            raise

    def forget(self) -> None:
        """The server refused the token: the next one is fetched anew."""
        with self._lock:
            self._token = ""


def mailbox_tokens(box: Imap, folder: Path) -> TokenCache | None:
    """Tokens for an [[imap]] table with `oauth`, None for one with a password. `folder`: see `make_tokens`."""
    return (
        make_tokens(revealed(box.oauth), box.username, "imap", f"[[imap]] {box.name}", folder=folder)
        if box.oauth
        else None
    )


def relay_tokens(delivery: DeliverySettings, folder: Path) -> TokenCache | None:
    """Tokens for [delivery] with `oauth` where mail goes to a relay, else None."""
    if not delivery.oauth or delivery.kind != "smtp":
        return None
    if not delivery.username:
        raise ConfigError("[delivery] username is missing: oauth needs the name of the account that sends")
    return make_tokens(revealed(delivery.oauth), delivery.username, "smtp", "[delivery]", folder=folder)


def make_tokens(
    oauth: Mapping[str, str],
    username: str,
    use: Literal["imap", "smtp"],
    where: str,
    *,
    folder: Path = Path("."),
    microsoft_app: Callable[..., Any] | None = None,
) -> TokenCache:
    """Tokens for one [[imap]] or [delivery] table's `oauth`; `where` names it in messages.

    `folder`: what a relative path of `service_account` is relative to. `microsoft_app` stands in for msal's
    application class. ConfigError names a missing key or the missing extra at once, without the network.
    """
    provider = oauth.get("provider", "")
    if provider == "microsoft":
        fetch = _microsoft(oauth, use, where, microsoft_app)
    elif provider == "google":
        fetch = _google(oauth, username, where, folder)
    else:
        raise ConfigError(
            f'{where} oauth: provider = {provider!r} is not known: one of "microsoft", "google"'
        )
    return TokenCache(fetch)


def _needed(oauth: Mapping[str, str], where: str, *keys: str) -> None:
    for key in keys:
        if not oauth.get(key):
            raise ConfigError(f"{where} oauth: {key} is missing")


def _not_installed(where: str, package: str) -> ConfigError:
    return ConfigError(
        f'{where} oauth needs the package {package}: install it with pip install "maild[oauth]"'
    )


def _microsoft(
    oauth: Mapping[str, str], use: Literal["imap", "smtp"], where: str, application: Callable[..., Any] | None
) -> Fetch:
    _needed(oauth, where, "client_id")
    if not oauth.get("refresh_token"):
        _needed(oauth, where, "tenant", "client_secret")
    if application is None:
        try:
            import msal
        except ImportError:
            raise _not_installed(where, "msal") from None
        application = msal.ClientApplication
    make = application
    authority = (
        oauth.get("authority") or f"https://login.microsoftonline.com/{oauth.get('tenant') or 'common'}"
    )
    refresh_token = oauth.get("refresh_token", "")

    def fetch() -> tuple[str, float]:
        nonlocal refresh_token
        try:
            # a new application each time: its own cache would hand a refused token out again
            app = make(
                oauth["client_id"],
                authority=authority,
                client_credential=oauth.get("client_secret") or None,
                timeout=HTTP_SECONDS,
            )
            if refresh_token:
                scopes = [oauth.get("scope") or _OUTLOOK_USER[use]]
                answer = app.acquire_token_by_refresh_token(refresh_token, scopes=scopes)
            else:
                answer = app.acquire_token_for_client(scopes=[oauth.get("scope") or _OUTLOOK_APP])
        except ValueError as problem:
            raise ConfigError(f"{where} oauth: tenant or authority: {_first_line(problem)}") from None
        except OSError as problem:  # all of requests' exceptions are
            raise PeerUnreachable(
                f"{where} oauth: Microsoft cannot be reached: {_first_line(problem)}"
            ) from None
        if "access_token" not in answer:
            said = f"{answer.get('error', 'no token')}: {_first_line(answer.get('error_description', ''))}"
            if answer.get("error") in ("temporarily_unavailable", "server_error"):
                raise PeerUnreachable(f"{where} oauth: Microsoft gives no token now: {said}")
            raise ConfigError(
                f"{where} oauth: Microsoft refuses a token, check tenant, client_id and secret: {said}"
            )
        refresh_token = answer.get("refresh_token") or refresh_token  # they are replaced now and then
        return str(answer["access_token"]), float(answer.get("expires_in", 3600))

    return fetch


def _google(oauth: Mapping[str, str], username: str, where: str, folder: Path) -> Fetch:
    try:
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google.auth.transport.requests import Request
        from google.oauth2 import credentials, service_account
    except ImportError:
        raise _not_installed(where, "google-auth") from None
    # google-auth's constructors have no annotations
    from_key: Any = service_account.Credentials.from_service_account_info
    from_refresh_token: Any = credentials.Credentials
    made: Any
    if oauth.get("service_account"):
        try:
            made = from_key(
                _key_file(oauth["service_account"], where, folder),
                scopes=[oauth.get("scope") or _GMAIL],
                subject=oauth.get("user") or username,
            )
        except (ValueError, KeyError, GoogleAuthError) as problem:
            raise ConfigError(f"{where} oauth: service_account is not a key from Google: {problem}") from None
    else:
        _needed(oauth, where, "refresh_token", "client_id", "client_secret")
        made = from_refresh_token(
            None,
            refresh_token=oauth["refresh_token"],
            client_id=oauth["client_id"],
            client_secret=oauth["client_secret"],
            token_uri=oauth.get("token_url") or "https://oauth2.googleapis.com/token",
        )

    def fetch() -> tuple[str, float]:
        try:
            made.refresh(_timed(Request()))
        except TransportError as problem:
            raise PeerUnreachable(
                f"{where} oauth: Google cannot be reached: {_first_line(problem)}"
            ) from None
        except GoogleAuthError as problem:
            if getattr(problem, "retryable", False):
                raise PeerUnreachable(
                    f"{where} oauth: Google gives no token now: {_first_line(problem)}"
                ) from None
            raise ConfigError(
                f"{where} oauth: Google refuses a token, check its keys: {_first_line(problem)}"
            ) from None
        expiry = made.expiry  # naive UTC, or None
        lifetime = (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds() if expiry else 3600.0
        return str(made.token), lifetime

    return fetch


def _timed(request: Any) -> Callable[..., Any]:
    """google-auth waits for two minutes otherwise."""

    def ask(*given: Any, **named: Any) -> Any:
        return request(*given, **{**named, "timeout": HTTP_SECONDS})

    return ask


def _key_file(value: str, where: str, folder: Path) -> dict[str, Any]:
    try:
        text = value if value.lstrip().startswith("{") else (folder / value).read_text(encoding="utf-8")
        key = json.loads(text)
    except (OSError, ValueError) as problem:
        raise ConfigError(f"{where} oauth: service_account cannot be read: {problem}") from None
    if not isinstance(key, dict):
        raise ConfigError(f"{where} oauth: service_account is not a JSON object")
    return key


def _first_line(said: object) -> str:
    return next(iter(str(said).splitlines()), "")[:300]
