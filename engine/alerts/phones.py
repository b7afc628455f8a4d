"""Members' phone numbers at rest: encrypted, and found again by a keyed hash.

A number is readable only between `open` and the request that carries it. The hash is what one
owner per number is held by; without its key nobody can try out all numbers there are.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from engine.alerts.vault import Unreadable, Vault

_KEY_BYTES: Final = 32
# What the hash is for stands in it, so that the same key could serve another purpose some day.
_PURPOSE: Final = b"fare-engine phone 1\n"
_CODE: Final = b"fare-engine code 1\n"
_MEMBER: Final = b"fare-engine member 1\n"
_FROM_TOKEN: Final = b"fare-engine phones without a key 1\n"


class PhoneVault(Vault):
    """Seals, opens and fingerprints numbers in E.164; imports OpenSSL: make it in a thread.

    `keys` are Fernet keys, the first of which seals and all of which open. Raises ValueError for
    a key that is none.
    """

    def __init__(self, keys: Sequence[str], hash_key: str) -> None:
        super().__init__(keys)
        self._hash_key = base64.urlsafe_b64decode(hash_key)

    def fingerprint(self, number: str) -> str:
        """The keyed hash (HMAC-SHA256) by which the same number is known again."""
        return _fingerprint(self._hash_key, number)

    def code_digest(self, id_: str, code: str) -> str:
        """The keyed hash of a code of our own; each sending's is another one's."""
        return hmac.new(
            self._hash_key, b"".join((_CODE, id_.encode(), b"\n", code.encode())), hashlib.sha256
        ).hexdigest()

    def knows(self, sealed: str, fingerprint: str) -> bool:
        """Whether both keys are the ones that this row was written with."""
        try:
            return hmac.compare_digest(self.fingerprint(self.open(sealed)), fingerprint)
        except Unreadable:
            return False


class NumberMarks:
    """The fingerprints of a number under several keys: what a phone said is known by any of them.

    The first is PHONE_HASH_KEY, in base64, where the operator has set it. The last is derived from
    `token`, a secret of the provider's account: without PHONE_HASH_KEY the operator's own phone may
    say STOP too.
    """

    def __init__(self, hash_key: str | None, token: str) -> None:
        own = [base64.urlsafe_b64decode(hash_key)] if hash_key else []
        self._keys = (*own, hashlib.sha256(_FROM_TOKEN + token.encode()).digest())

    def of(self, number: str) -> tuple[str, ...]:
        """The fingerprints, the one to be written down first."""
        return tuple(_fingerprint(key, number) for key in self._keys)


class MemberMarks:
    """Keyed hashes of members: what was texted to somebody who is forgotten counts on under no name.

    `hash_key` is PHONE_HASH_KEY in base64; without it no member is texted, and there are no marks.
    """

    def __init__(self, hash_key: str | None) -> None:
        self._key = base64.urlsafe_b64decode(hash_key) if hash_key else None

    def of(self, member_id: str) -> str | None:
        """The mark of a member by their id."""
        if self._key is None:
            return None
        return hmac.new(self._key, _MEMBER + member_id.encode(), hashlib.sha256).hexdigest()


def _fingerprint(key: bytes, number: str) -> str:
    return hmac.new(key, _PURPOSE + number.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A fresh key for PHONE_KEYS or PHONE_HASH_KEY: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
