"""A name server that knows nothing."""

from aiohttp.abc import AbstractResolver, ResolveResult


class NamesNothing(AbstractResolver):
    """A resolver that knows no host, as since the day a service's names were taken away."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        raise OSError(None, f"{host}:{port} {family} not known")

    async def close(self) -> None: ...
