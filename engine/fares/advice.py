"""What to tell somebody whose engine has no fare source yet."""

from typing import Final

# The name that stands in an outcome for a source where there is none.
NO_SOURCE: Final = "none"
NONE_SET_UP: Final = "no fare source is configured"
NONE_SWEEPS: Final = "no fare source of ours can be asked for anywhere"

TRAVELPAYOUTS_HOME: Final = "https://www.travelpayouts.com"

# For members, who cannot change it, as well as for the operator, who can.
HOW_TO_GET_A_SOURCE: Final = (
    "I have no fare source yet, so I cannot look. Whoever runs me can get a free Travelpayouts token at "
    f"{TRAVELPAYOUTS_HOME} and set TRAVELPAYOUTS_TOKEN; with FARE_SOURCES=travelpayouts,kiwi I also confirm "
    "a price live before I tell it."
)
NOBODY_SWEEPS: Final = (
    "None of my fare sources can look everywhere at once, so I cannot watch that. Name a place, or several. "
    f"Whoever runs me can add a source that can: a Travelpayouts token is free at {TRAVELPAYOUTS_HOME}."
)
