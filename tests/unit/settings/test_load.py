import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.domain.budget import CallLimits
from engine.errors import SettingsFault
from engine.fares.pacing import Pace
from engine.settings import Settings
from engine.web.listening import Bind

CANARY = "canary-3f9a"
AMADEUS = {"AMADEUS_CLIENT_ID": "id", "AMADEUS_CLIENT_SECRET": CANARY}
KEYS = {"PHONE_KEYS": "Q" * 43 + "=", "PHONE_HASH_KEY": "R" * 43 + "="}
TWILIO = {"TWILIO_SID": "AC123", "TWILIO_AUTH_TOKEN": CANARY, "FROM_NUMBER": "+15005550006"}


def load(**environ: str) -> Settings:
    return Settings.load(env_file=None, environ=environ)


def faults(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsFault) as caught:
        load(**environ)
    return caught.value.faults


def test_nothing_set_is_enough_to_start() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///data/fares.db"
    assert settings.check_interval == timedelta(minutes=15)
    assert settings.concurrency == 100
    assert settings.amadeus_rate == Pace.parse("10/1s")
    assert settings.sms_unknown_wait == timedelta(seconds=45)
    assert settings.max_watches_per_member == 25
    assert settings.sources == ()


def test_the_unchanged_env_of_the_original_starts(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text(
        "TEQUILA_API_KEY=abc\n"
        "TEQUILA_ENDPOINT=[https://api.tequila.kiwi.com](https://api.tequila.kiwi.com)\n"
        'TWILIO_SID = "AC0123456789abcdef0123456789abcdef"\n'
        "TWILIO_AUTH_TOKEN=token # from the console\n"
        "FROM_NUMBER=+15005550006\n"
        "TO_NUMBER=+49 1511 2345678\n"
    )
    settings = Settings.load(env_file=env, environ={})
    assert settings.tequila_endpoint == "https://api.tequila.kiwi.com"
    assert settings.to_number == "+4915112345678"
    assert settings.can_text
    assert settings.sources == ("tequila",)


def test_the_settings_of_later_versions_are_no_faults() -> None:
    assert load(BACKUP_DIR="/backup").sources == ()


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("HOME_ORIGIN=hyd\nHOME_CURRENCY=inr\n")
    settings = Settings.load(env_file=env, environ={"HOME_ORIGIN": "LON", "HOME_CURRENCY": " "})
    assert (settings.home_origin, settings.home_currency) == ("LON", "INR")


def test_a_missing_env_file_is_no_fault(tmp_path: Path) -> None:
    assert Settings.load(env_file=tmp_path / "none", environ={}).home_origin is None


def test_a_line_that_assigns_nothing_is_a_fault_with_its_number(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text(f"HOME_ORIGIN=HYD\n{CANARY}: x y\n")
    with pytest.raises(SettingsFault) as caught:
        Settings.load(env_file=env, environ={})
    assert caught.value.faults == (".env: line 2 is not of the form NAME=value.",)


def test_a_dollar_sign_in_a_secret_stays(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("DISCORD_TOKEN=a${HOME}b\n")
    token = Settings.load(env_file=env, environ={"HOME": "x"}).discord_token
    assert token is not None
    assert token.get_secret_value() == "a${HOME}b"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("\ufeffHOME_ORIGIN=HYD\r\nHOME_CURRENCY=INR\r\n", encoding="utf-8")
    settings = Settings.load(env_file=env, environ={})
    assert (settings.home_origin, settings.home_currency) == ("HYD", "INR")


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsFault, match="UTF-8"):
        Settings.load(env_file=env, environ={})


@pytest.mark.parametrize("name", Settings.secrets())
def test_a_secret_may_come_from_a_file(name: str, tmp_path: Path) -> None:
    plain = {
        **AMADEUS,
        **TWILIO,
        **KEYS,
        "TO_NUMBER": "+15005550006",
        "DISCORD_TOKEN": "t",
        "TEQUILA_API_KEY": "k",
        "TRAVELPAYOUTS_TOKEN": "t",
        "DUFFEL_TOKEN": "t",
        "SERPAPI_KEY": "k",
        "IGNAV_API_KEY": "k",
        "GOOGLE_API_KEY": "k",
        "SHEETY_PRICES_ENDPOINT": "https://api.sheety.co/u/flightDeals/prices",
        "SHEETY_TOKEN": "t",
        "APPRISE_URLS": "ntfy://my-topic",
        "SHEETY_USERNAME": "u",
        "SHEETY_PASSWORD": "p",
        "REDIS_URL": "redis://:secret@localhost:6379/0",
    }
    plain["DATABASE_URL"] = "sqlite:////somewhere/else.db"
    file = tmp_path / "secret"
    file.write_text(f"{plain[name]}\n")
    from_file = load(**{k: v for k, v in plain.items() if k != name}, **{f"{name}_FILE": str(file)})
    assert from_file == load(**plain)


def test_a_secret_given_twice_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("t")
    assert "keep one" in faults(DISCORD_TOKEN="t", DISCORD_TOKEN_FILE=str(file))[0]


def test_a_secret_file_that_is_missing_is_one_fault(tmp_path: Path) -> None:
    given = {**TWILIO, "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "none")}
    del given["TWILIO_AUTH_TOKEN"]
    assert [fault.split(":")[0] for fault in faults(**given)] == ["TWILIO_AUTH_TOKEN_FILE"]


def test_all_faults_are_listed_at_once_and_none_repeats_a_value() -> None:
    wrong = {
        "DISCORD_DEV_GUILD_ID": CANARY,
        "DATABASE_URL": f"postgres://u:{CANARY}@h/db",
        "FARE_SOURCES": f"{CANARY},amadeus",
        "FARE_CONFIRM_SOURCES": ",",
        "CHECK_INTERVAL": "15",
        "CONCURRENCY": "0",
        "FETCH_TIMEOUT": "0s",
        "HOME_ORIGIN": "Hyderabad",
        "HOME_CURRENCY": "EURO",
        "AMADEUS_CLIENT_ID": CANARY,
        "AMADEUS_BASE_URL": f"https://api.example.com/v1?key={CANARY}",
        "AMADEUS_RATE": CANARY,
        "AMADEUS_DAILY_BUDGET": "many",
        "TRAVELPAYOUTS_MARKER": "a b",
        "TRAVELPAYOUTS_BASE_URL": f"https://api.example.com/{CANARY}",
        "TRAVELPAYOUTS_RATE": "600",
        "KIWI_BASE_URL": "mcp.kiwi.com",
        "KIWI_RATE": "0/2s",
        "KIWI_MONTHLY_BUDGET": "-1",
        "TEQUILA_ENDPOINT": CANARY,
        "TEQUILA_RATE": CANARY,
        "IGNAV_BASE_URL": f"https://ignav.com/api?{CANARY}",
        "IGNAV_RATE": "2",
        "IGNAV_TOTAL_BUDGET": "a thousand",
        "TWILIO_SID": CANARY,
        "FROM_NUMBER": CANARY,
        "TWILIO_MESSAGING_SERVICE_SID": CANARY,
        "TWILIO_BASE_URL": f"https://u:{CANARY}@host",
        "TO_NUMBER": "1511 2345678",
        "SMS_UNKNOWN_WAIT": "30s",
        "SMS_UNCONFIRMED": "maybe",
        "MAX_WATCHES_PER_MEMBER": "-1",
        "MAX_WATCHES_PER_SERVER": "many",
        "LOG_FORMAT": "xml",
        "LOG_LEVEL": "loud",
    }
    found = faults(**wrong)
    named = {fault.split(":")[0] for fault in found}
    missing = {"AMADEUS_CLIENT_SECRET", "TWILIO_AUTH_TOKEN"}
    assert named == wrong.keys() - {"AMADEUS_CLIENT_ID"} | missing
    assert len(found) == len(named)
    assert all(re.fullmatch(r"[A-Z_]+: .+\.", fault) for fault in found)
    assert CANARY not in "\n".join(found)


def test_what_a_command_requires_is_listed_with_the_other_faults() -> None:
    with pytest.raises(SettingsFault) as caught:
        Settings.load(env_file=None, environ={"LOG_LEVEL": "loud"}, required=["DISCORD_TOKEN"])
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["DISCORD_TOKEN", "LOG_LEVEL"]


def test_a_source_named_without_its_credentials_is_a_fault() -> None:
    assert [fault.split(":")[0] for fault in faults(FARE_SOURCES="amadeus")] == [
        "AMADEUS_CLIENT_ID",
        "AMADEUS_CLIENT_SECRET",
    ]


def test_cached_sources_come_first_and_only_live_ones_confirm() -> None:
    settings = load(**AMADEUS, TRAVELPAYOUTS_TOKEN="t")
    assert settings.sources == ("travelpayouts", "amadeus")
    assert settings.confirm_sources == ("amadeus",)


def test_the_keyless_source_is_asked_only_where_it_is_named() -> None:
    assert load(TRAVELPAYOUTS_TOKEN="t").sources == ("travelpayouts",)
    named = load(TRAVELPAYOUTS_TOKEN="t", FARE_SOURCES="travelpayouts, Kiwi")
    assert (named.sources, named.confirm_sources) == (("travelpayouts", "kiwi"), ("kiwi",))
    confirming = load(TRAVELPAYOUTS_TOKEN="t", FARE_CONFIRM_SOURCES="kiwi")
    assert (confirming.sources, confirming.confirm_sources) == (("travelpayouts",), ("kiwi",))
    assert load(FARE_SOURCES="kiwi").sources == ("kiwi",)


def test_a_cached_source_cannot_be_named_to_confirm() -> None:
    (fault,) = faults(TRAVELPAYOUTS_TOKEN="t", FARE_CONFIRM_SOURCES="travelpayouts")
    assert fault == (
        "FARE_CONFIRM_SOURCES: name 1 is not a live source of this version, which has: "
        "amadeus, tequila, duffel, ignav, serpapi, kiwi."
    )


def test_the_cached_source_needs_its_token() -> None:
    assert [fault.split(":")[0] for fault in faults(FARE_SOURCES="travelpayouts")] == ["TRAVELPAYOUTS_TOKEN"]


def test_only_the_keyless_source_has_a_budget_of_its_own() -> None:
    settings = load()
    assert settings.limits_of("kiwi") == CallLimits(per_day=300)
    assert not settings.limits_of("travelpayouts").any
    assert not settings.limits_of("amadeus").any


def test_what_is_free_for_a_thousand_calls_gets_a_thousand() -> None:
    assert load().limits_of("ignav") == CallLimits(in_total=1000)
    assert load(IGNAV_TOTAL_BUDGET="5000").limits_of("ignav") == CallLimits(in_total=5000)
    assert not load().limits_of("tequila").any


def test_a_legacy_key_stands_behind_amadeus_and_before_what_costs() -> None:
    settings = load(**AMADEUS, IGNAV_API_KEY="k", TEQUILA_API_KEY="k", DUFFEL_TOKEN="duffel_live_t")
    assert settings.sources == settings.confirm_sources == ("amadeus", "tequila", "duffel", "ignav")


def test_budgets_are_read_by_source() -> None:
    settings = load(
        KIWI_DAILY_BUDGET="0", AMADEUS_MONTHLY_BUDGET="2000", AMADEUS_TOTAL_BUDGET="9000", KIWI_RATE="1/5s"
    )
    assert settings.limits_of("kiwi") == CallLimits(per_day=0)
    assert settings.limits_of("amadeus") == CallLimits(per_month=2000, in_total=9000)
    assert settings.kiwi_rate == Pace(1, 5_000)


def test_the_defaults_of_no_source_can_cost_money() -> None:
    live = load(DUFFEL_TOKEN="duffel_live_x", SERPAPI_KEY="k")
    assert live.limits_of("duffel") == CallLimits(per_month=0)
    assert live.limits_of("serpapi") == CallLimits(per_month=250)
    assert live.serpapi_rate == Pace(50, 3_600_000)
    assert load(DUFFEL_TOKEN="duffel_live_x", DUFFEL_DAILY_BUDGET="20").limits_of("duffel") == CallLimits(
        per_day=20
    )


def test_a_source_of_made_up_prices_is_free_stands_last_and_confirms_nothing() -> None:
    test = load(DUFFEL_TOKEN="duffel_test_x", SERPAPI_KEY="k")
    assert not test.limits_of("duffel").any
    assert (test.sources, test.confirm_sources) == (("serpapi", "duffel"), ("serpapi",))
    live = load(DUFFEL_TOKEN="duffel_live_x", SERPAPI_KEY="k")
    assert live.sources == live.confirm_sources == ("duffel", "serpapi")


def test_sources_with_credentials_are_used_and_confirm() -> None:
    settings = load(**AMADEUS)
    assert (settings.sources, settings.confirm_sources) == (("amadeus",), ("amadeus",))


@pytest.mark.parametrize("lonely", ["TWILIO_SID", "TWILIO_AUTH_TOKEN", "TO_NUMBER"])
def test_half_of_twilio_is_a_fault(lonely: str) -> None:
    value = {**TWILIO, "TO_NUMBER": "+15005550006"}[lonely]
    named = {fault.split(":")[0] for fault in faults(**{lonely: value})}
    assert named == {"TWILIO_SID", "TWILIO_AUTH_TOKEN", "FROM_NUMBER"} - {lonely}


def test_a_messaging_service_may_send_in_place_of_a_number() -> None:
    settings = load(TWILIO_SID="AC1", TWILIO_AUTH_TOKEN="t", TWILIO_MESSAGING_SERVICE_SID="MG1")
    assert settings.can_text


def test_texting_members_needs_four_settings_and_is_no_fault_without() -> None:
    assert load().members_texts_lack == (
        "TWILIO_SID",
        "PHONE_KEYS",
        "PHONE_HASH_KEY",
        "SMS_COUNTRIES",
    )
    all_there = load(**TWILIO, **KEYS, SMS_COUNTRIES="de, at")
    assert all_there.members_texts_lack == ()
    assert all_there.sms_countries == ("DE", "AT")


def test_the_caps_are_small_unless_somebody_sets_them() -> None:
    settings = load()
    caps = (settings.sms_user_daily_cap, settings.sms_server_daily_cap, settings.sms_daily_cap)
    assert (*caps, settings.sms_monthly_cap) == (3, 10, 20, 200)
    assert load(SMS_DAILY_CAP="0").sms_daily_cap == 0


@pytest.mark.parametrize(
    ("one", "other"), [("PHONE_KEYS", "PHONE_HASH_KEY"), ("PHONE_HASH_KEY", "PHONE_KEYS")]
)
def test_one_phone_key_without_the_other_is_a_fault(one: str, other: str) -> None:
    (fault,) = faults(**{one: KEYS[one]})
    assert fault == f"{other}: is missing, but {one} is set; `fare-engine keys` makes both."


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().concurrency = 5


def test_no_secret_stands_in_the_repr() -> None:
    settings = load(
        **AMADEUS, **TWILIO, **KEYS, DISCORD_TOKEN=CANARY, TEQUILA_API_KEY=CANARY, TO_NUMBER="+15005550006"
    )
    assert CANARY not in repr(settings)
    assert "15005550006" not in repr(settings)
    assert "QQQ" not in repr(settings)
    assert "RRR" not in repr(settings)


def test_a_test_may_build_settings_from_values() -> None:
    settings = Settings(
        check_interval=timedelta(seconds=2), amadeus_rate=Pace(1, 1), to_number="+15005550006"
    )
    assert settings.check_interval.seconds == 2


def test_a_missing_token_is_one_line_that_says_which_file_and_where_from() -> None:
    with pytest.raises(SettingsFault) as fault:
        Settings.load(env_file=None, environ={}, required=["DISCORD_TOKEN"])
    (line,) = fault.value.faults
    assert line.startswith("DISCORD_TOKEN: is missing; set it in .env (`cp .env.example .env` makes one)")
    assert "discord.com/developers/applications: New Application, Bot, Reset Token" in line


def test_hearing_twilio_needs_the_address_that_twilio_calls() -> None:
    assert faults(WEBHOOK_BIND="127.0.0.1:8081") == (
        "PUBLIC_BASE_URL: is missing, but WEBHOOK_BIND is set; write the https:// address that Twilio calls.",
    )
    settings = load(WEBHOOK_BIND="127.0.0.1:8081", PUBLIC_BASE_URL="https://fares.example.org/")
    assert (settings.webhook_bind, settings.public_base_url) == (
        Bind("127.0.0.1", 8081),
        "https://fares.example.org",
    )


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://fares.example.org", "must begin with https://"),
        ("fares.example.org", "must be an address that begins with https:// (or http://)"),
        ("https://fares.example.org/fares", "give scheme and host only, such as https://api.example.com"),
        ("https://my_host.example.org", "must name a host without an underscore: Twilio calls no other"),
    ],
)
def test_a_public_address_is_https_and_a_host_that_twilio_takes(address: str, says: str) -> None:
    assert faults(PUBLIC_BASE_URL=address) == (f"PUBLIC_BASE_URL: {says}.",)


def test_the_operators_channel_is_an_id() -> None:
    assert load(OPERATOR_CHANNEL_ID="123456789012345678").operator_channel_id == 123456789012345678
    assert "OPERATOR_CHANNEL_ID: must be a Discord id" in faults(OPERATOR_CHANNEL_ID="#alerts")[0]
