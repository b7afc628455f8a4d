"""One process owns a database file: a lock held from open to close.

The lock is the kernel's (`flock`), so it dies with its process however that ends; what the
lock file says is for people. POSIX only: on Windows opening a database file is refused in words.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Self

from engine.errors import StoreInUse, StoreUnusable


class OwnerLock:
    """The held lock of one database file. Every method blocks: call it in a thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, database: Path, now: datetime) -> Self:
        """Make the folder, take `<database>.lock` and write down who holds it since when.

        Raises StoreInUse when another process holds it, StoreUnusable when the folder cannot be written.
        """
        try:
            import fcntl
        except ImportError as error:
            raise StoreUnusable("a database file needs Linux or macOS: its owner lock is flock") from error
        path = database.with_name(f"{database.name}.lock")
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnusable(f"cannot write beside {database}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            os.close(descriptor)
            raise StoreInUse(str(database), holder) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"pid {os.getpid()} since {now:%Y-%m-%d %H:%M:%S} UTC\n".encode())
        return cls(descriptor)

    def release(self) -> None:
        """Let go. The file stays: removing it would let two processes lock two files of one name."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
