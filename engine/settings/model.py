"""The settings themselves, one field per name of the contract, lower case here, upper case outside."""

import os
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from engine.domain.budget import CallLimits
from engine.domain.typed import parse_currency
from engine.errors import InvalidInput, SettingsFault
from engine.fares.pacing import Pace
from engine.fares.sources import duffel_token
from engine.routelists.links import SheetLink
from engine.settings import values
from engine.settings.reading import gather
from engine.settings.together import CREDENTIALS, LIVE, faults_together
from engine.web.listening import Bind

# The sources of this version, most wanted first.
SOURCES: Final = tuple(CREDENTIALS)

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)


def _text(reader: Callable[[str], object]) -> BeforeValidator:
    """Read text by `reader`; what is no text (a default, a test's timedelta) goes to pydantic's check."""
    return BeforeValidator(lambda given: reader(given) if isinstance(given, str) else given)


def _currency(text: str) -> str:
    try:
        return parse_currency(text)
    except InvalidInput:
        raise ValueError("must be a three-letter currency code, such as EUR or INR") from None


def _pace(text: str) -> Pace:
    try:
        return Pace.parse(text)
    except ValueError:
        raise ValueError("must be calls per time, such as 10/1s or 600/1m") from None


# Whether it is there is known without the second that importing it takes.
_apprise_urls = values.apprise_urls(installed=find_spec("apprise") is not None)

PhoneNumber = Annotated[str, _text(values.phone_number)]
BaseUrl = Annotated[str, _text(values.base_url)]
SourceNames = Annotated[tuple[str, ...], _text(values.names(SOURCES))]
LiveSourceNames = Annotated[tuple[str, ...], _text(values.names(LIVE, "a live source"))]
SourcePace = Annotated[Pace, _text(_pace)]
Calls = Annotated[int | None, _text(values.whole(0, 100_000_000))]


class Settings(BaseSettings):
    """Everything that is set from outside. What must not be shown is left out of the repr.

    `.env.example` says of each what it does; a test holds the two equal.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    discord_token: SecretStr | None = Field(default=None, repr=False)
    discord_dev_guild_id: Annotated[int | None, _text(values.snowflake)] = None

    database_url: Annotated[str, _text(values.sqlite_url)] = Field(
        default="sqlite:///data/fares.db", repr=False
    )

    redis_url: Annotated[SecretStr | None, _text(values.redis_url)] = Field(default=None, repr=False)

    fare_sources: SourceNames | None = None
    fare_confirm_sources: LiveSourceNames | None = None
    check_interval: Annotated[timedelta, _text(values.check_interval)] = 15 * _MINUTE
    concurrency: Annotated[int, _text(values.whole(1, 10_000))] = 100
    fetch_timeout: Annotated[timedelta, _text(values.duration(_SECOND, 5 * _MINUTE))] = 30 * _SECOND
    home_origin: Annotated[str | None, _text(values.place_code)] = None
    home_currency: Annotated[str, _text(_currency)] = "EUR"
    routes_file: Path | None = None

    google_sheet_id: Annotated[SheetLink | None, _text(SheetLink.parse)] = None
    google_sheet_range: Annotated[str | None, _text(values.sheet_range)] = None
    google_api_key: SecretStr | None = Field(default=None, repr=False)
    google_service_account_file: Path | None = None
    google_sheets_base_url: BaseUrl = "https://sheets.googleapis.com"
    sheety_prices_endpoint: Annotated[SecretStr | None, _text(values.endpoint)] = Field(
        default=None, repr=False
    )
    sheety_token: SecretStr | None = Field(default=None, repr=False)
    sheety_username: str | None = None
    sheety_password: SecretStr | None = Field(default=None, repr=False)

    amadeus_client_id: SecretStr | None = Field(default=None, repr=False)
    amadeus_client_secret: SecretStr | None = Field(default=None, repr=False)
    amadeus_base_url: BaseUrl = "https://api.amadeus.com"
    # The test environment's limit, and a quarter of the production one.
    amadeus_rate: SourcePace = Pace(10, 1_000)
    amadeus_daily_budget: Calls = None
    amadeus_monthly_budget: Calls = None
    amadeus_total_budget: Calls = None
    travelpayouts_token: SecretStr | None = Field(default=None, repr=False)
    travelpayouts_marker: Annotated[str | None, _text(values.marker)] = None
    travelpayouts_base_url: BaseUrl = "https://api.travelpayouts.com"
    # Published; over it everything is refused until the minute ends.
    travelpayouts_rate: SourcePace = Pace(600, 60_000)
    travelpayouts_daily_budget: Calls = None
    travelpayouts_monthly_budget: Calls = None
    travelpayouts_total_budget: Calls = None
    kiwi_base_url: BaseUrl = "https://mcp.kiwi.com"
    # Nothing is published: slowly, and no more in a day than somebody might type.
    kiwi_rate: SourcePace = Pace(1, 2_000)
    kiwi_daily_budget: Calls = 300
    kiwi_monthly_budget: Calls = None
    kiwi_total_budget: Calls = None
    duffel_token: SecretStr | None = Field(default=None, repr=False)
    duffel_base_url: BaseUrl = "https://api.duffel.com"
    # Not published; what others report.
    duffel_rate: SourcePace = Pace(60, 60_000)
    duffel_daily_budget: Calls = None
    duffel_monthly_budget: Calls = None
    duffel_total_budget: Calls = None
    serpapi_key: SecretStr | None = Field(default=None, repr=False)
    serpapi_base_url: BaseUrl = "https://serpapi.com"
    # The free plan.
    serpapi_rate: SourcePace = Pace(50, 3_600_000)
    serpapi_daily_budget: Calls = None
    serpapi_monthly_budget: Calls = 250
    serpapi_total_budget: Calls = None
    tequila_api_key: SecretStr | None = Field(default=None, repr=False)
    tequila_endpoint: Annotated[str, _text(values.endpoint)] = "https://tequila-api.kiwi.com"
    # Nothing is published, and some have been told to slow down.
    tequila_rate: SourcePace = Pace(2, 1_000)
    tequila_daily_budget: Calls = None
    tequila_monthly_budget: Calls = None
    tequila_total_budget: Calls = None
    ignav_api_key: SecretStr | None = Field(default=None, repr=False)
    ignav_base_url: BaseUrl = "https://ignav.com"
    # Nothing is published.
    ignav_rate: SourcePace = Pace(2, 1_000)
    ignav_daily_budget: Calls = None
    ignav_monthly_budget: Calls = None
    # As many as are free: more must be allowed by whoever pays for them.
    ignav_total_budget: Calls = 1_000

    twilio_sid: Annotated[str | None, _text(values.sid("AC"))] = None
    twilio_auth_token: SecretStr | None = Field(default=None, repr=False)
    from_number: PhoneNumber | None = Field(default=None, repr=False)
    twilio_messaging_service_sid: Annotated[str | None, _text(values.sid("MG"))] = None
    twilio_verify_service_sid: Annotated[str | None, _text(values.sid("VA"))] = None
    twilio_base_url: BaseUrl = "https://api.twilio.com"
    to_number: PhoneNumber | None = Field(default=None, repr=False)
    # A message sent in doubt is looked up first after 30 s and given up after 15 minutes.
    sms_unknown_wait: Annotated[timedelta, _text(values.duration(31 * _SECOND, 14 * _MINUTE))] = 45 * _SECOND
    sms_unconfirmed: Annotated[bool, _text(values.yes_or_no)] = False
    sms_countries: Annotated[tuple[str, ...] | None, _text(values.countries)] = None
    sms_user_daily_cap: Annotated[int, _text(values.whole(0, 1_000))] = 3
    sms_server_daily_cap: Annotated[int, _text(values.whole(0, 100_000))] = 10
    sms_daily_cap: Annotated[int, _text(values.whole(0, 100_000))] = 20
    sms_monthly_cap: Annotated[int, _text(values.whole(0, 1_000_000))] = 200
    phone_keys: Annotated[SecretStr | None, _text(values.keys)] = Field(default=None, repr=False)
    phone_hash_key: Annotated[SecretStr | None, _text(values.key)] = Field(default=None, repr=False)

    apprise_urls: Annotated[tuple[SecretStr, ...] | None, _text(_apprise_urls)] = Field(
        default=None, repr=False
    )

    max_watches_per_member: Annotated[int, _text(values.whole(1, 10_000))] = 25
    max_watches_per_server: Annotated[int | None, _text(values.whole(1, 1_000_000))] = None

    webhook_bind: Annotated[Bind | None, _text(values.bind)] = None
    public_base_url: Annotated[str | None, _text(values.public_url)] = None
    operator_channel_id: Annotated[int | None, _text(values.snowflake)] = None

    http_bind: Annotated[Bind, _text(values.bind)] = Bind("127.0.0.1", 8080)

    log_format: Annotated[Literal["console", "json"], _text(values.one_of("console", "json"))] = "console"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        _text(values.one_of("DEBUG", "INFO", "WARNING", "ERROR")),
    ] = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` has gathered: `Settings(...)` in a test takes nothing from the machine."""
        return (init_settings,)

    @classmethod
    def load(
        cls,
        env_file: str | Path | None = ".env",
        environ: Mapping[str, str] | None = None,
        *,
        required: Collection[str] = (),
    ) -> "Settings":
        """Read and check everything; `environ` is the process's own unless given.

        `required` names what this command cannot do without (`DISCORD_TOKEN` for the bot).
        Raises SettingsFault with all faults, one line each, none repeating a value.
        """
        found = gather(
            cls.names(),
            cls.secrets(),
            os.environ if environ is None else environ,
            None if env_file is None else Path(env_file),
        )
        faults = found.faults + faults_together(found.present, required)
        try:
            settings = cls(**{name.lower(): text for name, text in found.texts.items()})  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingsFault(faults + _sentences(error)) from None
        if faults:
            raise SettingsFault(faults)
        return settings

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Every name that can be set."""
        return tuple(name.upper() for name in cls.model_fields)

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """The names that may come as NAME_FILE: whatever the repr leaves out."""
        return tuple(name.upper() for name, field in cls.model_fields.items() if not field.repr)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources to ask, most wanted first; empty when none has credentials.

        One whose prices are made up stands last: nobody is told of them, and they must not hide others.
        """
        if self.fare_sources is not None:
            return self.fare_sources
        able = [name for name in SOURCES if CREDENTIALS[name] and self._has(CREDENTIALS[name])]
        return tuple(sorted(able, key=self._made_up))

    @property
    def confirm_sources(self) -> tuple[str, ...]:
        """The live sources that confirm a lead, in order."""
        if self.fare_confirm_sources is not None:
            return self.fare_confirm_sources
        return tuple(name for name in self.sources if name in LIVE and not self._made_up(name))

    def limits_of(self, source: str) -> CallLimits:
        """How often a source may be called, by the day, by the month and in all."""
        asked = CallLimits(
            per_day=getattr(self, f"{source}_daily_budget"),
            per_month=getattr(self, f"{source}_monthly_budget"),
            in_total=getattr(self, f"{source}_total_budget"),
        )
        return duffel_token.limits(self._duffel_token, asked) if source == "duffel" else asked

    @property
    def can_text(self) -> bool:
        """Whether an SMS can be sent at all."""
        return self.twilio_sid is not None

    @property
    def members_texts_lack(self) -> tuple[str, ...]:
        """The names of the settings without which no member is texted; empty when all are there."""
        needed = {
            "TWILIO_SID": self.twilio_sid,
            "PHONE_KEYS": self.phone_keys,
            "PHONE_HASH_KEY": self.phone_hash_key,
            "SMS_COUNTRIES": self.sms_countries,
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def _duffel_token(self) -> str:
        return self.duffel_token.get_secret_value() if self.duffel_token else ""

    def _made_up(self, source: str) -> bool:
        """Whether the prices of a source are known to be a test environment's."""
        return source == "duffel" and duffel_token.is_test(self._duffel_token)

    def _has(self, names: Collection[str]) -> bool:
        return all(getattr(self, name.lower()) is not None for name in names)


def _sentences(error: ValidationError) -> list[str]:
    """One line per field; the validators raise half sentences that never repeat the value."""
    return [
        f"{str(fault['loc'][0]).upper()}: {_half(fault['msg'])}."
        for fault in error.errors(include_input=False)
    ]


def _half(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")
