"""The table behind the gazetteer: airports and metropolitan areas of `airportsdata`, named and ordered."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import airportsdata
import msgspec
from babel import Locale

from engine.domain.places import Place

# Airports of roughly ten million passengers a year and more, the larger first, after the yearly tables
# that airport operators publish. It only orders suggestions: a missing code costs a rank, never a route.
_HUBS: Final = tuple(
    (
        "ATL DXB DFW HND LHR DEN IST ORD DEL CAN LAX PVG CDG AMS JFK FRA ICN SIN MAD BKK HKG PEK SZX MCO "
        "LAS MIA CLT SEA PHX EWR SFO BCN KUL CTU BOM JED CGK IAH MEX BOG SAW MUC FCO DOH LGW YYZ GRU SYD "
        "CKG HGH KMG XIY BOS FLL MSP LGA DTW SVO AYT ORY DUB LIS MEL ZRH MAN VIE CPH OSL ATH PMI MXP BLR "
        "NRT KIX TPE MNL SGN HAN PHL SLC BWI SAN DCA TPA IAD AUS BNA MDW HNL RUH AUH CAI JNB LIM SCL PTY "
        "YVR CUN DPS HYD MAA CCU DMK FUK CTS GMP CJU PUS KHH TFU PKX SHA NKG WUH CSX CGO TAO URC XMN SYX "
        "HAK HRB TSN DLC STN LTN BRU ARN HEL WAW BUD PRG BER DUS HAM CGN STR EDI GLA BHX BRS NCE LYS MRS "
        "TLS GVA BSL AGP ALC VLC SVQ IBZ LPA TFS OPO FAO LIN BGY NAP CTA BLQ VCE PSA PMO BEG OTP SOF KBP "
        "IEV DME VKO LED AER ADB ESB KEF RIX VNO KRK TLV AMM BEY KWI BAH MCT SHJ DMM MED IKA THR KHI LHE "
        "ISB CMB DAC KTM MLE COK AMD PNQ GOI CMN RAK ALG TUN NBO ADD LOS CPT DUR DAR ACC DKR EZE AEP GIG "
        "SDU CGH BSB CNF VCP REC SSA POA CWB FOR UIO GYE MDE CLO CTG GDL MTY TIJ SJO SJU SDQ PUJ HAV MBJ "
        "YUL YYC YEG YOW YHZ DAL HOU MSY RDU SJC OAK SMF PDX STL MCI CLE PIT CVG IND CMH MKE SAT RSW PBI "
        "JAX SNA ONT BUR ABQ OGG ANC BNE PER ADL OOL CNS AKL CHC WLG NAN PPT CEB SUB UPN KNO BKI PEN CNX "
        "HKT USM DAD PNH REP RGN VTE MFM OKA ITM NGO"
    ).split()
)
_SIZE: Final[Mapping[str, int]] = {code: number for number, code in enumerate(_HUBS, start=1)}
_EARTH_KM: Final = 6371.0
_INTERNATIONAL: Final = 1000
_SMALL: Final = 1001
_METRO_FIRST: Final = 2000
# What the metro table leaves out although fares are sold to it: Newark, and Johannesburg's own airport.
_ALSO_IN: Final[Mapping[str, str]] = {"EWR": "NYC", "JNB": "JNB"}
# A Discord choice holds that many characters.
_LONGEST_LABEL: Final = 100
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_NO_WORD: Final = re.compile(r"[\W_]+")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one place.

    `name` is what it is called in lists without code and country. `order` sorts equals: metro
    areas by their largest airport, then hubs by size, then the rest by name. `plain_city` and
    `plain_name` are what a search is held against. `timezone` is an IANA zone.
    `country_code` has two letters (ISO 3166). `airports` are the members of a metro area, the largest first.
    `at` are degrees of latitude and longitude.
    """

    place: Place
    city: str
    name: str
    country: str
    country_code: str
    order: tuple[int, str, str]
    plain_city: str
    plain_name: str
    timezone: str | None
    at: tuple[float, float]
    airports: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """`London Heathrow · LHR · United Kingdom`, at most 100 characters; the code is never cut off."""
        tail = f" · {self.place.code} · {self.country}"
        return self.name[: _LONGEST_LABEL - len(tail)] + tail


def load_airports() -> dict[str, Entry]:
    """Every airport with an IATA code. Blocks: reads files."""
    countries = Locale("en").territories
    return {
        code: _airport(code, row, countries.get(row["country"], row["country"]))
        for code, row in airportsdata.load("IATA").items()
    }


def load_metros(airports: Mapping[str, Entry]) -> dict[str, Entry]:
    """Every metropolitan area with its airports. Blocks: reads files."""
    metros = {}
    for code, row in airportsdata.load_iata_macs().items():
        also = (airport for airport, area in _ALSO_IN.items() if area == code)
        metros[code] = _metro(code, row["name"], [airports[each] for each in (*row["airports"], *also)])
    return metros


def plain(text: str) -> str:
    """Letters without accents, digits and single spaces, all small: `São Paulo` becomes `sao paulo`."""
    small = text.casefold()
    if not small.isascii():
        bare = unicodedata.normalize("NFKD", small.replace("ø", "o").replace("ł", "l"))
        small = _ACCENTS.sub("", bare)
    return _NO_WORD.sub(" ", small).strip()


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points in degrees, as the crow flies (haversine, on a sphere of 6,371 km)."""
    (north, east), (north2, east2) = (map(math.radians, point) for point in (one, other))
    half = math.sin((north2 - north) / 2) ** 2
    half += math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))


def _airport(code: str, row: airportsdata.Airport, country: str) -> Entry:
    short = row["name"].removesuffix(" Airport").removesuffix(" International")
    city = row["city"].rsplit(", ", 1)[-1] or short
    plain_city, plain_short = plain(city), plain(short)
    known_by_city = plain_city in plain_short
    size = _SIZE.get(code, _INTERNATIONAL if "International" in row["name"] else _SMALL)
    return Entry(
        place=Place.airport(code),
        city=city,
        name=short if known_by_city else f"{city}, {short}",
        country=country,
        country_code=row["country"],
        order=(size, plain_city, code),
        plain_city=plain_city,
        plain_name=plain_short if known_by_city else f"{plain_city} {plain_short}",
        timezone=row["tz"] or None,
        at=(row["lat"], row["lon"]),
    )


def _metro(code: str, city: str, members: Iterable[Entry]) -> Entry:
    # The table's own country is not always right (St Lucia under SL), that of the airports is.
    largest_first = sorted(members, key=lambda entry: entry.order)
    return Entry(
        place=Place.metro(code),
        city=city,
        name=f"{city}, all airports",
        country=largest_first[0].country,
        country_code=largest_first[0].country_code,
        order=(largest_first[0].order[0] - _METRO_FIRST, plain(city), code),
        plain_city=plain(city),
        plain_name=plain(city),
        timezone=largest_first[0].timezone,
        at=largest_first[0].at,
        airports=tuple(entry.place.code for entry in largest_first),
    )
