"""The customers' page through its real port: what people do, and what strangers may not.

Over 300 lines: all that a customer does on the page, on one daemon that is started once for them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from maild.errors import NotFound
from maild.store import Tx
from tests.web.conftest import Browser, WebDesk

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 64


def ask(desk: WebDesk, browser: Browser, subject: str, text: str = "It does not work.", **fields: str) -> int:
    """A new request by the form; its number."""
    browser.get("/new")
    made = browser.post("/new", subject=subject, text=text, **{"kind": "incident", **fields})
    found = re.fullmatch(r"/tickets/(\d+)\?done=ticket\.sent", made.headers.get("location", ""))
    assert made.status_code == 303, made.text
    assert found, made.headers
    return int(found.group(1))


def test_customer_asks_answers_closes_and_reopens(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    anna.get("/new?kind=incident")
    made = anna.post(
        "/new", kind="incident", subject="Printer", scope="Only me", since="Monday",
        text="It burns.\r\n-- \r\nnot a signature\r\n> not a quote\r\nOn Monday Peter wrote:\r\nall mine",
        files=[("files", ("kép.png", PNG, "image/png")), ("files", ("<b>.html", b"<script>x</script>", "text/html"))],
    )  # fmt: skip
    number = int(made.headers["location"].partition("?")[0].rpartition("/")[2])
    page = anna.get(made.headers["location"]).text
    for words in (
        "Your message has reached us.",
        "Only me",
        "-- ",
        "not a signature",
        "&gt; not a quote",
        "all mine",
    ):
        assert words in page
    assert "<script>" not in page
    shown = json.loads(desk.maild("show", str(number), "--json"))
    entry = shown["entries"][0]
    assert (entry["channel"], entry["author"], entry["text"].count("all mine")) == (
        "web",
        "anna@acme.example",
        1,
    )
    assert [one["notice"] for one in shown["outbound"]] == ["received"]
    file = anna.get(f"/tickets/{number}/files/1")
    assert file.content == PNG
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert anna.get(f"/tickets/{number}/files/2").headers["content-type"] == "application/octet-stream"
    anna.get(f"/tickets/{number}")
    assert (
        anna.post(f"/tickets/{number}/reply", text="Still burning")
        .headers["location"]
        .endswith("ticket.sent")
    )
    assert anna.post(f"/tickets/{number}/close").headers["location"].endswith("ticket.closed")
    assert anna.post(f"/tickets/{number}/close").headers["location"].endswith("ticket.not_now")
    assert desk.ticket(number)["phase"] == "closed"
    assert f"/tickets/{number}" in anna.get("/tickets?closed=1").text
    assert f'/tickets/{number}"' not in anna.get("/tickets").text
    anna.get(f"/tickets/{number}")
    assert anna.post(f"/tickets/{number}/reopen").headers["location"].endswith("ticket.reopened")
    assert desk.ticket(number)["phase"] == "in_progress"


def test_closed_request_is_rated_once_on_the_page_and_stays_closed(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    anna.get("/new")
    made = anna.post("/new", kind="incident", subject="Printer", text="It does not print")
    number = int(made.headers["location"].partition("?")[0].rpartition("/")[2])
    assert 'name="value"' not in anna.get(f"/tickets/{number}").text
    desk.maild("close", str(number), "-m", "The fuse is new.")
    page = anna.get(f"/tickets/{number}?rating=bad").text
    assert re.search(r'value="bad" required checked', page)
    assert anna.post(f"/tickets/{number}/rating", value="great").headers["location"].endswith("not_now")
    rated = anna.post(f"/tickets/{number}/rating", value="bad", text="It took four days.")
    assert rated.headers["location"].endswith("rating.thanks")
    desk.wait(lambda: json.loads(desk.maild("show", str(number), "--json"))["rating"])
    shown = json.loads(desk.maild("show", str(number), "--json"))
    assert (shown["phase"], shown["rating"]["value"], shown["rating"]["text"]) == (
        "closed", "bad", "It took four days.",
    )  # fmt: skip
    assert 'name="value"' not in anna.get(f"/tickets/{number}").text


def test_words_on_the_page_are_held_as_words_in_a_mail_would_be(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    number = ask(
        desk, anna, "Folder", "I need write access to the finance folder.", kind="permission", person="me", access="finance"
    )  # fmt: skip
    assert desk.ticket(number)["phase"] == "awaiting_approval"
    page = anna.get(f"/tickets/{number}").text
    assert "boss@acme.example" in page
    assert "Your message has" not in page
    boss = desk.browser("boss@acme.example")
    assert "Waiting for your approval" in boss.get("/tickets").text
    boss.get(f"/tickets/{number}")
    assert boss.post(f"/tickets/{number}/close").headers["location"].endswith("ticket.not_now")


def test_known_outage_is_said_before_anybody_writes(desk: WebDesk) -> None:
    made = json.loads(desk.maild("outage", "open", "Mail is <slow>", "--eta", "2030-01-01 10:00", "--json"))
    key = str(made.get("id") or made.get("outage"))
    anna = desk.browser("anna@acme.example")
    try:
        for path in ("/new", "/tickets", "/status"):
            assert "Mail is &lt;slow&gt;" in anna.get(path).text, path
        assert "Mail is &lt;slow&gt;" in desk.browser().get("/").text
        atom = ElementTree.fromstring(anna.get("/status.atom").text)
        assert [e.text for e in atom.iter("{http://www.w3.org/2005/Atom}title")][1] == "Mail is <slow>"
        assert anna.get("/status.json").json()["items"][0]["title"] == "Mail is <slow>"
    finally:
        desk.maild("outage", "resolve", key, "-m", "over")


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    anna.get("/new?kind=permission")
    answer = anna.post("/new", kind="permission", subject="Access <b>", text="please", access="finance")
    assert answer.status_code == 422
    for words in ("Please fill in: For whom?", "Access &lt;b&gt;", "finance", ">please<"):
        assert words in answer.text


# ------------------------------------------------------------------------------------------- signing in


def test_answer_is_the_same_whoever_asks_and_only_contacts_get_mail(desk: WebDesk) -> None:
    pages = set()
    for address in (
        "anna@acme.example",
        "nobody@acme.example",
        "x@elsewhere.example",
        "",
        "<script>",
        "a@b\r\nBcc: c@d",
    ):
        browser = desk.browser()
        browser.get("/")
        answer = browser.post("/sign-in", address=address)
        assert answer.status_code == 200
        pages.add(re.sub(r'value="[0-9a-f]+"', "", answer.text))
    assert len(pages) == 1
    assert desk.links("nobody@acme.example") == desk.links("x@elsewhere.example") == []


def test_link_works_once_and_only_by_a_press_of_the_button(desk: WebDesk) -> None:
    browser = desk.browser()
    link = desk.link_for("anna@acme.example", browser)
    for _ in range(3):  # a scanner follows it
        assert desk.browser().get(link).status_code == 200
    assert browser.post(link, token="").status_code == 403
    browser.get(link)
    before = browser.session.cookies.get("maild_session")
    assert browser.post(link).status_code == 303
    assert browser.session.cookies.get("maild_session") != before
    other = desk.browser()
    for again in (other.get(link), browser.get(link)):
        assert again.status_code == 410
    assert other.get("/in/" + "a" * 26).status_code == 410


def test_link_works_in_another_browser_and_says_whom_it_signs_in(desk: WebDesk) -> None:
    asked, telephone = desk.browser(), desk.browser()
    link = desk.link_for("anna@acme.example", asked)
    shown = telephone.get(link).text
    assert "sign in as anna@acme.example in this browser" in shown
    # the form of one browser is none in another, and signs nobody in
    asked.get(link)
    stolen = telephone.csrf()
    assert asked.post(link, token=stolen).status_code == 403
    assert asked.get("/tickets").status_code == 303
    assert telephone.post(link).status_code == 303
    assert telephone.get("/tickets").status_code == 200
    # who asked is not signed in by it, and their page is told plainly that the link is used
    assert asked.get("/tickets").status_code == 303
    gone = asked.get(link)
    assert gone.status_code == 410
    assert "A link works once" in gone.text
    assert "anna@acme" not in gone.text


def test_link_takes_the_place_of_another_persons_session(desk: WebDesk) -> None:
    browser = desk.browser("carl@globex.example")
    link = desk.link_for("anna@acme.example", desk.browser())
    browser.get(link)
    assert browser.post(link).status_code == 303
    assert "Signed in as Kovács Anna" in browser.get("/tickets").text


def test_link_is_over_after_a_quarter_of_an_hour(desk: WebDesk) -> None:
    browser = desk.browser()
    link = desk.link_for("anna@acme.example", browser)

    def age(tx: Tx) -> None:
        from sqlalchemy import update

        from maild.store.tables import WEB_LINK

        tx.execute(update(WEB_LINK).values(expires_at=desk.now() - timedelta(seconds=1)))

    browser.get(link)
    desk.write(age)
    assert browser.post(link).status_code == 410
    assert browser.get("/tickets").status_code == 303


def test_session_ends_with_its_contact(desk: WebDesk) -> None:
    desk.maild("contact", "add", "leaver@acme.example", "--company", "acme", "--name", "Leaver")
    leaver = desk.browser("leaver@acme.example")
    link = desk.link_for("leaver@acme.example", desk.browser())
    assert leaver.get("/tickets").status_code == 200
    desk.maild("contact", "remove", "leaver@acme.example")
    assert leaver.get("/tickets").status_code == 303
    late = desk.browser()
    late.get(link)
    assert late.post(link).status_code == 410


def test_agents_see_the_sessions_of_a_contact_and_end_them(desk: WebDesk) -> None:
    peter = desk.browser("peter@acme.example")
    shown = json.loads(desk.maild("contact", "show", "peter@acme.example", "--json"))
    assert {one["address"] for one in shown["sessions"]} == {"peter@acme.example"}
    assert "signed in" in desk.maild("contact", "show", "peter@acme.example")
    desk.maild("contact", "show", "peter@acme.example", "--end-sessions")
    assert peter.get("/tickets").status_code == 303
    assert json.loads(desk.maild("contact", "show", "peter@acme.example", "--json"))["sessions"] == []


def test_sign_out_ends_the_session_for_who_kept_the_cookie(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    kept = anna.session.cookies.get("maild_session")
    anna.get("/tickets")
    assert anna.post("/sign-out").status_code == 303
    thief = desk.browser()
    thief.session.cookies.set("maild_session", str(kept))
    assert thief.get("/tickets").status_code == 303


def test_cookie_is_shut_and_every_answer_carries_the_policy(desk: WebDesk) -> None:
    answer = desk.browser().get("/")
    cookie = answer.headers["set-cookie"]
    for mark in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert mark in cookie
    for path in ("/", "/nowhere", "/status", "/style.css", "/tickets", "/in/x", "/status.atom"):
        headers = desk.browser().get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


# ---------------------------------------------------------------------------------- who may see what

GET = ("/tickets/{n}", "/tickets/{n}/files/1")
POST = ("/tickets/{n}/reply", "/tickets/{n}/close", "/tickets/{n}/reopen", "/tickets/{n}/rating")


@pytest.mark.parametrize("who", ["peter@acme.example", "carl@globex.example", ""])
def test_others_see_and_do_nothing(desk: WebDesk, who: str) -> None:
    anna = desk.browser("anna@acme.example")
    anna.get("/new")
    made = anna.post(
        "/new", kind="incident", subject="Secret", text="hidden words", files=[("files", ("a.txt", b"x"))]
    )
    number = int(made.headers["location"].partition("?")[0].rpartition("/")[2])
    desk.wait(desk.settled)  # its acknowledgement has gone
    before = desk.maild("show", str(number), "--json")
    other = desk.browser(who)
    wanted = 404 if who else 303
    for path in GET:
        assert other.get(path.format(n=number)).status_code == wanted
    other.get("/new" if who else "/")
    for path in POST:  # 404 comes before 403: nothing tells that there is such a number
        for token in (None, "wrong"):
            answer = other.post(path.format(n=number), text="let me in", token=token)
            assert answer.status_code == wanted, path
            unknown = other.post(path.format(n=999_999_999), text="let me in", token=token)
            assert unknown.status_code == wanted
            assert answer.text == unknown.text
    assert "Secret" not in other.get("/tickets").text + other.get("/tickets?closed=1").text
    assert desk.maild("show", str(number), "--json") == before


def test_reference_person_sees_the_companys_tickets_people_and_hours(desk: WebDesk) -> None:
    number = ask(desk, desk.browser("anna@acme.example"), "Colleague's")
    desk.maild("--as", "kata", "log", str(number), "20m", "-m", "work")
    boss = desk.browser("boss@acme.example")
    assert "Colleague&#39;s" in boss.get("/tickets").text
    assert boss.get(f"/tickets/{number}").status_code == 200
    page = boss.get("/company").text
    assert "peter@acme.example" in page
    assert "0.5" in page
    assert desk.browser("peter@acme.example").get("/company").status_code == 404


def test_private_entries_their_files_and_numbers_out_of_reach_are_not_there(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    number = ask(desk, anna, "Notes")
    desk.maild("--as", "kata", "note", str(number), "-m", "the customer is difficult")
    assert "difficult" not in anna.get(f"/tickets/{number}").text
    for path in ("/tickets/0", f"/tickets/{2**70}", f"/tickets/{number}/files/0", f"/tickets/{number}/files/{2**70}",
                 "/tickets/-1", "/tickets/1e3", "/tickets/../../etc/passwd", "/tickets/١٥٧٨٩"):  # fmt: skip
        assert anna.get(path).status_code == 404, path


# ------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_form_without_its_token_does_nothing(desk: WebDesk, token: str) -> None:
    anna = desk.browser("anna@acme.example")
    number = ask(desk, anna, "Tokens")
    for path in (f"/tickets/{number}/close", f"/tickets/{number}/reply", "/new", "/sign-out"):
        assert anna.post(path, token=token, text="x", subject="x", kind="incident").status_code == 403, path
    assert desk.ticket(number)["phase"] == "received"
    assert anna.get("/tickets").status_code == 200
    stranger = desk.browser()
    assert stranger.post("/sign-in", token=token, address="anna@acme.example").status_code == 403


def test_token_of_another_person_is_none(desk: WebDesk) -> None:
    carl, anna = desk.browser("carl@globex.example"), desk.browser("anna@acme.example")
    number = ask(desk, anna, "Mine")
    carl.get("/new")
    assert anna.post(f"/tickets/{number}/close", token=carl.csrf()).status_code == 403


def _forty_megabytes(browser: Browser) -> int:
    return browser.post("/new", kind="incident", subject="x", text="x",
                        files=[("files", ("a.bin", b"\0" * 41_943_040))]).status_code  # fmt: skip


def _three_hundred_files(browser: Browser) -> int:
    files = [("files", (f"{n}.txt", b"x")) for n in range(300)]
    return browser.post("/new", kind="incident", subject="x", text="x", files=files).status_code


def _long_text(browser: Browser) -> int:
    return browser.post("/new", kind="incident", subject="x", text="x" * 5_000_000, files=[]).status_code


def _many_fields(browser: Browser) -> int:
    return browser.post(
        "/new", kind="incident", subject="x", text="x", **{f"f{n}": "x" for n in range(500)}
    ).status_code


@pytest.mark.slow
@pytest.mark.parametrize("much", [_forty_megabytes, _three_hundred_files, _long_text, _many_fields])
def test_too_much_is_refused_with_a_page_and_nothing_is_kept(
    desk: WebDesk, much: Callable[[Browser], int]
) -> None:
    anna = desk.browser("anna@acme.example")
    anna.get("/new")
    before = desk.count()
    assert much(anna) == 413
    assert desk.count() == before
    assert anna.get("/tickets").status_code == 200


HOSTILE = "<script>alert(1)</script>\u202e{{ 7*7 }} \"'\x07"


def test_hostile_text_in_every_field_is_text(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    number = ask(desk, anna, HOSTILE, HOSTILE, since=HOSTILE, screen=HOSTILE, scope=HOSTILE)
    anna.get(f"/tickets/{number}")
    for page in (anna.last, anna.get("/tickets").text, anna.get("/new?kind=" + HOSTILE).text):
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page or "kind=" in page
    raw = desk.read(lambda tx: tx.inbound.raw(max(m for m in tx.tickets.mails(number))))
    head = raw.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nsubject:") == 1
    assert b"\x07" not in head


def test_ten_links_an_hour_go_to_one_address(desk: WebDesk) -> None:
    known = len(desk.links("peter@acme.example"))
    for _ in range(14):
        browser = desk.browser()
        browser.get("/")
        assert browser.post("/sign-in", address="peter@acme.example").status_code == 200
    desk.wait(lambda: len(desk.links("peter@acme.example")) >= min(10, known + 10))
    assert (
        desk.read(lambda tx: tx.web.links_since("peter@acme.example", desk.now() - timedelta(hours=1))) == 10
    )


@pytest.mark.slow("needs a daemon of its own")
def test_sixty_first_request_in_a_minute_is_a_429_for_that_client_alone_and_https_cookies_are_secure(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = WebDesk(tmp_path_factory.mktemp("rate"), url="https://help.example")
    made.start()
    try:
        browser = made.browser()
        for last in range(9, 20):  # where the machine needs more than the minute, somebody else tries
            began = time.monotonic()
            one = {"X-Forwarded-For": f"203.0.113.{last}"}
            codes = [browser.get("/status", headers=one).status_code for _ in range(70)]
            if time.monotonic() - began < 60:
                break
        assert codes == [200] * 60 + [429] * 10
        assert browser.get("/status", headers={"X-Forwarded-For": "203.0.114.1"}).status_code == 200
        assert browser.get("/style.css").status_code == 200
        assert "; Secure" in made.browser().get("/").headers["set-cookie"]  # since [web] url is https
    finally:
        made.stop()


def test_link_does_not_show_in_what_agents_see(desk: WebDesk) -> None:
    link = desk.link_for("anna@acme.example", desk.browser())
    rows = [json.loads(line) for line in desk.maild("outbox", "list", "--json").splitlines()]
    key = str(max(row["id"] for row in rows if row["notice"] == "web_link"))
    assert link not in desk.maild("outbox", "show", key) + desk.maild("outbox", "show", key, "--json")
    with pytest.raises(NotFound):
        desk.read(lambda tx: tx.tickets.brief(0))
