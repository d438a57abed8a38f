"""Companies, people, contracts and reports through the public face: mails in, verbs, mails out.

Over 300 lines: the life of contracts, on companies that all of its tests share.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild import config
from maild.demo.served import letter
from maild.demo.simulated import Posted, SimulatedDesk
from maild.errors import ConfigError, Refused
from tests.scenarios.desk import CONFIG

pytestmark = pytest.mark.slow

ANNA = "Kovács Anna <anna@acme.example>"
LIZ = "Liz <liz@isle.example>"


def write(desk: SimulatedDesk, sender: str, subject: str, text: str, to: str = "help@desk.example") -> int:
    """A mail; returns the number of its ticket."""
    mail = letter(sender, subject, text)
    del mail["To"]
    mail["To"] = to
    desk.send(mail, to=[to])
    return int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])


def imported(desk: SimulatedDesk, text: str, *options: str) -> str:
    file = desk.folder / "more.toml"
    file.write_text(text, encoding="utf-8")
    return desk.maild("company", "import", str(file), *options)


# ------------------------------------------------------------------------------------------------ import

GOOD = """\
[[company]]
key = "new"
name = "New Ltd"
domains = ["new.example"]
service_level = "standard"
"""


def test_error_in_line_7_of_an_import_is_named_with_its_remedy_and_nothing_is_imported(
    desk: SimulatedDesk,
) -> None:
    with pytest.raises(Refused) as refused:
        imported(desk, GOOD + '[[company]]\nkey = "bad one"\ndomains = ["bad.example"]\n')
    assert "line 7" in str(refused.value)
    assert "new" not in {row["key"] for row in desk.rows("company", "list")}


def test_dry_run_shows_the_difference_and_changes_nothing(desk: SimulatedDesk) -> None:
    shown = imported(desk, GOOD, "--dry-run")
    assert "new" in shown
    assert "new" not in {row["key"] for row in desk.rows("company", "list")}


def test_second_import_of_the_same_file_changes_nothing(desk: SimulatedDesk) -> None:
    imported(desk, GOOD)
    before = desk.rows("company", "list")
    imported(desk, GOOD)
    assert desk.rows("company", "list") == before


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('domains = ["gmail.com"]', "gmail.com"),
        ('domains = ["acme.example"]', "acme"),
        ('calendar = "moon"', "moon"),
        ('service_level = "platinum"', "platinum"),
        ('valid_from = "2026-13-01"', "2026-13-01"),
        ('valid_from = "2026-12-01"\nvalid_until = "2026-11-01"', "valid"),
        ('standing = "asleep"', "asleep"),
        (
            '[[company.contract]]\nvalid_from = "2026-01-01"\nvalid_until = "2026-06-30"\n'
            '[[company.contract]]\nvalid_from = "2026-06-01"',
            "overlap",
        ),
    ],
)
def test_what_is_wrong_in_an_import_is_named_with_its_line(
    desk: SimulatedDesk, line: str, named: str
) -> None:
    with pytest.raises(Refused) as refused:
        imported(desk, f'[[company]]\nkey = "new"\n{line}\n')
    assert named in str(refused.value)
    assert "line " in str(refused.value)
    assert "new" not in {row["key"] for row in desk.rows("company", "list")}


def test_holiday_country_that_does_not_exist_is_an_error_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + '[calendars.x]\nholidays = "XX"\n', encoding="utf-8")
    with pytest.raises((ConfigError, Refused), match="XX"):
        config.load(tmp_path / "config.toml", env={})


# ------------------------------------------------------------------------------------------------ people


def test_person_at_two_companies_counts_where_the_addressed_desk_says_else_at_the_first_and_is_marked(
    tmp_path: Path, prepared: Path
) -> None:
    from tests.scenarios.desk import scenario_desk

    extra = 'aliases = ["zorg@desk.example"]\n'
    with scenario_desk(tmp_path, prepared=prepared) as desk:
        text = (
            (desk.folder / "config.toml")
            .read_text(encoding="utf-8")
            .replace("first_number", extra + "first_number")
        )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with SimulatedDesk(tmp_path, text, "", datetime(2026, 11, 3, 9, tzinfo=UTC)) as desk:
        desk.maild("contact", "add", "dora@both.example", "--company", "acme")
        desk.maild(
            "contact", "add", "dora@both.example", "--company", "zorg", "--desk-address", "zorg@desk.example"
        )
        guessed = write(desk, "dora@both.example", "Printer", "The printer in room 12 does not work.")
        said = write(desk, "dora@both.example", "Scanner", "The scanner does not work.", "zorg@desk.example")
        assert (desk.show(guessed)["company"], desk.show(said)["company"]) == ("acme", "zorg")
        reasons = [r["code"] for r in desk.rows("mail", "show", "1")[0]["decision"]["reasons"]]
        assert "sender-ambiguous" in reasons


def test_person_with_several_addresses_is_one_participant_and_subdomains_are_the_companys(
    desk: SimulatedDesk,
) -> None:
    desk.maild("contact", "add", "leo@isle.example", "--company", "isle", "--also", "leo@home.example")
    desk.maild("company", "edit", "isle", "--domain", "isle.example", "--domain", ".isle.example")
    number = write(
        desk, "leo@isle.example", "Printer", "The printer in room 12 does not work since yesterday."
    )
    assert (
        write(desk, "leo@home.example", f"About #{number}", "It is the blue one.") == number
    )  # a bare number
    assert (
        desk.show(write(desk, "x@shop.isle.example", "Till", "How do I print the day's sums?"))["company"]
        == "isle"
    )


SITES = """\
[[company]]
key = "care"
name = "Care"
domains = ["care.example"]
language = "en"
service_level = "standard"
who_may_file = "reference"
timezone = "Europe/Brussels"
[[company.site]]
key = "north"
name = "North"
timezone = "Europe/London"
[[company.site]]
key = "south"
name = "South"
[[company.contact]]
address = "nora@care.example"
roles = ["reference"]
site = "north"
[[company.contact]]
address = "sue@care.example"
roles = ["reference"]
site = "south"
[[company.contact]]
address = "ned@care.example"
site = "north"
"""


def test_site_has_reference_persons_and_a_time_zone_of_its_own(desk: SimulatedDesk) -> None:
    imported(desk, SITES)
    write(desk, "ned@care.example", "Printer", "The printer in room 12 does not work since yesterday.")
    told, asked = desk.posted[-2:]
    assert (told.notice, asked.notice, asked.to) == ("not_entitled", "adopt_request", ("nora@care.example",))
    assert "nora@care.example" in told.text
    assert "sue@care.example" not in told.text
    assert "The printer in room 12" in asked.text
    number = write(
        desk, "nora@care.example", "Scanner", "The scanner in room 12 does not work since yesterday."
    )
    # 09:00 UTC, ten o'clock in Budapest: 8 hours end on Wednesday at nine there, at eight in London
    assert "Wednesday 4 November, 08:00" in desk.posted[-1].text
    write(desk, "sue@care.example", "Copier", "The copier in room 12 does not work since yesterday.")
    assert "Wednesday 4 November, 09:00" in desk.posted[-1].text
    desk.act("kata", "take", str(number))
    assert "Times are London time." in desk.posted[-1].text


def test_person_who_moves_to_another_company_leaves_the_old_tickets_there(desk: SimulatedDesk) -> None:
    old = write(desk, ANNA, "Nyomtató", "Nem megy a nyomtató.")
    desk.maild("contact", "move", "anna@acme.example", "isle")
    new = write(desk, ANNA, "Scanner", "Nem megy a szkenner.")
    assert (desk.show(old)["company"], desk.show(new)["company"]) == ("acme", "isle")


def test_erased_person_is_gone_from_tickets_and_mails_while_the_sums_stay(desk: SimulatedDesk) -> None:
    number = write(desk, ANNA, "Nyomtató", "Nem megy a nyomtató.\n\nKovács Anna")
    desk.act("kata", "log", str(number), "20m")
    desk.act("kata", "close", str(number))
    desk.maild("--as", "kata", "contact", "remove", "anna@acme.example", "--erase", "--yes")
    shown = desk.maild("show", str(number), "--json") + desk.maild("mail", "list", "--json")
    assert not any(word in shown for word in ("anna@acme", "Kovács", "Nem megy"))
    assert [r["billed_minutes"] for r in desk.rows("report", "time")] == [30]


# --------------------------------------------------------------------------------------- contracts, hours

EASTER = """\
[calendars.shop]
timezone = "Europe/Amsterdam"
monday = ["09:00-18:00"]
thursday = ["09:00-21:00"]
friday = ["09:00-21:00"]
holidays = "NL"
holidays_removed = ["Goede Vrijdag"]
holidays_hours = { "Tweede paasdag" = ["12:00-17:00"] }
"""


@pytest.mark.parametrize("desk", [EASTER], indirect=True)
def test_calendar_shows_the_real_hours_of_easter(desk: SimulatedDesk) -> None:
    shown = desk.maild("calendar", "show", "shop", "--from", "2027-03-25", "--days", "5")
    days = {line.split()[0]: line for line in shown.splitlines() if line[:4].isdigit() or "2027-03" in line}
    text = shown
    assert days, text
    assert "09:00-21:00" in next(v for v in days.values() if "03-26" in v)
    assert "12:00-17:00" in next(v for v in days.values() if "03-29" in v)


def test_changed_contract_moves_the_open_tickets_clocks_and_each_says_so(desk: SimulatedDesk) -> None:
    number = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    before = desk.show(number)["respond_by"]
    desk.maild("--as", "kata", "contract", "edit", "isle", "--calendar", "always")
    after = desk.show(number)
    assert before == "2026-11-04T08:00:00+00:00"  # ten to five and an hour of Wednesday, in Budapest
    assert after["respond_by"] == "2026-11-03T17:00:00+00:00"  # eight hours by the wall clock
    assert [e["type"] for e in after["entries"]].count("clock") == 1


TEAM = """\
[[agent]]
name = "lead"
address = "lead@desk.example"
[teams.L1]
lead = "lead"
[service_levels.fast]
respond_hours = { user = 8 }
resolve_hours = { user = 16 }
"""


@pytest.mark.parametrize(
    "desk",
    [TEAM],
    indirect=True,
)
def test_owner_is_warned_and_owner_then_lead_are_alarmed_once(desk: SimulatedDesk) -> None:
    desk.maild("--as", "kata", "contract", "edit", "isle", "--level", "fast")
    number = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    desk.act("kata", "take", str(number))
    desk.advance(desk.now() + timedelta(days=14))
    alarms = [(f"{p.at.astimezone(ZoneInfo('Europe/Budapest')):%d %H:%M}", p.data["alert"], p.to[0])
              for p in desk.posted if p.notice == "agent_alert" and p.data["alert"] == "deadline"]  # fmt: skip
    assert sorted(alarms) == [
        # it was taken and Liz got no word: eight hours for an answer, of which six end on Tuesday at four
        ("03 16:00", "deadline", "kata@desk.example"),
        ("04 09:00", "deadline", "kata@desk.example"),
        ("04 09:00", "deadline", "lead@desk.example"),
        # 16 hours from Tuesday ten: 7, and 9 until five on Wednesday; twelve of them end there at one
        ("04 13:00", "deadline", "kata@desk.example"),
        ("04 17:00", "deadline", "kata@desk.example"),
        ("04 17:00", "deadline", "lead@desk.example"),
    ]


@pytest.mark.parametrize(
    "desk",
    [TEAM + "[service_levels.same]\nrespond_hours = { user = 8 }\nresolve_hours = { user = 8 }\n"],
    indirect=True,
)
def test_two_alarms_of_one_moment_are_one_mail_that_tells_both(desk: SimulatedDesk) -> None:
    """Taken and unanswered: the answer and the solution are due together, and so is the warning of each."""
    desk.maild("--as", "kata", "contract", "edit", "isle", "--level", "same")
    number = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    desk.act("kata", "take", str(number))
    desk.advance(desk.now() + timedelta(days=3))
    told = [(f"{p.at.astimezone(ZoneInfo('Europe/Budapest')):%d %H:%M}", p.to[0].partition("@")[0], codes(p))
            for p in desk.posted if p.notice == "agent_alert" and p.data["alert"] == "deadline"]  # fmt: skip
    assert sorted(told) == [
        ("03 16:00", "kata", {"due_reply", "due_resolve"}),
        ("04 09:00", "kata", {"overdue_reply", "overdue_resolve"}),
        ("04 09:00", "lead", {"overdue_reply", "overdue_resolve"}),
    ]


def codes(posted: Posted) -> set[str]:
    """What an alert tells, by the codes of its facts."""
    return {fact["code"] for event in posted.data["events"] for fact in event["facts"]}


# ------------------------------------------------------------------------------------------- caps, sizes


@pytest.mark.parametrize("desk", ["[limits]\nautomatic_mails_to_unknown_per_hour = 2\n"], indirect=True)
def test_all_unknown_senders_together_stay_under_one_cap_and_what_is_held_is_seen(
    desk: SimulatedDesk,
) -> None:
    numbers = [
        write(desk, f"s{i}@elsewhere{i}.example", f"Hello {i}", f"What do you sell, number {i}?")
        for i in range(4)
    ]
    assert [p.ticket for p in desk.posted] == numbers[:2]
    for number in numbers[2:]:
        assert [e["type"] for e in desk.show(number)["entries"]] == ["mail", "held_back"]
    known = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    assert desk.posted[-1].ticket == known


def test_mail_of_thirty_megabytes_is_taken_and_one_above_the_limit_is_refused(desk: SimulatedDesk) -> None:
    import smtplib

    head = b"From: liz@isle.example\r\nTo: help@desk.example\r\nSubject: Plans do not open\r\n"
    line = b"x" * 998 + b"\r\n"
    taken = head + b"Message-ID: <big@isle.example>\r\n\r\nThe plans do not open.\r\n" + line * 29_990
    desk.send(taken, mail_from="liz@isle.example")
    assert desk.rows("mail", "show", "1")[0]["size"] == len(taken)
    assert desk.posted[-1].to == ("liz@isle.example",)
    with pytest.raises(smtplib.SMTPException) as refused:
        desk.send(head + b"\r\n" + line * 31_600, mail_from="liz@isle.example")
    assert "552" in str(refused.value)
    assert len(desk.rows("mail", "list")) == 1


# --------------------------------------------------------------------------------------- what is printed


def test_controls_and_bidi_marks_of_customers_are_printed_escaped(desk: SimulatedDesk) -> None:
    number = write(
        desk, LIZ, "Printer \u202efdp.exe \u2066fails", "It \u202efails\u202c since yesterday \x9b31m."
    )
    for words in (("list",), ("show", str(number)), ("show", str(number), "--full"), ("search", "fails")):
        printed = desk.maild(*words)
        assert "\\u202e" in printed
        assert not any(c in printed for c in "\u202e\u202c\u2066\x9b\x1b")


def test_reports_print_csv_for_invoices_and_a_picture(desk: SimulatedDesk) -> None:
    number = write(desk, LIZ, "=cmd|calc", "The printer in room 12 does not work since yesterday.")
    desk.act("kata", "log", str(number), "1h20", "-m", "cable")
    rows = desk.maild("report", "time", "--csv").splitlines()
    head = '"company","ticket","subject","raw_minutes","billed_minutes","over","outside_minutes","raw_hours","billed_hours"'
    assert rows == [head, f'"isle","{number}","\'=cmd|calc","80","90","0","0","1.3333","1.5"']
    for report in ("time", "sla", "volume", "backlog"):
        picture = desk.folder / f"{report}.png"
        desk.maild("report", report, "--plot", str(picture))
        assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        desk.maild("report", report, "--plot", str(picture.with_suffix(".svg")))
        assert b"<svg" in picture.with_suffix(".svg").read_bytes()[:1000]
    with pytest.raises(Refused, match=r"\.png or an \.svg"):
        desk.maild("report", "time", "--plot", str(desk.folder / "x.pdf"))


def test_prepaid_hours_are_used_up_marked_and_given_back(desk: SimulatedDesk) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "2", "--hours-period", "month")
    number = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    desk.act("kata", "log", str(number), "1h25", "-m", "cable")
    desk.act("kata", "log", str(number), "50m", "-m", "driver")
    desk.act("kata", "log", str(number), "20m", "--courtesy", "-m", "coffee")
    items = desk.rows("report", "time", "--items")
    assert [(i["raw_minutes"], i["billed_minutes"], i["courtesy"], i["over"]) for i in items] == [
        (85, 90, False, 0), (50, 60, False, 30), (20, 0, True, 0),
    ]  # fmt: skip
    (row,) = desk.rows("report", "time")
    assert (row["company"], row["ticket"], row["raw_minutes"], row["billed_minutes"], row["over"]) == (
        "isle", number, 155, 150, 30,
    )  # fmt: skip
    hours = desk.rows("company", "show", "isle")[0]["hours"]
    assert (hours["used_minutes"], hours["left_minutes"], hours["over_minutes"]) == (150, 0, 30)
    assert "0:30 over" in desk.maild("report", "time")
    wrong = desk.show(number)["time"]["entries"][1]["id"]
    desk.act("kata", "log", str(number), "5m", "--correct", str(wrong), "-m", "it was short")
    hours = desk.rows("company", "show", "isle")[0]["hours"]
    assert (hours["used_minutes"], hours["left_minutes"], hours["over_minutes"]) == (105, 15, 0)
    assert sum(i["over"] for i in desk.rows("report", "time", "--items")) == 0
    for by in ("company", "agent", "topic"):
        (row,) = desk.rows("report", "time", "--by", by)
        assert (row["raw_minutes"], row["billed_minutes"], row["tickets"]) == (110, 105, 1)


def test_outage_without_company_and_word_is_everybodys(desk: SimulatedDesk) -> None:
    desk.act("kata", "outage", "open", "Power cut")
    number = write(desk, LIZ, "Question", "How do I export last month's invoices to a file?")
    assert "Power cut" in desk.posted[-1].text
    assert desk.rows("outage", "list")[0]["tickets"] == [number]


def test_call_of_a_stranger_is_recorded_for_sales(desk: SimulatedDesk) -> None:
    desk.act(
        "kata",
        "new",
        "--channel",
        "phone",
        "--from",
        "sam@elsewhere.example",
        "--subject",
        "Prices",
        "-m",
        "Asks.",
    )
    assert (desk.posted[-1].notice, desk.show(1001)["team"]) == ("unknown_sender", "sales")


@pytest.mark.parametrize(
    "desk",
    [
        "[service_levels.critical]\nrespond_hours = { user = 1, infrastructure = 2 }\n"
        'oncall_calendar = "always"\ncall_back_minutes = 30\n'
    ],
    indirect=True,
)
def test_promised_call_back_is_due_before_a_later_answer(desk: SimulatedDesk) -> None:
    desk.maild("--as", "kata", "contract", "edit", "isle", "--level", "critical")
    hour = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    call = write(desk, LIZ, "Network", "The network is down in all branches since nine, nothing works.")
    assert [row["number"] for row in desk.rows("list")] == [
        call,
        hour,
    ]  # 9:30 and 10:00; the answer itself is due at 11
    assert [row["number"] for row in desk.rows("list", "--limit", "1")] == [call]
    desk.act("kata", "take", str(call))
    assert [row["number"] for row in desk.rows("list")] == [hour, call]
