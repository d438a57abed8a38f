from __future__ import annotations

import builtins
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from maild.errors import ConfigError, PeerUnreachable
from maild.receive.oauth import TokenCache, make_tokens

MICROSOFT = {"provider": "microsoft", "tenant": "acme.example", "client_id": "id", "client_secret": "secret"}
GOOGLE = {"provider": "google", "client_id": "id", "client_secret": "secret", "refresh_token": "renew"}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_token_is_kept_and_renewed_before_it_expires() -> None:
    clock, count = Clock(), iter(range(9))
    tokens = TokenCache(lambda: (f"t{next(count)}", 3600.0), clock=clock)
    assert [tokens.token(), tokens.token()] == ["t0", "t0"]
    clock.now += 3299
    assert tokens.token() == "t0"
    clock.now += 2
    assert tokens.token() == "t1"


def at_once(tokens: TokenCache) -> TokenCache:
    """Who does not answer is asked again without waiting."""
    tokens._tries.sleep = lambda seconds: None
    return tokens


def test_token_of_a_short_life_is_not_fetched_each_time() -> None:
    clock, count = Clock(), iter(range(9))
    tokens = TokenCache(lambda: (f"t{next(count)}", 100.0), clock=clock)
    assert [tokens.token(), tokens.token()] == ["t0", "t0"]
    clock.now += 51
    assert tokens.token() == "t1"


def test_failed_renewal_is_tried_again_at_once_and_then_at_the_next_need() -> None:
    down = PeerUnreachable("down")
    answers: Iterator[object] = iter([down, down, down, down, ("t", 3600.0)])
    slept: list[float] = []

    def fetch() -> tuple[str, float]:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value]

    tokens = TokenCache(fetch, sleep=slept.append)
    with pytest.raises(PeerUnreachable):
        tokens.token()
    assert slept == [0.5, 1.0]
    assert tokens.token() == "t"


def test_provider_that_refuses_us_is_not_asked_again() -> None:
    asked: list[int] = []

    def fetch() -> tuple[str, float]:
        asked.append(1)
        raise ConfigError("check the secret")

    with pytest.raises(ConfigError, match="check the secret"):
        TokenCache(fetch).token()
    assert len(asked) == 1


class App:
    """msal's application as far as it is used."""

    answer: dict[str, Any] | Exception
    made: list[dict[str, Any]]
    asked: list[Any]

    def __init__(self, client_id: str, **given: Any) -> None:
        type(self).made.append({"client_id": client_id, **given})

    def acquire_token_for_client(self, scopes: list[str]) -> dict[str, Any]:
        type(self).asked.append(scopes)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def acquire_token_by_refresh_token(self, refresh_token: str, scopes: list[str]) -> dict[str, Any]:
        type(self).asked.append((refresh_token, scopes))
        assert isinstance(self.answer, dict)
        return self.answer


@pytest.fixture
def app() -> type[App]:
    return type(
        "Fresh", (App,), {"made": [], "asked": [], "answer": {"access_token": "abc", "expires_in": 3599}}
    )


def test_microsoft_app_credentials_ask_the_tenant_for_the_outlook_scope(app: type[App]) -> None:
    tokens = make_tokens(MICROSOFT, "help@acme.example", "imap", "[[imap]] support", microsoft_app=app)
    assert [tokens.token(), tokens.token()] == ["abc", "abc"]
    assert app.made[0]["authority"] == "https://login.microsoftonline.com/acme.example"
    assert app.made[0]["client_credential"] == "secret"
    assert app.asked == [["https://outlook.office365.com/.default"]]
    tokens.forget()
    tokens.token()
    assert len(app.asked) == 2


def test_microsoft_refresh_token_is_replaced_by_the_one_in_the_answer(app: type[App]) -> None:
    app.answer = {"access_token": "a", "expires_in": 1, "refresh_token": "newer"}
    oauth = {"provider": "microsoft", "client_id": "id", "refresh_token": "old"}
    tokens = make_tokens(oauth, "help@acme.example", "smtp", "[delivery]", microsoft_app=app)
    tokens.token()
    tokens.forget()
    tokens.token()
    assert [asked[0] for asked in app.asked] == ["old", "newer"]
    assert app.asked[0][1] == ["https://outlook.office365.com/SMTP.Send"]


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        ({"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret.\r\nTrace"},
         ConfigError, "AADSTS7000215: Invalid client secret."),
        ({"error": "temporarily_unavailable"}, PeerUnreachable, "no token now"),
        (ConnectionError("no route"), PeerUnreachable, "no route"),
        (ValueError("bad tenant"), ConfigError, "bad tenant"),
    ],
)  # fmt: skip
def test_microsoft_refusals_say_what_to_do(
    app: type[App], answer: dict[str, Any] | Exception, error: type[Exception], text: str
) -> None:
    app.answer = answer
    tokens = make_tokens(MICROSOFT, "help@acme.example", "imap", "[[imap]] support", microsoft_app=app)
    with pytest.raises(error, match=text) as told:
        at_once(tokens).token()
    assert "[[imap]] support" in str(told.value)
    assert "secret" not in str(told.value).replace("client secret", "").replace("and secret", "")


def test_the_real_msal_takes_our_arguments() -> None:
    import msal

    tokens = make_tokens(
        {**MICROSOFT, "authority": "https://127.0.0.1:9/acme"},
        "help@acme.example",
        "imap",
        "[[imap]] support",
    )
    assert msal.ClientApplication
    with pytest.raises((PeerUnreachable, ConfigError), match="oauth"):
        at_once(tokens).token()


@pytest.fixture
def endpoint() -> Iterator[HTTPServer]:
    """A token endpoint (RFC 6749, section 6)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            good = body.get("refresh_token") == ["renew"] and body.get("client_secret") == ["secret"]
            answer = (
                {"access_token": "from google", "expires_in": 3600} if good else {"error": "invalid_grant"}
            )
            data = json.dumps(answer).encode()
            self.send_response(200 if good else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *given: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_google_refresh_token_gives_a_token(endpoint: HTTPServer) -> None:
    oauth = {**GOOGLE, "token_url": f"http://127.0.0.1:{endpoint.server_port}/token"}
    assert make_tokens(oauth, "help@acme.example", "imap", "[[imap]] support").token() == "from google"


def test_google_refusal_is_a_config_error(endpoint: HTTPServer) -> None:
    oauth = {**GOOGLE, "refresh_token": "x", "token_url": f"http://127.0.0.1:{endpoint.server_port}/token"}
    with pytest.raises(ConfigError, match="invalid_grant"):
        make_tokens(oauth, "help@acme.example", "imap", "[[imap]] support").token()


def test_google_out_of_reach_is_temporary() -> None:
    oauth = {**GOOGLE, "token_url": "http://127.0.0.1:9/token"}
    with pytest.raises(PeerUnreachable, match="Google cannot be reached"):
        at_once(make_tokens(oauth, "help@acme.example", "imap", "[[imap]] support")).token()


@pytest.mark.parametrize("key", ["not a file", "{", "[]", '{"type": "service_account"}'])
def test_service_account_that_is_no_key_is_a_config_error(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="service_account"):
        make_tokens(
            {"provider": "google", "service_account": key}, "h", "imap", "[[imap]] a", folder=tmp_path
        )


@pytest.mark.parametrize(
    ("oauth", "key"),
    [({"provider": "microsoft"}, "client_id"), ({"provider": "microsoft", "client_id": "i"}, "tenant"),
     ({"provider": "google"}, "refresh_token"), ({"provider": "yahoo"}, "provider")],
)  # fmt: skip
def test_missing_key_is_named_without_the_network(oauth: dict[str, str], key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        make_tokens(oauth, "help@acme.example", "imap", "[[imap]] support")


@pytest.mark.parametrize("oauth", [MICROSOFT, GOOGLE])
def test_missing_library_names_the_extra(oauth: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **named: Any) -> Any:
        if name.startswith(("msal", "google")):
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"maild\[oauth\]"):
        make_tokens(oauth, "help@acme.example", "imap", "[[imap]] support")
