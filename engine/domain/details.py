"""Why a search brought no fares, in our own words: kept in English with its outcome, said later.

What a source says of itself is not among them: it is told in its own words. See `engine.domain.whys`.
"""

from typing import Final

RESTING: Final = "resting"
RATE_LIMIT: Final = "rate limit"
HOURLY_LIMIT: Final = "hourly limit"
TIMEOUT: Final = "timeout"
HOST_NOT_FOUND: Final = "host not found"
TLS_FAILURE: Final = "TLS failure"
CONNECTION_REFUSED: Final = "connection refused"
CONNECTION_LOST: Final = "connection lost"
NO_ADDRESS: Final = "the base URL is not an address"
TOO_LATE: Final = "no answer in two minutes"

ONE_DAY: Final = "it takes one day at a time"
NO_DAY_LEFT: Final = "no day of it is left"
TOO_MANY_SEARCHES: Final = "it would take {searches} searches a look, and {most} is the most"
ECONOMY_ONLY: Final = "it knows economy fares only"
HAS_PASSED: Final = "the day of departure has passed"
DEPARTED: Final = "its last departure has passed"
STAYS_TOO_LONG: Final = "it looks anywhere for stays of up to 30 days"
NO_MARKET: Final = "no market of it sells in {currency}"
NO_AIRPORT: Final = "it takes airports only, and {place} has none that is known"
PLAN_USED_UP: Final = "the searches of the plan are used up"
SOME_UNANSWERED: Final = "{failed} of {searches} searches without an answer ({why})"

NOT_COUNTED: Final = "the budget cannot be counted now"
NO_CALLS: Final = "your budget allows no calls"
SPENT_IN_ALL: Final = "your budget of {calls} calls in all is spent"
SPENT_THIS_MONTH: Final = "your budget of {calls} calls a month is spent"
SPENT_TODAY: Final = "your budget of {calls} calls a day is spent"
MEMBERS_SPENT: Final = "members' calls are spent, {calls} a day"
KEPT_FOR_MEMBERS: Final = "the rest of today's calls is kept for members ({calls})"
TOO_FEW_LEFT: Final = "a look takes {calls} calls, and fewer are left today"
