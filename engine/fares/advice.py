"""What to tell somebody whose engine has no fare source yet."""

from typing import Final

# The name that stands in an outcome for a source where there is none.
NO_SOURCE: Final = "none"

TRAVELPAYOUTS_HOME: Final = "https://www.travelpayouts.com"

# For members, who cannot change it, as well as for the operator, who can.
HOW_TO_GET_A_SOURCE: Final = (
    "No fare source is set up yet. Whoever runs me gets a free Travelpayouts token at "
    f"{TRAVELPAYOUTS_HOME} and sets TRAVELPAYOUTS_TOKEN; with FARE_SOURCES=travelpayouts,kiwi I also "
    "confirm a price live before I tell it."
)
