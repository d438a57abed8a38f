"""Public holidays: who has them, by which names, and the weekend days that are worked for others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from maild.errors import Refused
from maild.settings import CalendarSettings
from maild.ticket import public_holidays
from maild.ticket.calendars import build
from maild.ticket.public_holidays import _swaps as swaps_of
from maild.ticket.public_holidays import check_holidays, holidays_of


class _Country:
    """What the library says of a country, as far as it is asked."""

    def __init__(self, workdays: set[date], table: dict[int, Any]) -> None:
        self.weekend_workdays = workdays
        self.special_public_holidays = table


def test_a_worked_weekend_day_has_the_hours_of_the_day_that_it_stands_for_else_of_its_friday() -> None:
    one, two = date(2026, 1, 10), date(2026, 8, 8)
    table = {2026: ((1, 2, 1, 10), (8, 21, 8, 8, 2026), (12, 24, "not a swap"), (1, 2, "no", 10))}
    assert swaps_of(_Country({one, two}, table), 2026) == {one: date(2026, 1, 2), two: date(2026, 8, 21)}
    assert swaps_of(_Country({one}, {2026: (1, 2, 1, 10)}), 2026) == {one: date(2026, 1, 2)}
    across = {2025: ((12, 31, 1, 10, 2026),)}
    assert swaps_of(_Country({one}, across), 2026) == {one: date(2025, 12, 31)}
    assert swaps_of(_Country({one, date(2027, 1, 9)}, {}), 2026) == {one: date(2026, 1, 9)}
    sunday = date(2026, 1, 11)
    assert swaps_of(_Country({sunday}, {2026: ()}), 2026) == {sunday: date(2026, 1, 9)}


def test_holidays_of_a_country_that_nobody_knows_are_refused() -> None:
    with pytest.raises(Refused, match="holidays of 'XX' are not known"):
        holidays_of("XX", 2026)
    with pytest.raises(Refused, match="HU has no region 'ZZ' with own holidays; there are: none"):
        holidays_of("HU-ZZ", 2026)
    with pytest.raises(Refused, match=r"write a country like HU, NL or DE-BY \(HK, .*HU"):
        check_holidays("HX")
    assert holidays_of("", 2026).names == {}
    check_holidays("UK")  # as people write it
    check_holidays("DE-BY")


@pytest.mark.parametrize(
    ("ours", "theirs", "pairs"),
    [
        (["a", "b"], ["A1"], [{"a", "a1"}, {"b"}]),
        (["a"], ["A1", "B1"], [{"a", "a1"}, {"b1"}]),
        (["b", "a"], ["A1", "B1"], [{"b", "b1"}, {"a", "a1"}]),
        (["x"], ["Y"], [{"x", "y"}]),
        (["a", "x"], ["A1", "Y"], [{"a", "a1"}, {"x", "y"}]),
        (["x", "z"], [], [{"x", "z"}]),
    ],
)  # fmt: skip
def test_a_days_holidays_go_together_by_translation_and_what_is_left_is_one(
    ours: list[str], theirs: list[str], pairs: list[set[str]]
) -> None:
    english = {"a": "A1", "b": "B1"}
    assert [
        set(one) for one in public_holidays._paired(ours, theirs, lambda name: english.get(name, name))
    ] == pairs


def test_no_holidays_are_no_mistake_and_a_region_has_its_own() -> None:
    check_holidays("")
    epiphany = date(2026, 1, 6)
    assert epiphany in holidays_of("DE-BY", 2026).names
    assert epiphany not in holidays_of("DE", 2026).names


@pytest.mark.parametrize(
    ("code", "day", "pairs"),
    [
        # each language is sorted by itself: "Giorno ...", "Ognissanti" beside "All Saints' ...", "National ..."
        ("IT", date(2026, 11, 1), [
            {"ognissanti", "all saints' day"}, {"giorno dell'unita nazionale", "national unity day"},
        ]),
        ("RO", date(2026, 6, 1), [{"rusaliile", "pentecost"}, {"ziua copilului", "children's day"}]),
        # the one that is only observed has no translation of its own, and is what is left
        ("BA-SRP", date(2027, 5, 3), [
            {"uskrsni ponedjeljak (pravoslavni)", "orthodox easter monday"},
            {"medunarodni praznik rada (slobodan dan)", "international labor day (observed)"},
        ]),
        # two that are only observed: nothing says which is which
        ("CO", date(2025, 6, 30), [{
            "sagrado corazon (observado)", "san pedro y san pablo (observado)",
            "sacred heart (observed)", "saint peter and saint paul's day (observed)",
        }]),
    ],
)  # fmt: skip
def test_each_of_two_holidays_of_one_day_has_its_own_names_in_both_languages(
    code: str, day: date, pairs: list[set[str]]
) -> None:
    found = holidays_of(code, day.year).names[day]
    assert {name.replace("đ", "d") for one in found for name in one} == {n for one in pairs for n in one}
    assert sorted(sorted(n.replace("đ", "d") for n in one) for one in found) == sorted(map(sorted, pairs))


def test_a_holiday_that_is_worked_leaves_the_other_of_its_day() -> None:
    sunday = date(2026, 11, 1)
    week = (((480, 1020),),) * 7
    for removed in (("All Saints' Day",), ("Ognissanti",), ("National Unity Day",)):
        kept = build(CalendarSettings("it", week=week, holidays="IT", holidays_removed=removed))
        assert kept.windows(sunday) == ()
    both = build(
        CalendarSettings(
            "it", week=week, holidays="IT", holidays_removed=("Ognissanti", "National Unity Day")
        )
    )
    assert both.windows(sunday) == ((480, 1020),)


def test_holidays_that_are_one_in_the_other_language_are_told_apart_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(holidays_of("CZ", 2026).names[date(2026, 1, 1)]) == 2
    day = date(2026, 5, 1)

    class Listed(dict[date, str]):
        weekend_workdays: frozenset[date] = frozenset()

        def get_list(self, day: date) -> list[str]:
            return self[day].split("; ")

        def tr(self, name: str) -> str:
            return name

    both = (Listed({day: "Majális; Húsvét"}), Listed({day: "Labour Day and Easter"}))
    monkeypatch.setattr(public_holidays, "_in_languages", lambda *_: both)
    names = public_holidays.holidays_of.__wrapped__("HU", 2026).names
    assert names[day] == (frozenset({"majalis", "husvet", "labour day and easter"}),)
