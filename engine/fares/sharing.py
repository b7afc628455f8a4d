"""What several processes share over Redis (REDIS_URL): the quote cache, and the pace of each source.

Nothing that is kept there is needed: while Redis cannot be reached, answers are not kept and each process
holds the pace on its own.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
import structlog
from pyrate_limiter import GCRA, AbstractClock, Limiter, RedisStateStore, SingleBucketFactory, StateBucket

from engine.clock import Clock
from engine.domain.quote import Outcome
from engine.errors import SettingsFault
from engine.fares.cache import KEPT_S, QuoteCache
from engine.fares.pacing import Pace, SharedTurns, rate_of

if TYPE_CHECKING:
    from cashews import Cache
    from redis.asyncio import BlockingConnectionPool, Redis

_log = structlog.get_logger(__name__)
T = TypeVar("T")

_PREFIX: Final = "fare-engine"
_CONNECTIONS: Final = 50
# Redis answers within a millisecond; who waits longer than this does better without.
_PATIENCE_S: Final = 1.0
_TRY_AGAIN_S: Final = 30.0
# The most that a killed process keeps others from asking for the same.
_LOCK_S: Final = 30.0
_LOCK_STEP_S: Final = 0.05
_OUTCOMES: Final = msgspec.json.Decoder(Outcome)


class Sharing(msgspec.Struct, frozen=True, kw_only=True):
    """What the sources share with other processes. `turns` gives those of one source."""

    quotes: QuoteCache
    turns: Callable[[str, Pace], SharedTurns]


@asynccontextmanager
async def open_sharing(url: str, clock: Clock) -> AsyncIterator[Sharing]:
    """Connect to Redis as soon as something is shared; that it is not there is no fault.

    Raises SettingsFault where the libraries for it are not installed.
    """
    # Half a second of reading files, for those who want it only.
    await asyncio.to_thread(_import_libraries)
    from cashews import Cache
    from cashews.exceptions import CacheError
    from redis.asyncio import BlockingConnectionPool, Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError

    link = Link(clock, (CacheError, RedisError, OSError, TimeoutError))
    pool = BlockingConnectionPool.from_url(
        url,
        # The plain pool would raise once all its connections are in use.
        max_connections=_CONNECTIONS,
        timeout=_PATIENCE_S,
        socket_timeout=_PATIENCE_S,
        socket_connect_timeout=_PATIENCE_S,
        # One try: waiting for Redis takes longer than doing without it.
        retry=Retry(NoBackoff(), 0),
        # To tell Redis its version the library reads files.
        driver_info=None,
    )
    redis = Redis(connection_pool=pool)
    cache = Cache()
    cache.setup(url, suppress=False, pickle_type="json", connection_pool_class=_Given(pool))
    try:
        yield Sharing(
            quotes=RedisQuotes(cache, link),
            turns=lambda source, pace: RedisTurns(redis, source, pace, link),
        )
    finally:
        await pool.disconnect()


def _import_libraries() -> None:
    """Raises SettingsFault where they are not installed. Blocking."""
    try:
        for name in ("cashews", "redis.asyncio"):
            importlib.import_module(name)
    except ImportError as error:
        raise SettingsFault(
            ["REDIS_URL: is set, but the libraries for it are missing; pip install 'fare-engine[redis]'."]
        ) from error


class _Given:
    """Stands where cashews expects the class of a pool: it gets the one that is there."""

    def __init__(self, pool: "BlockingConnectionPool") -> None:
        self._pool = pool

    def from_url(self, *_: object, **__: object) -> "BlockingConnectionPool":
        """The pool."""
        return self._pool


class Link:
    """Whether Redis can be used. That it is lost is one line in the log, that it is back another."""

    def __init__(self, clock: Clock, errors: tuple[type[Exception], ...]) -> None:
        self._clock = clock
        self._errors = errors
        self._lost_since: datetime | None = None
        self._again_at = 0.0

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """What `work` gives; None where Redis cannot be reached, or could not a moment ago."""
        if self._lost_since is not None and self._clock.monotonic() < self._again_at:
            return None
        try:
            result = await work()
        except self._errors as error:
            self._lose(error)
            return None
        if self._lost_since is not None:
            self._lost_since = None
            _log.info("redis is back: cache and pace are shared again")
        return result

    def _lose(self, error: Exception) -> None:
        self._again_at = self._clock.monotonic() + _TRY_AGAIN_S
        if self._lost_since is None:
            self._lost_since = self._clock.now()
            # The address may hold a password, and what the error says may hold the address.
            _log.warning("redis is gone: no cache, and pace is kept here alone", why=type(error).__name__)


class RedisQuotes:
    """Implements `engine.fares.cache.QuoteCache`: outcomes as JSON text, which Redis lets go by itself."""

    def __init__(self, cache: "Cache", link: Link) -> None:
        self._cache = cache
        self._link = link

    async def recall(self, key: str) -> Outcome | None:
        """The answer that somebody kept; one that another version wrote counts as none."""
        try:
            kept = await self._link.attempt(lambda: self._cache.get(f"{_PREFIX}:quotes:{key}"))
            return _OUTCOMES.decode(kept) if isinstance(kept, str) else None
        except ValueError:  # not JSON, or not of an outcome
            return None

    async def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an answer for everybody."""
        body = msgspec.json.encode(outcome).decode()
        await self._link.attempt(lambda: self._cache.set(f"{_PREFIX}:quotes:{key}", body, expire=KEPT_S))

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Wait until no other process asks for the same; nobody waits for a lost Redis."""
        lock = self._cache.lock(f"{_PREFIX}:asking:{key}", expire=_LOCK_S, check_interval=_LOCK_STEP_S)
        stack = AsyncExitStack()
        await self._link.attempt(lambda: stack.enter_async_context(lock))
        try:
            yield
        finally:
            await self._link.attempt(stack.aclose)


class RedisTurns:
    """Implements `engine.fares.pacing.SharedTurns` for one source: its state is one number in Redis.

    Time is Redis's own, so that the clocks of the machines need not agree.
    """

    def __init__(self, redis: "Redis", source: str, pace: Pace, link: Link) -> None:
        self._link = link
        store = RedisStateStore(redis, f"{_PREFIX}:pace:{source}")
        bucket = StateBucket([rate_of(pace)], algorithm=GCRA(), store=store, clock=_RedisClock(redis))
        self._limiter = Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)

    async def take(self, *, wait: bool) -> bool:
        """Take the next turn, or a free one if there is one; True as well where Redis cannot be reached."""
        taken = await self._link.attempt(lambda: self._limiter.try_acquire_async(blocking=wait))
        return taken is not False


class _RedisClock(AbstractClock):
    """Milliseconds by the clock of the Redis server."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def _read(self) -> int:
        seconds, micros = await self._redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def now(self) -> Awaitable[int]:
        """The time as of now."""
        return self._read()
