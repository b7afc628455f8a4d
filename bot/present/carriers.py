"""Names of the larger airlines by their IATA code; an unknown code stands for itself."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from bot.present.text import listed, plain
from engine.tongue import say

_NAMES: Final = MappingProxyType(
    dict(
        line.split("=")
        for line in (
            "A3=Aegean|AA=American|AC=Air Canada|AF=Air France|AI=Air India|AK=AirAsia|AM=Aeromexico|"
            "AR=Aerolineas Argentinas|AS=Alaska|AT=Royal Air Maroc|AV=Avianca|AY=Finnair|AZ=ITA Airways|"
            "B6=JetBlue|BA=British Airways|BG=Biman|BI=Royal Brunei|BR=EVA Air|BT=airBaltic|CA=Air China|"
            "CI=China Airlines|CM=Copa|CX=Cathay Pacific|CZ=China Southern|D8=Norwegian|DE=Condor|"
            "DL=Delta|DY=Norwegian|EI=Aer Lingus|EK=Emirates|ET=Ethiopian|EW=Eurowings|EY=Etihad|"
            "F9=Frontier|FI=Icelandair|FR=Ryanair|FZ=flydubai|G3=GOL|G9=Air Arabia|GA=Garuda Indonesia|"
            "GF=Gulf Air|HA=Hawaiian|HU=Hainan|HX=Hong Kong Airlines|IB=Iberia|IX=Air India Express|"
            "J9=Jazeera|JL=Japan Airlines|JQ=Jetstar|JU=Air Serbia|KC=Air Astana|KE=Korean Air|KL=KLM|"
            "KQ=Kenya Airways|KU=Kuwait Airways|LA=LATAM|LG=Luxair|LH=Lufthansa|LO=LOT|LX=SWISS|LY=El Al|"
            "ME=MEA|MF=Xiamen Air|MH=Malaysia Airlines|MK=Air Mauritius|MS=Egyptair|MU=China Eastern|"
            "NF=Air Vanuatu|NH=ANA|NK=Spirit|NZ=Air New Zealand|OA=Olympic|OS=Austrian|"
            "OU=Croatia Airlines|OZ=Asiana|PC=Pegasus|PG=Bangkok Airways|PR=Philippine Airlines|"
            "QF=Qantas|QR=Qatar Airways|RJ=Royal Jordanian|RO=TAROM|S7=S7|SA=South African|SK=SAS|"
            "SN=Brussels Airlines|SQ=Singapore Airlines|SU=Aeroflot|SV=Saudia|TG=Thai|"
            "TK=Turkish Airlines|TN=Air Tahiti Nui|TO=Transavia France|TP=TAP|TR=Scoot|TS=Air Transat|"
            "U2=easyJet|UA=United|UK=Vistara|UL=SriLankan|UX=Air Europa|V7=Volotea|VA=Virgin Australia|"
            "VJ=VietJet|VN=Vietnam Airlines|VS=Virgin Atlantic|VY=Vueling|W6=Wizz Air|WN=Southwest|"
            "WS=WestJet|WY=Oman Air|XY=flynas|ZG=ZIPAIR|5J=Cebu Pacific|6E=IndiGo|7C=Jeju Air|"
            "9W=Jet Airways"
        ).split("|")
    )
)
_MOST_NAMED: Final = 4


def named(typed: str) -> list[tuple[str, str]]:
    """Codes and names that begin so; a code stands first."""
    wanted = typed.casefold()
    fits = [
        (code, name)
        for code, name in _NAMES.items()
        if code.casefold().startswith(wanted) or name.casefold().startswith(wanted)
    ]
    return sorted(fits, key=lambda each: (not each[0].casefold().startswith(wanted), each[1]))


def carriers(codes: Iterable[str]) -> str:
    """ANA and Lufthansa; at most four, then how many more."""
    names = list(dict.fromkeys(_NAMES.get(code) or plain(code, 20) for code in codes if code))
    if len(names) > _MOST_NAMED:
        names = [*names[:_MOST_NAMED], say("{n} more", n=len(names) - _MOST_NAMED)]
    return listed(names)
