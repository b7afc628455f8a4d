"""A resolver that tells each host where a test wants it to be."""

import socket
from collections.abc import Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

Place = tuple[str, int | None]


class Phonebook(AbstractResolver):
    """Names and their addresses, with the port that a server really has; one lookup after the other."""

    def __init__(self) -> None:
        self._lookups: dict[str, list[Sequence[Place]]] = {}
        self.asked: list[str] = []

    def put(self, host: str, *lookups: Sequence[Place]) -> None:
        """What the next lookups of a host give; the last one stays."""
        self._lookups[host] = list(lookups)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        lookups = self._lookups.get(host)
        if not lookups:
            raise OSError(None, "no such host")
        places = lookups.pop(0) if len(lookups) > 1 else lookups[0]
        return [
            ResolveResult(hostname=host, host=address, port=at or port, family=family, proto=0, flags=0)
            for address, at in places
        ]

    async def close(self) -> None:
        """Nothing is open."""
