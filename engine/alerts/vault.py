"""Secrets at rest: what the store keeps of them nobody can read without the keys of PHONE_KEYS."""

from collections.abc import Sequence

from engine.errors import EngineError


class Unreadable(EngineError):
    """Something stored that none of the keys opens; carries nothing of it."""


class Vault:
    """Seals and opens texts; imports OpenSSL: make it in a thread.

    `keys` are Fernet keys, the first of which seals and all of which open. Raises ValueError for
    a key that is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, InvalidToken, MultiFernet

        self._newest = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._invalid = InvalidToken

    def seal(self, secret: str) -> str:
        """The text as it may be stored; each time another one."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again. Raises Unreadable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except (self._invalid, ValueError):
            raise Unreadable("it cannot be read with PHONE_KEYS") from None

    def renewed(self, sealed: str) -> str | None:
        """The same text sealed with the first key; None when it is so already. Raises Unreadable."""
        try:
            self._newest.decrypt(sealed)
        except (self._invalid, ValueError):
            return self.seal(self.open(sealed))
        return None
