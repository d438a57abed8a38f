"""Reports that come by mail and prepaid hours, through the public face: figures that add up, once, in the reader's words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from maild.demo.simulated import Posted, SimulatedDesk
from tests.scenarios.test_contracts import LIZ, write

pytestmark = pytest.mark.slow

REPORTS = """
[teams.L1]
lead = "kata"
[[report]]
name = "month"
kinds = ["time", "sla", "volume", "backlog"]
to = ["boss@desk.example", "kata@desk.example"]
[[report]]
name = "theirs"
company = "isle"
kinds = ["time", "sla"]
[[report]]
name = "weekly"
every = "week"
kinds = ["volume"]
to = ["boss@desk.example"]
"""
with_reports = pytest.mark.parametrize("desk", [REPORTS], indirect=True)
BROKEN = "The printer in room 12 does not work since yesterday."


def files(posted: Posted) -> dict[str, str]:
    """The CSV files of a mail."""
    found = {}
    for part in posted.mail.iter_attachments():
        content = part.get_content()
        if part.get_content_type() == "text/csv":
            text = content if isinstance(content, str) else content.decode("utf-8")
            found[str(part.get_filename())] = text.removeprefix("\ufeff")
    return found


def table(text: str) -> list[dict[str, str]]:
    head = text.splitlines()[0]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ","))


def of(desk: SimulatedDesk, notice: str) -> list[Posted]:
    return [one for one in desk.posted if one.notice == notice]


def worked(desk: SimulatedDesk) -> int:
    """Time of two customers in November; the first one's ticket."""
    number = write(desk, LIZ, "Printer", BROKEN)
    other = write(desk, "anna@acme.example", "Nyomtató", "Nem megy a nyomtató a 12-es szobában tegnap óta.")
    desk.act("kata", "log", str(number), "1h25", "-m", "cable; driver")
    desk.act("kata", "log", str(number), "20m", "--courtesy", "-m", "=coffee")
    desk.act("kata", "log", str(other), "7m", "-m", "telefon")
    desk.act("kata", "reply", str(number), "-m", "We look into it.")
    return number


@with_reports
def test_report_comes_on_the_first_working_day_once_and_adds_up(desk: SimulatedDesk) -> None:
    worked(desk)
    rows = desk.rows("report", "time", "--month", "2026-11")
    # the last of November is a Monday; December begins on Tuesday, the desk opens at eight
    desk.advance(datetime(2026, 12, 1, 6, 59, tzinfo=UTC))
    desk.settle()
    assert not [one for one in of(desk, "report") if one.data["period"] == "2026-11"]
    desk.advance(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    desk.settle()
    desk.settle()
    desk.advance(datetime(2026, 12, 2, 9, tzinfo=UTC))
    desk.settle()
    (sent,) = [
        one for one in of(desk, "report") if one.data["period"] == "2026-11" and not one.data.get("customer")
    ]
    assert sent.to == ("boss@desk.example", "kata@desk.example")
    assert sent.mail["Subject"] == "Report for November 2026"
    assert sent.mail["Auto-Submitted"] == "auto-generated"
    minutes = {row["ticket"]: (row["raw_minutes"], row["billed_minutes"]) for row in rows}
    for name in ("time.csv", "items.csv"):
        told: dict[int, tuple[int, int]] = {}
        for row in table(files(sent)[name]):
            raw, billed = told.get(int(row["Request"]), (0, 0))
            told[int(row["Request"])] = (
                raw + int(row["Minutes worked"]),
                billed + int(row["Minutes billed"]),
            )
            assert round(float(row["Hours billed"]) * 60) == int(row["Minutes billed"])
        assert told == minutes, name
    assert sum(billed for _, billed in minutes.values()) == 105
    assert "1:45" in sent.text, "the billed time of all"
    assert "1:52" in sent.text, "the time that was worked"
    pictures = [part for part in sent.mail.walk() if part.get_content_type() == "image/png"]
    html = sent.mail.get_body(("html",))
    assert html is not None
    assert len(pictures) == 2
    for picture in pictures:
        assert f"cid:{str(picture['Content-ID']).strip('<>')}" in html.get_content()
        assert picture.get_content().startswith(b"\x89PNG")


@with_reports
def test_report_of_a_company_goes_to_its_billing_contacts_about_it_alone(desk: SimulatedDesk) -> None:
    number = worked(desk)
    assert "billing" in desk.refused("kata", "report", "send", "theirs")
    desk.maild("contact", "add", "bills@isle.example", "--company", "isle", "--name", "Bill", "--role", "billing",
               "--language", "hu")  # fmt: skip
    desk.act("kata", "report", "send", "theirs", "--month", "2026-11")
    (sent,) = of(desk, "report")
    assert (sent.to, sent.language) == (("bills@isle.example",), "hu")
    assert "november" in str(sent.mail["Subject"])
    raw = sent.raw.decode("utf-8", "replace") + sent.text + "".join(files(sent).values())
    assert "acme" not in raw.casefold()
    (one,) = table(files(sent)["time.csv"])
    assert (one["Bejelentés"], one["Számlázott óra"], one["Ledolgozott perc"]) == (str(number), "1,5", "105")
    assert "'=coffee" in files(sent)["items.csv"], "no cell is a formula"


@with_reports
def test_report_over_no_data_says_so_and_a_new_desk_is_sent_none(desk: SimulatedDesk) -> None:
    desk.act("kata", "report", "send", "month", "--month", "2025-02", "--to", "me@desk.example")
    (sent,) = of(desk, "report")
    assert sent.to == ("me@desk.example",)
    assert "Nothing needs your attention." in sent.text
    desk.advance(datetime(2026, 12, 1, 9, tzinfo=UTC))
    desk.settle()
    assert len(of(desk, "report")) == 1


@with_reports
def test_wrong_names_months_and_addresses_are_refused(desk: SimulatedDesk) -> None:
    assert "month, theirs, weekly" in desk.refused("kata", "report", "send", "yearly")
    for month in ("2026-13", "x", "2026-W60"):
        assert "2026-11" in desk.refused("kata", "report", "send", "month", "--month", month)
    assert "has not begun" in desk.refused("kata", "report", "send", "month", "--month", "2027-01")
    assert "is not an address" in desk.refused("kata", "report", "send", "month", "--to", "nobody")
    assert "2026. hét" not in desk.maild("report", "send", "weekly", "--dry-run")
    assert not of(desk, "report")


@with_reports
def test_three_things_to_look_at_name_what_is_wrong(desk: SimulatedDesk) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "1")
    number = worked(desk)
    desk.advance(desk.now() + timedelta(days=40))
    desk.act("kata", "report", "send", "month", "--month", "2026-11")
    (text,) = [
        " ".join(one.text.split()) for one in of(desk, "report")
        if one.data["period"] == "2026-11" and one.at == desk.now()
    ]  # fmt: skip
    assert f"#{number + 1} (Acme Kft.)" in text, "the one that nobody answered"
    assert "Isle Ltd: 30 minutes beyond the prepaid hours." in text
    assert "more than 30 days" in text


@with_reports
def test_marks_of_prepaid_hours_are_told_once_each_to_lead_and_billing_contacts(desk: SimulatedDesk) -> None:
    desk.maild(
        "contact", "add", "bills@isle.example", "--company", "isle", "--name", "Bill", "--role", "billing"
    )
    desk.maild("contract", "edit", "isle", "--hours-included", "2", "--hours-in-mail")
    number = str(write(desk, LIZ, "Printer", BROKEN))

    def told() -> list[tuple[str, ...]]:
        return [one.to for one in of(desk, "prepaid_hours")]

    desk.act("kata", "log", number, "1h30", "-m", "cable")
    assert told() == [], "75 percent"
    desk.act("kata", "log", number, "10m", "-m", "driver")
    assert told() == [("bills@isle.example",), ("kata@desk.example",)]
    customer, lead = of(desk, "prepaid_hours")
    assert "87% of your prepaid hours are used" in customer.text
    assert "Isle Ltd: 87%" in str(lead.mail["Subject"])
    desk.act("kata", "log", number, "1m", "--courtesy", "-m", "free")
    assert len(told()) == 2
    desk.act("kata", "log", number, "1h", "-m", "more")
    assert len(told()) == 4
    assert "45 minutes are beyond" in of(desk, "prepaid_hours")[2].text
    # a correction gives back, and the mark can be reached anew
    last = desk.show(int(number))["time"]["entries"][-1]["id"]
    desk.act("kata", "log", number, "1m", "--correct", str(last), "-m", "typo")
    assert len(told()) == 4
    desk.act("kata", "done", number, "5m", "-m", "Done.")
    closing = of(desk, "closed")[-1]
    assert "2 hours 15 minutes of 2 hours used, 15 minutes beyond them." in " ".join(closing.text.split())
    assert closing.to == ("liz@isle.example",)


def test_work_outside_of_the_contract_stands_apart_and_corrections_follow_their_entry(
    desk: SimulatedDesk,
) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "2")
    number = str(write(desk, LIZ, "Printer", BROKEN))
    desk.act("kata", "log", number, "1h", "-m", "within")
    desk.act("kata", "cost", "send", number, "--estimate", "20h")  # it is outside of the contract from now on
    desk.act("kata", "log", number, "5h", "-m", "a new printer set up")
    first, apart = (e["id"] for e in desk.show(int(number))["time"]["entries"])

    def account() -> tuple[int, int, int]:
        hours = desk.rows("company", "show", "isle")[0]["hours"]
        (row,) = desk.rows("report", "time", "--company", "isle")
        return hours["used_minutes"], row["outside_minutes"], row["billed_minutes"]

    assert account() == (60, 300, 360)
    assert not of(desk, "prepaid_hours")
    assert "5:00 outside the contract" in desk.maild("report", "time")
    items = desk.rows("report", "time", "--items", "--company", "isle")
    assert [(i["billed_minutes"], i["outside"], i["over"]) for i in items] == [(60, False, 0), (300, True, 0)]
    # what was logged before stays as it was; a correction gives back where its entry took
    desk.act("kata", "log", number, "2h", "--correct", str(first), "-m", "outside, too")
    assert account() == (0, 420, 420)
    desk.act("kata", "undo", number)
    assert account() == (60, 300, 360)
    desk.act("kata", "log", number, "4h", "--correct", str(apart), "-m", "an hour less")
    assert account() == (60, 240, 300)
    assert "taken back already" in desk.refused(
        "kata", "log", number, "1h", "--correct", str(apart), "-m", "again"
    )
    taken = max(e["id"] for e in desk.show(int(number))["time"]["entries"] if e["raw_minutes"] < 0)
    assert "itself" in desk.refused("kata", "log", number, "1h", "--correct", str(taken), "-m", "again")


@with_reports
def test_what_is_outside_of_the_contract_stands_in_the_report_and_its_files(desk: SimulatedDesk) -> None:
    number = str(write(desk, LIZ, "Printer", BROKEN))
    desk.act("kata", "cost", "send", number, "--estimate", "2h")
    desk.act("kata", "log", number, "1h", "-m", "moved it")
    desk.act("kata", "report", "send", "month", "--month", "2026-11")
    sent = of(desk, "report")[0]
    assert "of it outside the contract" in sent.text
    assert [row["Minutes outside the contract"] for row in table(files(sent)["time.csv"])] == ["60"]
    assert [row["Outside the contract"] for row in table(files(sent)["items.csv"])] == ["1"]


def test_closing_mail_is_silent_where_the_contract_does_not_say_so(desk: SimulatedDesk) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "2")
    number = str(write(desk, LIZ, "Printer", BROKEN))
    desk.act("kata", "done", number, "5m", "-m", "Done.")
    assert "repaid" not in of(desk, "closed")[-1].text


def test_answer_that_closes_tells_the_account_once_as_the_closing_mail_does(desk: SimulatedDesk) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "2", "--hours-in-mail")
    number = str(write(desk, LIZ, "Printer", BROKEN))
    desk.act("kata", "log", number, "20m", "-m", "looked")
    desk.act("kata", "reply", number, "-m", "I am on it.")
    desk.act("kata", "reply", number, "-m", "It prints again.", "--phase", "closed", "--log", "20m")
    desk.act("kata", "reply", number, "-m", "One more word.")
    told = [
        "1 hour of 2 hours used, 1 hour left" in " ".join(mail.text.split()) for mail in of(desk, "reply")
    ]
    assert told == [False, True, False]


def test_hours_of_a_contract_are_checked(desk: SimulatedDesk) -> None:
    for wrong in ("-1", "x", "1.001", "1e9", "nan"):
        assert "hours" in desk.refused("kata", "contract", "edit", "isle", f"--hours-included={wrong}")
    assert "fortnight" in desk.refused("kata", "contract", "edit", "isle", "--hours-period", "fortnight")
    desk.maild("contract", "edit", "isle", "--hours-included", "2.5", "--hours-period", "quarter", "--carry")
    (row,) = desk.rows("contract", "show", "isle")
    assert (row["hours_included"], row["hours_period"], row["carry"]) == (2.5, "quarter", True)


def test_hours_of_a_contract_come_from_files_too(desk: SimulatedDesk) -> None:
    toml = desk.folder / "hours.toml"
    toml.write_text('[[company]]\nkey = "isle"\nhours_included = 2\nhours_period = "month"\ncarry = true\n')
    desk.maild("company", "import", str(toml))
    shown = desk.rows("company", "show", "isle")[0]
    assert (shown["hours_included"], shown["carry"], shown["hours"]["left_minutes"]) == (2, True, 120)
    assert desk.rows("company", "import", str(toml))[0]["changes"] == []
    sheet = desk.folder / "hours.csv"
    sheet.write_text("company;hours_included;hours_period;carry\nisle;1,5;year;no\n")
    desk.maild("company", "import", str(sheet))
    shown = desk.rows("company", "show", "isle")[0]
    assert (shown["hours_included"], shown["hours_period"], shown["carry"]) == (1.5, "year", False)
    sheet.write_text("company;hours_included;carry\nisle;much;perhaps\n")
    refused = desk.refused("kata", "company", "import", str(sheet))
    assert "line 2" in refused
    assert "much" in refused
    assert "perhaps" in refused


def test_example_of_a_company_file_can_be_imported(desk: SimulatedDesk) -> None:
    file = desk.folder / "example.csv"
    file.write_text(
        desk.maild("company", "import", "--example").replace("acme", "brand-new"), encoding="utf-8"
    )
    desk.maild("company", "import", str(file))
    shown = desk.rows("company", "show", "brand-new")[0]
    assert (shown["hours_included"], len(shown["contacts"])) == (2, 2)
