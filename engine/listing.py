"""Which route list the settings name, and how a list that somebody links to is read."""

from collections.abc import Callable
from typing import Final

import aiohttp
from pydantic import SecretStr

from engine.actions.listkeeper import ListKeeper
from engine.actions.routelists import ListedRoutes
from engine.clock import Clock
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer
from engine.routelists.csv_file import CsvFile
from engine.routelists.google_account import ServiceAccount
from engine.routelists.google_sheets import GoogleSheet
from engine.routelists.links import GOOGLE_DOCS, SheetLink
from engine.routelists.ports import ListSource
from engine.routelists.rows import WHERE_FROM, RowReader
from engine.routelists.sheet_csv import SheetCsv
from engine.routelists.sheety import Sheety, basic, bearer, name_of
from engine.settings import Settings
from engine.store.database import Store

_GOOGLE: Final = "https://sheets.googleapis.com"


class Listing:
    """Makes the parts that read route lists. Nothing here waits and nothing is asked yet."""

    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        *,
        store: Store,
        listed: ListedRoutes,
        clock: Clock,
        gazetteer: Gazetteer,
    ) -> None:
        self._settings = settings
        self._session = session
        self._store = store
        self._listed = listed
        self._clock = clock
        self._gazetteer = gazetteer

    def source(self) -> ListSource | None:
        """The list of the settings: ROUTES_FILE, else GOOGLE_SHEET_ID, else SHEETY_PRICES_ENDPOINT."""
        return configured(self._settings, self._session, self._clock)

    def linked(self, link: str) -> ListSource:
        """The tab behind a link to a Google sheet, read as CSV without a key of ours.

        Raises InvalidInput for any other text.
        """
        try:
            sheet = SheetLink.parse(link)
        except ValueError:
            raise InvalidInput(
                "link",
                "It must be a link like https://docs.google.com/spreadsheets/d/... or the id that stands in "
                "it after /d/.",
            ) from None
        return SheetCsv(self._session, sheet, self._clock, base=_docs(self._settings))

    def reader(self) -> RowReader:
        """What reads the rows of a list today."""
        return RowReader(
            self._gazetteer,
            home_origin=self._settings.home_origin,
            home_currency=self._settings.home_currency,
            today=self._clock.now().date(),
        )

    def reader_for(self, currency: str | None) -> RowReader:
        """The same for the people of a server, who know nothing of settings."""
        return RowReader(
            self._gazetteer,
            home_origin=self._settings.home_origin,
            home_currency=currency or self._settings.home_currency,
            today=self._clock.now().date(),
            without_origin=WHERE_FROM,
        )

    def keeper(self, source: ListSource, report: Callable[[str], None]) -> ListKeeper:
        """What keeps the store in step with a list; `report` is told of rows at fault."""
        return ListKeeper(
            source,
            self._listed,
            self._store,
            clock=self._clock,
            gazetteer=self._gazetteer,
            reader=self.reader,
            report=report,
        )


def configured(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> ListSource | None:
    """The list that the settings name, None when they name none."""
    if settings.routes_file is not None:
        return CsvFile(settings.routes_file)
    if settings.google_sheet_id is not None:
        return _google(settings, settings.google_sheet_id, session, clock)
    if settings.sheety_prices_endpoint is not None:
        endpoint = settings.sheety_prices_endpoint.get_secret_value()
        return Sheety(session, endpoint, clock, authorization=_authorization(settings))
    return None


def configured_name(settings: Settings) -> str | None:
    """The name of that list, which owns its watches."""
    if settings.routes_file is not None:
        return settings.routes_file.name
    if settings.google_sheet_id is not None:
        return settings.google_sheet_id.list_name
    if settings.sheety_prices_endpoint is not None:
        return name_of(settings.sheety_prices_endpoint.get_secret_value())
    return None


def _google(settings: Settings, link: SheetLink, session: aiohttp.ClientSession, clock: Clock) -> ListSource:
    """With a key through the API, else by the CSV link; a published copy is had by its link only."""
    file = settings.google_service_account_file
    if link.published or (file is None and settings.google_api_key is None):
        return SheetCsv(session, link, clock, base=_docs(settings))
    return GoogleSheet(
        session,
        link,
        clock,
        base=settings.google_sheets_base_url,
        range_=settings.google_sheet_range,
        api_key=_text(settings.google_api_key),
        account=None if file is None else ServiceAccount(file, session, clock),
    )


def _docs(settings: Settings) -> str:
    """Where CSV links lead; a pretend Google serves them beside its API."""
    base = settings.google_sheets_base_url
    return GOOGLE_DOCS if base == _GOOGLE else base


def _authorization(settings: Settings) -> str | None:
    token, password = _text(settings.sheety_token), _text(settings.sheety_password)
    if token is not None:
        return bearer(token)
    if settings.sheety_username is not None and password is not None:
        return basic(settings.sheety_username, password)
    return None


def _text(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
