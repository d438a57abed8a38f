"""A configuration error names the key, its line, what is wrong and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild import config
from maild.errors import ConfigError
from maild.secret import every_secret, revealed
from maild.settings import Settings
from tests.cases import cases

DESK = '[desk]\naddress = "help@desk.example"\n'


def parse(text: str, env: dict[str, str] | None = None, base: Path = Path("/etc/maild")) -> Settings:
    return config.parse(text, base=base, env=env or {})


def test_shipped_configuration_is_the_default() -> None:
    shipped = parse(config.shipped_path().read_text(encoding="utf-8"))
    bare = parse("")
    assert shipped == bare


def test_empty_configuration_has_the_built_in_calendars_and_level() -> None:
    found = parse("")
    assert set(found.calendars) == {"office", "always"}
    assert found.calendars["office"].week[0] == ((480, 1020),)
    assert found.calendars["office"].week[5] == ()
    assert found.service_levels["standard"].respond_hours == {
        "user": 8.0,
        "system": 4.0,
        "infrastructure": 2.0,
    }


@cases(
    ("text", "words"),
    [
        ("[desk]\nadress = 'x@y.example'\n", ["[desk] adress (line 2)", "unknown key", "did you mean address?"]),
        ("[dezk]\n", ["dezk", "did you mean desk?"]),
        ("[desk]\nlanguage = 'pl'\n", ["[desk] language (line 2)", "'pl'", "en, nl, hu, de, fr"]),
        ("[desk]\ntimezone = 'Europe/Budapst'\n", ["timezone", "not a time zone", "Europe/Budapest"]),
        ("[desk]\naddress = 'nobody'\n", ["[desk] address", "not a mail address"]),
        ("[time]\nquantum_minutes = 0\n", ["quantum_minutes", "above zero"]),
        ("[time]\nquantum_minutes = 'x'\n", ["quantum_minutes", "whole number"]),
        ("[time]\nquantum_minutes = 1.5\n", ["quantum_minutes", "whole number"]),
        ("[retention]\nmails_days = 365001\n", ["[retention] mails_days (line 2)", "too large", "at most 365000"]),
        ("[retention]\nmails_days = inf\n", ["mails_days", "too large"]),
        ("[retention]\nmails_days = nan\n", ["mails_days", "not a number"]),
        ("[approval]\nexpires_days = inf\n", ["expires_days", "too large"]),
        ("[smtp]\nmax_bytes = 1e300\n", ["max_bytes", "too large"]),
        ("[service_levels.gold]\nrespond_hours = { user = 1e9 }\n", ["respond_hours", "too large"]),
        ("[time]\nrounding = 'sideways'\n", ["rounding", "up, nearest, down"]),
        ("[authentication]\nverify_dkim = 'yes'\n", ["verify_dkim", "true or false"]),
        ("[guards]\nopen_for = 'x@y.example'\n", ["open_for", "not a list"]),
        ("[smtp]\nlisten = '2525'\n", ["[smtp] listen", "127.0.0.1:2525"]),
        ("[smtp]\ntrusted_relays = []\n", ["trusted_relays", "not a table"]),
        ("[threading]\nsubject_tag = '#'\n", ["subject_tag", "{number}"]),
        ("[threading]\nrules = ['magic']\n", ["rules", "'magic'", "subject_tag"]),
        ("[database]\nurl = 'mysql://x'\n", ["url", "postgresql://"]),
        ("[delivery]\nkind = 'fax'\n", ["kind", "maildir, smtp"]),
        ("[delivery]\npassword = 'secret'\n", ["password", "does not stand", "password_file or password_env"]),
        ("[[imap]]\nhost = 'x'\n", ["[imap] name", "missing"]),
        ("[[imap]]\nname = 'a'\ndone = 'burn'\n", ["done", "move:FOLDER"]),
        ("[[imap]]\nname = 'a'\n[[imap]]\nname = 'a'\n", ["two mailboxes", "'a'"]),
        ("[imap]\nname = 'a'\n", ["[[imap]]"]),
        ("[calendars.office]\nmonday = ['8-17']\n", ["[calendars.office] monday (line 2)", "08:00-17:00"]),
        ("[calendars.office]\nmonday = ['17:00-08:00']\n", ["monday", "end after the start"]),
        ("[calendars.office]\nmonday = ['20:00-08:01']\n", ["monday (line 2)", "over 12 hours", '"20:00-24:00" here']),
        ("[calendars.office]\nmonday = ['08:00-08:00']\n", ["monday", "not a range of hours"]),
        ("[calendars.office]\nmonday = ['24:00-02:00']\n", ["monday", "not a range of hours"]),
        ("[calendars.office]\nmonday = ['22:00-24:01']\n", ["monday", "not a range of hours"]),
        ("[calendars.office]\nmonday = ['08:00-12:00', '11:00-13:00']\n", ["monday", "overlap"]),
        ("[calendars.office]\nmonday = ['23:00-23:30', '22:00-02:00']\n", ["monday", "overlap"]),
        ("[calendars.office]\nclosed = ['24-12-2026']\n", ["closed", "2026-12-24"]),
        ("[calendars.office]\nclosed = ['2026-02-30']\n", ["closed", "not a date"]),
        ("[calendars.office]\nholidays = 'XX'\n", ["holidays", "'XX'"]),
        ("[calendars.office]\nholidays = 'DE-XX'\n", ["holidays", "'XX'", "BY"]),
        ("[calendars.office]\nmonnday = []\n", ["monnday", "did you mean monday?"]),
        ("[service_levels.gold]\nrespond_hours = { users = 1 }\n", ["users", "did you mean user?"]),
        ("[service_levels.gold]\noncall_calendar = 'night'\n", ["oncall_calendar", "night", "office"]),
        ("[[agent]]\nname = 'a'\n[[agent]]\nname = 'a'\n", ["two agents"]),
        ("[[agent]]\nname = 'Nagy Kata'\n", ["[agent] name (line 2)", "one word", "full_name"]),
        ("[[agent]]\nname = '-rf'\n", ["[agent] name", "one word"]),
        ("[[agent]]\nname = 'l1'\nteams = ['L1']\n", ["[agent] name", "is a team"]),
        ("[[agent]]\nname = 'a'\naddress = 'kata'\n", ["[agent] address", "not a mail address"]),
        ("[[agent]]\nname = 'a'\naddress = 'Help@desk.example'\n", ["[agent] address", "the desk itself"]),
        (
            "[[agent]]\nname = 'a'\naddress = 'x@d.example'\n[[agent]]\nname = 'b'\naddress = 'X@d.example'\n",
            ["[agent] address", "belongs to a already"],
        ),
        ("[[agent]]\nname = 'a'\nnotices = ['news']\n", ["[agent] notices", "'news'", "new, reply, assigned"]),
        ("[agent_mail]\nrequire = 'spf'\n", ["[agent_mail] require", "dmarc, token, off"]),
        ("[agent_mail]\ndigest = '7h'\n", ["[agent_mail] digest (line 2)", "07:30"]),
        ("[agent_mail]\nwindow_minutes = -1\n", ["[agent_mail] window_minutes", "too small"]),
        ("[teams.L1]\naddress = 'help@desk.example'\n", ["[teams.L1] address", "desk's own"]),
        ("[teams.L1]\noncall = [{from='2026-11-02',to='2026-11-08',agent='x'}]\n", ["oncall", "no agent 'x'"]),
        ("[teams.L1]\nlead = 'nobody'\n", ["lead", "nobody"]),
        ("[[keywords]]\nkind = 'magic'\nwords = ['x']\n", ["kind", "'magic'", "permission"]),
        ("[desk]\nname = \"a\\u0000b\"\n", ["name", "control character"]),
        ("[desk\n", ["config.toml", "fix the TOML"]),
    ],
)  # fmt: skip
def test_bad_configuration_names_key_and_remedy(text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as error:
        parse(text)
    for word in words:
        assert word in str(error.value), str(error.value)


def test_hours_may_end_on_the_next_day() -> None:
    week = (
        parse(
            "[calendars.night]\nmonday = ['22:00-02:00', '08:00-12:00']\n"
            "friday = ['20:00-00:00']\nsunday = ['20:00-08:00']\n"
        )
        .calendars["night"]
        .week
    )
    assert week[0] == ((480, 720), (1320, 120))
    assert week[4] == ((1200, 1440),)
    assert week[6] == ((1200, 480),)


def test_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="maild init"):
        config.load(tmp_path / "none.toml", {})


def test_environment_names_the_file_and_overrides_one_key(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text(DESK, encoding="utf-8")
    env = {"MAILD_CONFIG": str(file), "MAILD_SMTP__LISTEN": "0.0.0.0:25", "MAILD_TIME__QUANTUM_MINUTES": "6",
           "MAILD_DESK__ALIASES": '["a@desk.example"]', "MAILD_AUTHENTICATION__VERIFY_DKIM": "false",
           "MAILD_AGENT": "kata"}  # fmt: skip
    found = config.load(None, env)
    assert found.smtp.listen == "0.0.0.0:25"
    assert found.time.quantum_minutes == 6
    assert found.desk.aliases == ("a@desk.example",)
    assert found.authentication.verify_dkim is False
    assert found.base == tmp_path


def test_override_of_an_unknown_table_or_key_is_an_error() -> None:
    with pytest.raises(ConfigError, match="MAILD_DEZK__NAME"):
        parse("", {"MAILD_DEZK__NAME": "x"})
    with pytest.raises(ConfigError, match="unknown key"):
        parse("", {"MAILD_DESK__NAMES": "x"})


def test_secrets_come_from_files_and_environment(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("s3cret\n", encoding="utf-8")
    text = "[delivery]\npassword_file = 'pw'\n[[imap]]\nname = 'a'\npassword_env = 'PW'\n"
    found = parse(text, {"PW": "other"}, tmp_path)
    assert found.delivery.password.read() == "s3cret"
    assert found.imap[0].password.read() == "other"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("password_env = 'NOT_SET'", ["[delivery] password_env (line 2)", "NOT_SET", "password_file"]),
        ("password_file = 'nowhere'", ["[delivery] password_file (line 2)", "cannot read nowhere"]),
        ("password_file = 'binary'", ["[delivery] password_file (line 2)", "cannot read binary", "not text"]),
    ],
)
def test_missing_secret_is_told_to_what_needs_it_and_hinders_nothing_else(
    text: str, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    found = parse(f"[delivery]\n{text}\n", base=tmp_path)
    assert found.desk.name
    (secret,) = [s for s in every_secret(found) if s]
    with pytest.raises(ConfigError) as error:
        secret.read()
    for word in words:
        assert word in str(error.value), str(error.value)


def test_replaced_secret_file_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("old")
    found = parse("[delivery]\npassword_file = 'pw'\n", base=tmp_path)
    assert found.delivery.password.read() == "old"
    (tmp_path / "pw").write_text("new")
    assert found.delivery.password.read() == "new"


def test_oauth_needs_a_known_provider(tmp_path: Path) -> None:
    text = "[[imap]]\nname = 'a'\n[imap.oauth]\nprovider = 'yahoo'\n"
    with pytest.raises(ConfigError, match="microsoft, google"):
        parse(text)
    text = (
        "[[imap]]\nname = 'a'\n[imap.oauth]\nprovider = 'google'\nclient_id = 'x'\nclient_secret_env = 'S'\n"
    )
    assert revealed(parse(text, {"S": "t"}).imap[0].oauth) == {
        "provider": "google",
        "client_id": "x",
        "client_secret": "t",
    }


def test_own_calendar_overrides_the_built_in_one() -> None:
    found = parse("[calendars.office]\nmonday = ['09:00-24:00']\nopen = {'2026-12-12' = ['08:00-12:00']}\n")
    office = found.calendars["office"]
    assert office.week == (((540, 1440),), (), (), (), (), (), ())
    assert office.open == {"2026-12-12": ((480, 720),)}


def test_relative_paths_are_relative_to_the_file() -> None:
    found = parse(DESK, base=Path("/etc/maild"))
    assert found.path("var/outbox") == Path("/etc/maild/var/outbox")
    assert found.path("/srv/x") == Path("/srv/x")


def test_wrong_override_names_the_variable_and_no_line() -> None:
    with pytest.raises(ConfigError) as error:
        parse("[desk]\nlanguage = 'en'\n", {"MAILD_DESK__LANGUAGE": "xx"})
    assert str(error.value).startswith("MAILD_DESK__LANGUAGE in the environment: 'xx' is not known")


def test_desk_without_a_name_is_an_error() -> None:
    with pytest.raises(ConfigError, match="name"):
        parse("[desk]\nname = ' '\n")
