"""The month that `maild demo --month` plays is reported by mail, and every minute in it adds up.

What is expected here was added up by hand from maild/demo/month.py, entry by entry; nothing of it comes from the code.
Billed is each entry rounded up to 15 minutes; courtesy and own fault bill nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maild.demo import month
from maild.demo.script import ZONE
from maild.demo.simulated import SimulatedDesk
from tests.scenarios.test_reports import files, table

pytestmark = pytest.mark.slow

#: company -> worked, billed, beyond prepaid hours, outside of the contract, in minutes
SUMS = {
    # 1006: 50 -> 60; 1010: 80 -> 90 and 10 -> 15; 1016: 95 -> 105; 1019: 25 courtesy -> 0 and 40 -> 45; then 1010's 80
    # (-80, -90) becomes 60 (60, 60).  worked 50+80+10+95+25+40-80+60; billed 60+90+15+105+0+45-90+60 of 240 prepaid
    "duna": (280, 285, 45, 0),
    "kessler": (45, 45, 0, 0),  # 1020
    "leie": (135, 135, 0, 0),  # 1008: 120 -> 120; 1014: 15 -> 15
    "northsea": (205, 225, 0, 0),  # 1009: 185 -> 195; 1015: 20 -> 30
    "taxi": (130, 135, 0, 120),  # 1011: 120 -> 120, at a cost that was announced; 1017: 10 -> 15
    "vandam": (155, 135, 0, 0),  # 1007: 70 -> 75; 1012: 30, own fault -> 0; 1018: 55 -> 60
}
#: what lies beyond, in the order of the work: 60, 150, 165 of 240 are within; 270 is 30 over; 315 is 75 over; the
#: correction gives 90 back (225: nothing is over), then takes 60 (285: 45)
OVER = [0, 0, 0, 30, 0, 45, -75, 45]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedDesk]:
    with month.play_month(tmp_path_factory.mktemp("month")) as made:
        month.fill(made)
        yield made


def test_report_of_the_command_line_is_what_was_added_up_by_hand(desk: SimulatedDesk) -> None:
    rows = desk.rows("report", "time", "--month", month.MONTH, "--by", "company")
    found = {
        row["company"]: (row["raw_minutes"], row["billed_minutes"], row["over"], row["outside_minutes"])
        for row in rows
    }
    assert found == SUMS
    items = desk.rows("report", "time", "--month", month.MONTH, "--items", "--company", "duna")
    assert [item["over"] for item in items] == OVER


def test_every_minute_of_the_mail_is_one_of_the_command_line(desk: SimulatedDesk) -> None:
    sent = month.mail_of_the_month(desk)
    assert sent.at.astimezone(ZoneInfo(ZONE)) == datetime(2027, 4, 1, 8, tzinfo=ZoneInfo(ZONE)), (
        "when the desk opens"
    )
    by_ticket = {
        row["ticket"]: (row["raw_minutes"], row["billed_minutes"], row["over"], row["outside_minutes"])
        for row in desk.rows("report", "time", "--month", month.MONTH)
    }
    enclosed = files(sent)
    told = {
        int(row["Request"]): (
            int(row["Minutes worked"]), int(row["Minutes billed"]), int(row["Minutes beyond prepaid hours"]),
            int(row["Minutes outside the contract"]),
        )
        for row in table(enclosed["time.csv"])
    }  # fmt: skip
    assert told == by_ticket
    items = table(enclosed["items.csv"])
    for row in items:
        ticket = by_ticket[int(row["Request"])]
        by_ticket[int(row["Request"])] = (
            ticket[0] - int(row["Minutes worked"]), ticket[1] - int(row["Minutes billed"]),
            ticket[2] - int(row["Minutes beyond prepaid hours"]),
            ticket[3] - int(row["Minutes billed"]) * int(row["Outside the contract"]),
        )  # fmt: skip
    assert set(by_ticket.values()) == {(0, 0, 0, 0)}
    raw, billed, over, outside = (sum(sums[i] for sums in SUMS.values()) for i in range(4))
    assert (raw, billed, over, outside) == (950, 960, 45, 120)
    lines = {tuple(line.split()[-2:]): line.strip() for line in sent.text.splitlines() if ":" in line}
    # of February: 35, 50, 100, 20, 65 -> 45, 60, 105, 30, 75
    for figures, name in {
        ("15:50", "4:30"): "Time worked", ("16:00", "5:15"): "Time billed", ("0:45", "0:00"): "of it beyond",
        ("2:00", "0:00"): "of it outside", ("0:25", "0:00"): "Not billed, as a courtesy",
        ("0:30", "0:00"): "Not billed, our own fault",
    }.items():  # fmt: skip
        assert lines[figures].startswith(name), figures


def test_things_to_look_at_are_the_broken_promise_and_the_hours_beyond(desk: SimulatedDesk) -> None:
    text = " ".join(month.mail_of_the_month(desk).text.split())
    assert "1 of 20 (" in text
    assert "#1015 (North Sea Webshops Ltd), 4 hours 10 minutes late" in text
    assert "Duna Nyomda Kft.: 45 minutes beyond the prepaid hours." in text
    assert text.count(" - ") == 3


def test_customers_billing_contact_reads_their_own_month_in_their_language(desk: SimulatedDesk) -> None:
    sent = month.mail_of_the_month(desk, month.BILLS)
    assert sent.language == "hu"
    rows = table(files(sent)["time.csv"])
    assert sum(int(row["Számlázott perc"]) for row in rows) == SUMS["duna"][1]
    assert {row["Számlázott óra"] for row in rows} == {"1", "1,25", "1,75", "0,75"}
    whole = sent.raw.decode("utf-8", "replace") + sent.text
    assert not any(name in whole for name in ("Zorgcampus", "North Sea", "Modehuis"))
    marks = [one.to for one in desk.posted if one.notice == "prepaid_hours"]
    assert (month.BILLS,) in marks


def test_hours_that_were_left_in_february_carry_on(desk: SimulatedDesk) -> None:
    hours = desk.rows("company", "show", "vandam")[0]["hours"]
    # April, on its first day: 120 of its own; of February's 60 and March's 120, 135 were used
    assert (hours["included_minutes"], hours["carried_minutes"], hours["used_minutes"]) == (120, 45, 0)
