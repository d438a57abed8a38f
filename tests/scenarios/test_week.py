"""The week of `maild.demo.script` ends with exactly these mails, due times, queue and report.

What is expected here was worked out by hand from the contracts in desks/week_companies.toml, hour by hour; nothing of it
comes from the code. All times are the desk's, Budapest: winter time until Sunday 28 March 2027 at 02:00, then summer
time. Good Friday is the 26th, Easter Monday the 29th.

Over 300 lines: one week in its order; each day stands on those before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.demo.script import END, WEEK, ZONE, moment
from maild.demo.simulated import Posted, SimulatedDesk
from maild.demo.week import Diary, desk_of_the_week, play

pytestmark = pytest.mark.slow

#: when the queue is looked at for the first time: Thursday, just after the complaint
NOON = "2027-03-25 12:15"

#: moment, notice, ticket, language, recipients: every mail that leaves the desk, in order
#: a part of another ticket, and a project: nobody asked for anything new
WITHOUT_NEW = {1012, 1029}
#: what our own people are told of promises and consents
ALERTS = """
wed 11:10    alert:deadline    1004 hu kata@desk.example
wed 11:10    alert:deadline    1004 en peter@desk.example
wed 11:10    alert:deadline    1004 en nadia@desk.example
wed 11:40    alert:deadline    1004 en peter@desk.example
wed 11:40    alert:deadline    1004 en nadia@desk.example
wed 11:40    alert:deadline    1004 hu kata@desk.example
wed 12:00    alert:deadline    1004 en peter@desk.example
wed 12:00    alert:deadline    1004 hu kata@desk.example
wed 12:15    alert:deadline    1003 hu kata@desk.example
wed 12:15    alert:deadline    1003 en peter@desk.example
wed 12:15    alert:deadline    1003 en nadia@desk.example
wed 12:40    alert:deadline    1003 hu kata@desk.example
wed 14:05    alert:deadline    1001 hu kata@desk.example
wed 15:10    alert:deadline    1002 hu kata@desk.example
wed 16:00    alert:deadline    1005 hu kata@desk.example
wed 16:00    alert:deadline    1012 hu kata@desk.example
wed 16:20    alert:deadline    1006 hu kata@desk.example
wed 16:20    alert:deadline    1006 en peter@desk.example
wed 16:20    alert:deadline    1006 en nadia@desk.example
thu 09:00    alert:deadline    1012 hu kata@desk.example
thu 11:00    alert:consent     1014 hu kata@desk.example
thu 11:00    alert:consent     1014 en peter@desk.example
thu 11:00    alert:consent     1014 en nadia@desk.example
thu 11:20    alert:consent     1007 en vera@desk.example
thu 14:00    alert:consent     1015 hu kata@desk.example
thu 14:00    alert:consent     1015 en peter@desk.example
thu 14:00    alert:consent     1015 en nadia@desk.example
thu 14:30    alert:deadline    1017 hu kata@desk.example
thu 14:30    alert:deadline    1017 en nadia@desk.example
thu 15:00    alert:deadline    1017 hu kata@desk.example
thu 15:00    alert:deadline    1017 en nadia@desk.example
thu 15:00    alert:deadline    1013 hu kata@desk.example
thu 17:00    alert:deadline    1014 hu kata@desk.example
thu 17:00    alert:deadline    1014 en peter@desk.example
thu 17:00    alert:deadline    1014 en nadia@desk.example
thu 21:00    alert:deadline    1020 hu kata@desk.example
thu 21:00    alert:deadline    1020 en peter@desk.example
thu 21:00    alert:deadline    1020 en nadia@desk.example
fri 08:00    alert:deadline    1021 en peter@desk.example
fri 08:00    alert:deadline    1021 en nadia@desk.example
fri 08:00    alert:deadline    1021 hu kata@desk.example
fri 08:15    alert:consent     1007 en vera@desk.example
fri 08:25    alert:consent     1007 en vera@desk.example
fri 08:30    alert:deadline    1021 en peter@desk.example
fri 08:30    alert:deadline    1021 hu kata@desk.example
fri 10:15    alert:deadline    1020 hu kata@desk.example
fri 10:20    alert:deadline    1020 hu kata@desk.example
fri 10:40    alert:deadline    1020 hu kata@desk.example
fri 11:00    alert:deadline    1020 hu kata@desk.example
fri 19:20    alert:deadline    1024 hu kata@desk.example
sat 10:20    alert:deadline    1024 hu kata@desk.example
sat 14:20    alert:deadline    1024 hu kata@desk.example
sat 23:32:30 alert:deadline    1025 hu kata@desk.example
sat 23:32:30 alert:deadline    1025 en peter@desk.example
sat 23:32:30 alert:deadline    1025 en nadia@desk.example
sat 23:40    alert:deadline    1025 en peter@desk.example
sat 23:40    alert:deadline    1025 hu kata@desk.example
sat 23:40    alert:deadline    1025 en nadia@desk.example
sat 23:55    alert:deadline    1025 en nadia@desk.example
sun 00:10    alert:deadline    1025 hu kata@desk.example
sun 00:10    alert:deadline    1025 en nadia@desk.example
sun 08:00    alert:deadline    1026 en peter@desk.example
sun 08:00    alert:deadline    1026 en nadia@desk.example
sun 08:00    alert:deadline    1026 hu kata@desk.example
sun 08:30    alert:deadline    1026 en peter@desk.example
sun 08:30    alert:deadline    1026 hu kata@desk.example
mon 11:30    alert:deadline    1004 en peter@desk.example
mon 12:00    alert:deadline    1004 en peter@desk.example
mon 12:00    alert:deadline    1004 hu kata@desk.example
mon 12:10    alert:deadline    1004 en peter@desk.example
tue 08:00    alert:deadline    1016 en lena@desk.example
tue 09:30    alert:deadline    1014 hu kata@desk.example
tue 10:00    alert:deadline    1014 hu kata@desk.example
tue 10:00    alert:deadline    1027 hu kata@desk.example
tue 12:00    alert:deadline    1027 hu kata@desk.example
tue 15:30    alert:deadline    1013 hu kata@desk.example
tue 17:30    alert:deadline    1013 hu kata@desk.example
wed 11:30    alert:deadline    1013 hu kata@desk.example
"""
MAILS = """
wed 08:05    received          1001 hu anna@duna.example
wed 08:20    accepted          1001 hu anna@duna.example
wed 08:30    not_entitled      1002 hu peti@duna.example
wed 08:30    adopt_request     1002 hu anna@duna.example
wed 09:10    adopted           1002 hu peti@duna.example anna@duna.example
wed 09:15    received          1003 nl joost@vandam.example
wed 09:40    received          1004 en emma@northsea.example
wed 10:00    received          1005 nl bram@taxiutrecht.example
wed 10:20    received          1006 nl bram@taxiutrecht.example
wed 10:30    no_contract       1007 de heike@kessler.example
wed 10:45    suspended         1008 hu bolt@sarki.example
wed 11:00    unknown_sender    1009 en sam.jones@elsewhere.example
wed 11:15    unknown_sender    1010 en visitor@elsewhere.example
wed 11:30    received          1001 hu anna@duna.example
wed 11:35    received          1001 hu gabor@duna.example
wed 11:40    received          1011 en emma@northsea.example
wed 12:00    accepted          1004 en emma@northsea.example
wed 12:05    accepted          1011 en emma@northsea.example
wed 12:10    closed            1011 en emma@northsea.example
wed 12:40    accepted          1003 nl joost@vandam.example
wed 12:50    accepted          1005 nl bram@taxiutrecht.example
wed 13:00    in_progress       1004 en emma@northsea.example
wed 13:02    closed            1003 nl joost@vandam.example
wed 13:30    resolved          1004 en emma@northsea.example
wed 14:00    received          1012 nl bram@taxiutrecht.example
wed 14:05    accepted          1012 nl bram@taxiutrecht.example
wed 14:30    accepted          1002 hu peti@duna.example anna@duna.example
wed 15:00    closed            1001 hu anna@duna.example gabor@duna.example
wed 15:30    closed            1002 hu peti@duna.example anna@duna.example
wed 17:00    closed            1005 nl bram@taxiutrecht.example
thu 09:00    received          1013 nl els@leie.example
thu 09:05    quote_request     1007 de heike@kessler.example
thu 09:10    reply             1006 nl bram@taxiutrecht.example
thu 09:30    accepted          1013 nl els@leie.example
thu 10:00    approval_request  1014 hu gabor@duna.example
thu 10:00    awaiting_approval 1014 hu anna@duna.example
thu 10:30    closed            1012 nl bram@taxiutrecht.example
thu 11:00    approval_result   1014 hu anna@duna.example
thu 11:20    received          1007 de heike@kessler.example
thu 11:30    approval_request  1015 nl ineke@taxiutrecht.example
thu 11:30    awaiting_approval 1015 nl bram@taxiutrecht.example
thu 11:50    reply             1007 de heike@kessler.example
thu 12:00    complaint         1016 nl saskia@vandam.example
thu 12:30    accepted          1016 nl saskia@vandam.example
thu 13:00    received          1017 nl els@leie.example
thu 13:05    accepted          1017 nl els@leie.example
thu 13:10    phone_permission  1018 hu anna@duna.example
thu 14:00    approval_result   1015 nl bram@taxiutrecht.example
thu 14:10    received          1019 fr luc@namur.leie.example
thu 15:00    received          1020 nl joost@vandam.example
thu 15:30    closed            1017 nl els@leie.example
thu 16:00    waiting_customer  1013 nl els@leie.example
thu 16:30    accepted          1019 fr luc@namur.leie.example
thu 19:30    received          1021 en emma@northsea.example
fri 08:15    approval_not_accepted 1007 de heike@kessler.example
fri 08:25    approval_result   1007 de heike@kessler.example
fri 08:30    accepted          1021 en emma@northsea.example
fri 10:00    closed            1021 en emma@northsea.example
fri 10:05    received          1022 nl saskia@vandam.example
fri 10:15    accepted          1020 nl joost@vandam.example
fri 10:20    merged            1022 nl saskia@vandam.example
fri 10:40    received          1020 nl saskia@vandam.example
fri 11:00    closed            1019 fr luc@namur.leie.example
fri 13:10    received          1023 fr luc@namur.leie.example
fri 13:20    received          1024 nl saskia@vandam.example
fri 13:40    received          1024 nl saskia@vandam.example
fri 14:00    accepted          1024 nl saskia@vandam.example
fri 14:30    outage_update     1023 fr luc@namur.leie.example
fri 14:45    closed            1020 nl joost@vandam.example saskia@vandam.example
fri 16:00    outage_resolved   1023 fr luc@namur.leie.example
sat 13:30    closed            1004 en emma@northsea.example
sat 23:10    received          1025 hu anna@duna.example
sat 23:50    accepted          1025 hu anna@duna.example
sun 00:30    received          1026 en emma@northsea.example
sun 03:30    resolved          1025 hu anna@duna.example
sun 08:30    accepted          1026 en emma@northsea.example
sun 09:00    closed            1026 en emma@northsea.example
mon 10:00    reopened          1004 en emma@northsea.example
mon 11:00    received          1027 nl joost@vandam.example
mon 12:00    received          1028 en emma@northsea.example
mon 12:30    closed            1024 nl saskia@vandam.example
mon 12:35    accepted          1028 en emma@northsea.example
mon 13:00    resolved          1004 en emma@northsea.example
mon 13:10    closed            1028 en emma@northsea.example
mon 17:00    closed            1023 fr luc@namur.leie.example
tue 09:30    accepted          1014 hu anna@duna.example
tue 09:30    received          1013 nl els@leie.example
tue 09:45    accepted          1027 nl joost@vandam.example
tue 10:00    project           1006 nl bram@taxiutrecht.example
tue 10:10    scheduled         1007 de heike@kessler.example
tue 10:30    closed            1016 nl saskia@vandam.example
tue 11:00    closed            1014 hu anna@duna.example
tue 15:00    closed            1027 nl joost@vandam.example
wed 03:30    closed            1025 hu anna@duna.example
"""

#: ticket: how it was counted, respond by, resolve by; weekdays with the day of March, or of April
DUE = {
    1001: ("8 h, all of them on Wednesday", "wed 24 16:05", ""),
    1002: (
        "8:30 to 17:00 is 8 h 30; 40 minutes waited for the ok, so ten minutes on Thursday",
        "thu 25 08:10",
        "",
    ),
    1003: ("system: 4 and 8 h of the tills' calendar, 08 to 22", "wed 24 13:15", "wed 24 17:15"),
    1004: (
        "answer 2 h; 3:50 of 8 h ran until Wednesday 13:30, 4:10 since Monday 10:00",
        "wed 24 11:40",
        "mon 29 14:10",
    ),
    1005: ("8 h of the emergencies' calendar, 06 to 24", "wed 24 18:00", ""),
    1006: ("7:10 until 17:30, 50 minutes on Thursday", "thu 25 09:20", ""),
    1007: ("no contract", "", ""),
    1008: ("suspended", "", ""),
    1009: ("unknown", "", ""),
    1010: ("unknown", "", ""),
    1011: ("around the clock", "wed 24 15:40", "thu 25 11:40"),
    1012: ("counted from the mail of 10:00 that it was split from", "thu 25 09:00", ""),
    1013: (
        "8 of 9 h; 7 of 24 h ran until Thursday 16:00, 8 on Tuesday, 9 on Wednesday",
        "thu 25 17:00",
        "wed 31 17:30",
    ),
    1014: (
        "held for an hour; 6 h on Thursday, then Good Friday and Easter Monday are closed",
        "tue 30 10:00",
        "",
    ),
    1015: ("6 h on Thursday, the taxi office closes on Good Friday and Easter Monday", "tue 30 10:30", ""),
    1016: ("Thursday until 21:00; 9 and 7 of 16 h", "thu 25 20:00", "fri 26 16:00"),
    1017: ("on call, 16 h a day: 2 h; 24 h are 9 and 15", "thu 25 15:00", "fri 26 21:00"),
    1018: ("3:50 on Thursday, 4:10 on Tuesday", "tue 30 12:10", ""),
    1019: ("3:20 and 4:40; 24 h: 3:20, 9, closed on Easter Monday, 9, 2:40", "fri 26 13:10", "wed 31 11:10"),
    1020: ("6 h until 21:00, 2 on Good Friday which is worked; 6 and 10", "fri 26 11:00", "fri 26 19:00"),
    1021: ("around the clock", "thu 25 23:30", "fri 26 19:30"),
    1022: ("Good Friday until 21:00; 10:55 and 5:05 on Saturday", "fri 26 18:05", "sat 27 15:05"),
    1023: ("4:20 and 3:40; Belgium works on Good Friday: 4:20, 9, 9, 1:40", "tue 30 12:10", "thu 1 10:10"),
    1024: (
        "7:40 and 20 minutes of Saturday; 7:40, 7, 1:20 from 12:00 on Easter Monday",
        "sat 27 10:20",
        "mon 29 13:20",
    ),
    1025: ("on call around the clock: 1 h", "sun 28 00:10", ""),
    1026: ("2 h and 8 h over the hour that does not exist", "sun 28 03:30", "sun 28 09:30"),
    1027: ("Easter Monday 12 to 17 is 5 h, 3 on Tuesday; 5, 9, 2", "tue 30 12:00", "wed 31 11:00"),
    1028: ("around the clock", "mon 29 16:00", "tue 30 12:00"),
    1029: ("a project has no promise", "", ""),
}

#: as `report sla`: tickets, respond kept, missed, open, resolve kept, missed, open
SLA = {
    (None, None): (2, 0, 0, 0, 0, 0, 0),
    ("duna", "infrastructure"): (1, 1, 0, 0, 0, 0, 0),
    ("duna", "user"): (4, 3, 0, 1, 0, 0, 0),
    ("kessler", None): (1, 0, 0, 0, 0, 0, 0),
    ("leie", "infrastructure"): (1, 1, 0, 0, 1, 0, 0),
    ("leie", "user"): (3, 3, 0, 0, 2, 0, 1),
    ("northsea", "system"): (2, 0, 2, 0, 2, 0, 0),
    ("northsea", "user"): (3, 2, 1, 0, 3, 0, 0),
    ("sarki", "user"): (1, 0, 0, 0, 0, 0, 0),
    ("taxi", "user"): (5, 4, 0, 0, 0, 0, 0),
    ("vandam", "system"): (1, 1, 0, 0, 1, 0, 0),
    ("vandam", "user"): (5, 4, 0, 0, 3, 1, 0),
}

#: as `report volume`: (ISO week, company, kind): tickets
VOLUME = {
    ("2027-W12", None, "question"): 2,
    ("2027-W12", "duna", "incident"): 3,
    ("2027-W12", "duna", "permission"): 2,
    ("2027-W12", "kessler", "quote"): 1,
    ("2027-W12", "leie", "incident"): 3,
    ("2027-W12", "leie", "question"): 1,
    ("2027-W12", "northsea", "incident"): 3,
    ("2027-W12", "northsea", "question"): 1,
    ("2027-W12", "sarki", "incident"): 1,
    ("2027-W12", "taxi", "device"): 1,
    ("2027-W12", "taxi", "incident"): 1,
    ("2027-W12", "taxi", "question"): 2,
    ("2027-W12", "vandam", "complaint"): 1,
    ("2027-W12", "vandam", "incident"): 3,
    ("2027-W12", "vandam", "question"): 1,
    ("2027-W13", "northsea", "question"): 1,
    ("2027-W13", "taxi", "change"): 1,
    ("2027-W13", "vandam", "question"): 1,
}


class Week:
    """The desk after its week, and what was seen on the way."""

    def __init__(self, desk: SimulatedDesk) -> None:
        self.desk = desk
        self.noon: list[int] = []
        self.printed: list[str] = []

    def mail(self, notice: str, ticket: int, who: str = "") -> Posted:
        found = [
            p
            for p in self.desk.posted
            if (p.notice, p.ticket) == (notice, ticket) and (not who or who in p.to)
        ]
        assert found, (notice, ticket, who)
        return found[0]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    with desk_of_the_week(tmp_path_factory.mktemp("week")) as desk:
        seen = Week(desk)
        diary = Diary(desk, seen.printed.append)
        for step in WEEK:
            if not seen.noon and moment(step.at) > moment(NOON):
                desk.advance(moment(NOON))
                seen.noon = [row["number"] for row in desk.rows("list")]
            play(desk, step)
            diary.step(step)
        desk.advance(moment(END))
        diary.mails()
        yield seen


def line(posted: Posted) -> str:
    local = posted.at.astimezone(ZoneInfo(ZONE))
    at = f"{local:%a %H:%M:%S}".lower().removesuffix(":00")
    name = f"alert:{posted.data['alert']}" if posted.notice == "agent_alert" else posted.notice
    return f"{at:<12} {name:<17} {posted.ticket} {posted.language} {' '.join(posted.to)}"


def test_every_mail_leaves_at_its_moment_to_its_people_in_their_language_and_no_other(week: Week) -> None:
    mails = [line(p) for p in week.desk.posted if p.notice != "agent_alert"]
    assert mails == MAILS.strip().splitlines()


def test_what_happens_reaches_our_own_people_once_in_five_minutes(week: Week) -> None:
    alerts = [p for p in week.desk.posted if p.notice == "agent_alert"]
    opened = {row["number"] for row in week.desk.rows("list", "--all") if row["number"]}
    heard = {p.ticket for p in alerts if p.data["alert"] in ("new", "urgent")}
    made_by_the_only_agent_of_their_team = opened - heard
    assert made_by_the_only_agent_of_their_team == WITHOUT_NEW
    last: dict[tuple[int | None, tuple[str, ...]], datetime] = {}
    for one in alerts:
        key = (one.ticket, tuple(one.to))
        assert one.ticket == 0 or key not in last or one.at - last[key] >= timedelta(minutes=5), line(one)
        last[key] = one.at
    assert [
        line(p) for p in alerts if p.data["alert"] in ("deadline", "consent")
    ] == ALERTS.strip().splitlines()


def local(at: str | None) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(ZONE)):%a %-d %H:%M}".lower() if at else ""


@pytest.mark.parametrize("number", DUE)
def test_due_times_are_right_to_the_minute(week: Week, number: int) -> None:
    shown = week.desk.show(number)
    why, respond, resolve = DUE[number]
    assert (local(shown["respond_by"]), local(shown["resolve_by"])) == (respond, resolve), why


def test_queue_shows_complaints_first_then_what_is_due_then_what_waits(week: Week) -> None:
    assert week.noon == [1016, 1013, 1014, 1008, 1009, 1010, 1015, 1004, 1006, 1007]
    # the last four wait for nobody here: resolved, a project, the customers
    assert [row["number"] for row in week.desk.rows("list")] == [
        1013,
        1007,
        1008,
        1009,
        1010,
        1004,
        1029,
        1018,
    ]


def test_time_report_adds_up_to_what_was_logged(week: Week) -> None:
    rows = week.desk.rows("report", "time", "--month", "2027-03")
    assert [(r["company"], r["ticket"], r["raw_minutes"], r["billed_minutes"]) for r in rows] == [
        ("duna", 1001, 20, 30),  # 20 minutes are two quarters begun
        ("northsea", 1004, 60, 60),  # 80 raw, 90 billed reversed; 60 written anew
        ("taxi", 1005, 10, 0),  # courtesy
        ("vandam", 1003, 25, 0),  # our own fault
    ]


def test_sla_report_counts_promises_kept_and_missed(week: Week) -> None:
    rows = week.desk.rows("report", "sla", "--month", "2027-03")
    counts = [f"{what}_{state}" for what in ("respond", "resolve") for state in ("kept", "missed", "open")]
    assert {(r["company"], r["severity"]): (r["tickets"], *(r[name] for name in counts)) for r in rows} == SLA
    critical = [r for r in rows if r["severity"] == "infrastructure"]
    assert {(r["company"], r["call_back_kept"], r["call_back_missed"]) for r in critical} == {
        ("duna", 0, 1), ("leie", 1, 0),
    }  # fmt: skip
    missed = week.desk.rows("report", "sla", "--month", "2027-03", "--missed")
    assert {(r["ticket"], r["promise"], r["late_minutes"]) for r in missed} == {
        (1004, "respond", 20),  # due 11:40, taken 12:00
        (1016, "resolve", 5370),  # due Friday 16:00, closed Tuesday 10:30; DST took an hour of the 90:30
        (1025, "call_back", 10),  # due 23:40, taken 23:50
        (1021, "respond", 540),  # due 23:30, taken 08:30
        (1026, "respond", 300),  # due 03:30, taken 08:30
    }


def test_volume_report_counts_tickets_by_week_company_and_kind(week: Week) -> None:
    rows = week.desk.rows("report", "volume", "--month", "2027-03")
    assert {(r["period"], r["company"], r["kind"]): r["tickets"] for r in rows} == VOLUME
    assert sum(VOLUME.values()) == 29


# --------------------------------------------------------------------------------- what the mails say


def test_acknowledgement_names_number_company_contact_promise_and_asks_politely_once(week: Week) -> None:
    text = week.mail("received", 1001).text
    assert "#1001" in text
    assert "Duna Nyomda Kft." in text
    assert "+36 1 555 0100" in text
    assert "március 24., szerda 16:05" in text
    assert week.mail("received", 1001).data["hints"] == ["message", "since", "who"]
    replies = [p for p in week.desk.posted if (p.notice, p.ticket) == ("received", 1001)][1:]
    assert len(replies) == 2
    assert not any(p.data.get("hints") for p in replies)


def test_precise_report_is_asked_nothing_and_lists_its_picture(week: Week) -> None:
    mail = week.mail("received", 1003)
    assert not mail.data.get("hints")
    assert "scherm.png" in mail.text


def test_customer_in_london_reads_london_hours(week: Week) -> None:
    assert "Wednesday 24 March, 10:40" in week.mail("received", 1004).text
    assert "Monday 29 March, 15:00" in week.mail("received", 1028).text


def test_mail_outside_the_hours_is_told_so(week: Week) -> None:
    mail = week.mail("received", 1027)
    assert mail.data["promise"]["outside_hours"] is True
    assert "buiten uw" in mail.text
    assert week.mail("received", 1024).data["promise"].get("outside_hours", False) is False


def test_out_of_scope_request_gets_the_desks_text(week: Week) -> None:
    assert "Opleidingen vallen buiten uw contract" in week.mail("received", 1006).text


def test_critical_case_gets_the_on_call_number_its_code_and_a_call_back(week: Week) -> None:
    text = week.mail("received", 1025).text
    assert "+36 1 555 0911" in text
    assert "4711" in text
    assert "szombat 23:40" in text
    assert not any("4711" in p.text for p in week.desk.posted if p.ticket != 1025)


def test_phone_call_of_a_critical_case_promises_a_call_back_too(week: Week) -> None:
    text = week.mail("received", 1017).text
    assert "+32 2 555 0922" in text
    assert "ZL-16" in text
    assert "donderdag 25 maart, 14:00" in text


def test_known_outage_stands_in_the_acknowledgement_and_is_taken_off_by_not_this(week: Week) -> None:
    assert "E-mail vertraagd" in week.mail("received", 1023).text
    assert "E-mail vertraagd" in week.mail("received", 1024).text
    outage = week.desk.rows("outage", "list", "--all")[0]
    assert (outage["state"], outage["tickets"]) == ("resolved", [1023])


def test_status_page_is_written_at_each_change(week: Week) -> None:
    page = (week.desk.folder / "status" / "index.html").read_text(encoding="utf-8")
    assert "E-mail vertraagd" in page
    assert "Tous les courriels" in page
    assert "E-mail vertraagd" in (week.desk.folder / "status" / "feed.json").read_text(encoding="utf-8")


def test_suspended_company_learns_no_reason_and_gets_no_promise(week: Week) -> None:
    mail = week.mail("suspended", 1008)
    assert mail.data.get("promise") is None
    assert not any(word in mail.text.lower() for word in ("számla", "felfüggeszt", "tartoz", "díj"))
    assert week.desk.show(1008)["team"] == "billing"


def test_unknown_sender_reads_nothing_of_what_they_wrote(week: Week) -> None:
    for number in (1009, 1010):
        mail = week.mail("unknown_sender", number)
        whole = mail.text + str(mail.mail["Subject"])
        assert not any(words in whole for words in ("Your product", "printing", "Sam", "state of this"))
        assert week.desk.show(number)["team"] == "sales"


def test_quoting_a_number_of_another_company_opens_a_linked_ticket_and_adds_nothing_to_theirs(
    week: Week,
) -> None:
    for number in (1010, 1011):
        links = [(x["type"], x["ticket"]) for x in week.desk.show(number)["links"] if x["direction"] == "out"]
        assert links == [("related", 1001)]
    authors = {e["author"] for e in week.desk.show(1001)["entries"] if e["type"] == "mail"}
    assert authors == {"anna@duna.example", "gabor@duna.example"}
    texts = [
        p.text for p in week.desk.posted if set(p.to) & {"emma@northsea.example", "visitor@elsewhere.example"}
    ]
    assert not any("Duna" in t or "nyomtat" in t.lower() for t in texts)


def test_auto_reply_is_filed_and_the_bounce_marks_the_mail(week: Week) -> None:
    kinds = [e["type"] for e in week.desk.show(1001)["entries"]]
    assert kinds.count("auto_reply") == 1
    sent = week.desk.rows("outbox", "list")
    bounced = [m for m in sent if m["ticket"] == 1008 and m["notice"] != "agent_alert"]
    assert [r["state"] for m in bounced for r in m["recipients"]] == ["bounced"]


def test_bare_thanks_reopens_nothing(week: Week) -> None:
    entries = week.desk.show(1004)["entries"]
    at = next(i for i, e in enumerate(entries) if "Thanks a lot" in e["text"])
    assert entries[at + 1]["type"] == "phase"
    assert entries[at + 1]["data"]["to"] == "closed"


def test_reply_within_the_window_reopens_and_after_it_follows_up(week: Week) -> None:
    moves = [e["data"]["to"] for e in week.desk.show(1004)["entries"] if e["type"] == "phase"]
    assert moves == ["accepted", "in_progress", "resolved", "closed", "in_progress", "resolved"]
    assert [(x["type"], x["ticket"]) for x in week.desk.show(1028)["links"]] == [("follow_up", 1011)]
    assert week.desk.show(1011)["phase"] == "closed"


def test_reply_to_a_merged_ticket_lands_on_the_survivor(week: Week) -> None:
    texts = [e["text"] for e in week.desk.show(1020)["entries"] if e["type"] == "mail"]
    assert any("blauwe jassen" in t for t in texts)
    assert week.desk.show(1022)["phase"] == "merged"


def test_each_change_of_the_promise_is_an_entry_that_explains_it(week: Week) -> None:
    clock = [e["text"] for e in week.desk.show(1003)["entries"] if e["type"] == "clock"]
    assert len(clock) == 2
    assert "13:15" in clock[0]
    assert "17:15" in clock[1]


def test_granted_permission_goes_on_and_refused_order_is_rejected(week: Week) -> None:
    assert [(c["state"], c["decided_by"]) for c in week.desk.show(1014)["consents"]] == [
        ("granted", "gabor@duna.example")
    ]
    assert [c["state"] for c in week.desk.show(1015)["consents"]] == ["refused"]
    assert (week.desk.show(1014)["phase"], week.desk.show(1015)["phase"]) == ("closed", "rejected")


def test_buyer_reads_the_offer_as_their_language_writes_it_and_the_confirmation_names_it(week: Week) -> None:
    """No line of it stands twice, or in the plain digits that the consent is bound to."""
    offer = week.mail("quote_request", 1007).text.replace("\xa0", " ")
    for said in (
        "Einrichtung vor Ort: 600,00 €",
        "8.050,00 € (zzgl. 19 % MwSt.)",
        "Donnerstag, 8. April",
    ):
        assert offer.count(said) == 1, said
    assert "antworten Sie mit: angenommen" in offer
    assert not any(plain in offer for plain in ("8050", "7450.00", "2027-04-08", "genehmigt"))
    confirmed = week.mail("approval_result", 1007).text.replace("\xa0", " ")
    assert "Sie haben unser Angebot angenommen" in confirmed
    assert "8.050,00 €" in confirmed
    assert [(c["state"], c["decided_by"]) for c in week.desk.show(1007)["consents"]] == [
        ("granted", "heike@kessler.example")
    ]


def test_buyer_who_accepts_in_another_mail_of_the_thread_is_told_which_one_to_answer(week: Week) -> None:
    told = " ".join(week.mail("approval_not_accepted", 1007).text.split())
    assert "auf die Nachricht mit unserem Angebot" in told
    assert "Donnerstag, 25. März, 09:05 Uhr" in told
    assert "nichts wurde bestellt" in told


def test_permission_asked_by_phone_is_not_started_and_nobody_is_asked(week: Week) -> None:
    ticket = week.desk.show(1018)
    assert (ticket["phase"], ticket["consents"]) == ("waiting_customer", [])


def test_project_takes_over_the_request(week: Week) -> None:
    assert {(x["type"], x["ticket"]) for x in week.desk.show(1006)["links"]} == {("project", 1029)}
    assert (week.desk.show(1006)["phase"], week.desk.show(1029)["phase"]) == ("closed", "accepted")


def test_correction_is_a_new_entry_and_reasons_are_kept(week: Week) -> None:
    entries = week.desk.show(1004)["time"]["entries"]
    assert [(e["raw_minutes"], e["billed_minutes"]) for e in entries] == [(80, 90), (-80, -90), (60, 60)]
    assert entries[1]["corrects"] == entries[0]["id"]
    assert "a short look" in week.desk.show(1005)["time"]["entries"][0]["text"]


def test_nothing_was_left_behind(week: Week) -> None:
    assert {m["state"] for m in week.desk.rows("mail", "list")} == {"done"}
    assert {m["state"] for m in week.desk.rows("outbox", "list")} == {"sent", "superseded"}


def test_demo_prints_each_day_each_step_and_each_mail_once(week: Week) -> None:
    mails = [text for text in week.printed if text[5:11] == " " * 6]
    assert len(mails) == len(week.desk.posted)
    assert sum(text[6:].strip().startswith("$ maild") for text in week.printed) == 58
    assert [text.split()[0] for text in week.printed if text.endswith("2027")] == [
        "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
    ]  # fmt: skip
    assert not any("\x1b" in text or "\\x" in text for text in week.printed)


def test_files_in_the_maildir_are_the_mails_that_were_counted(week: Week) -> None:
    files = list((week.desk.folder / "var" / "outbox" / "new").iterdir())
    assert len(files) == len(week.desk.posted)


def test_month_reported_by_mail_adds_up_to_the_minute(week: Week) -> None:
    """What a managing director gets of the six companies is what `report time` says, in the mail and in its files."""
    desk = week.desk
    config = desk.folder / "config.toml"
    report = '\n[[report]]\nname = "month"\nkinds = ["time", "sla", "volume"]\nto = ["boss@desk.example"]\n'
    config.write_text(config.read_text(encoding="utf-8") + report, encoding="utf-8")
    rows = desk.rows("report", "time", "--month", "2027-03")
    desk.act("kata", "report", "send", "month", "--month", "2027-03")
    sent = next(one for one in reversed(desk.posted) if one.notice == "report")
    files = {str(part.get_filename()): part.get_content() for part in sent.mail.iter_attachments()}
    for name, key in (("time.csv", "Minutes billed"), ("items.csv", "Minutes billed")):
        text = files[name] if isinstance(files[name], str) else files[name].decode()
        told: dict[tuple[str, int], int] = {}
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            place = (row["Customer"], int(row["Request"]))
            told[place] = told.get(place, 0) + int(row[key])
        assert told == {(row["company"] or "", row["ticket"]): row["billed_minutes"] for row in rows}, name
    data = sent.data
    figures = {one["key"]: one["now"] for one in data["figures"]}
    assert figures["raw"] == sum(row["raw_minutes"] for row in rows)
    assert figures["billed"] == sum(row["billed_minutes"] for row in rows)
    assert sum(one["now"] for one in data["hours"]) == figures["billed"], "six companies stand there all"
    assert len(data["pictures"]) == 2
