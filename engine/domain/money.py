"""Money: integer minor units with an ISO 4217 code. Never a float, never compared across currencies."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

import msgspec

# Legal tender of 2026 and digits of the minor unit, both after CLDR as Babel publishes it;
# a test holds the two tables equal to Babel's.
CURRENCIES: Final = frozenset(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW "
        "KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
        "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
        "SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
        "UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    ).split()
)
_NO_MINOR_UNIT: Final = (
    "AFN ALL BIF CLP DJF GNF IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PYG RSD RWF SOS SYP "
    "UGX VND VUV XAF XOF XPF YER"
)
_EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(_NO_MINOR_UNIT.split(), 0) | dict.fromkeys(("BHD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)
# More digits than any fare has: what is longer is a fault of the reply, not a price.
_MOST_DIGITS: Final = 12


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were held against each other."""


def exponent(currency: str) -> int:
    """How many digits the minor unit of a currency has (EUR 2, JPY 0, KWD 3)."""
    return _EXPONENTS.get(currency, 2)


class Money(msgspec.Struct, frozen=True):
    """An amount: `minor` units of `currency` (45000 EUR minor units are 450.00 EUR)."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """An amount in major units; more digits than the currency has are rounded up.

        Rounding up never makes a fare look cheaper than it is.
        Raises ValueError when the amount is not finite or absurdly long.
        """
        if not amount.is_finite() or amount.adjusted() >= _MOST_DIGITS:
            raise ValueError("not an amount of money")
        scaled = amount.scaleb(exponent(currency)).to_integral_value(rounding=ROUND_CEILING)
        return cls(int(scaled), currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """An amount written as a plain number, as providers send it ("450.00")."""
        try:
            return cls.of(Decimal(text), currency)
        except InvalidOperation as error:
            raise ValueError("not an amount of money") from error

    @property
    def amount(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    @property
    def major_unit(self) -> int:
        """One major unit in minor units."""
        return int(10 ** exponent(self.currency))

    def with_minor(self, minor: int) -> "Money":
        """Another amount of the same currency."""
        return Money(minor, self.currency)

    def fixed(self) -> str:
        """With all digits of the minor unit, as the JSON contract writes it: 450.00."""
        return f"{self.amount:.{exponent(self.currency)}f}"

    def plain(self) -> str:
        """As a plain number, digits only where they say something: 450, 450.50."""
        return self.fixed() if self.minor % self.major_unit else str(self.minor // self.major_unit)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} held against {other.currency}")
        return other.minor

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)
