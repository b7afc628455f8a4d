"""`fare-engine rotate-keys`: everything under the newest key, killed at any point or not."""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert

from engine.alerts.phones import PhoneVault, new_key
from engine.alerts.vault import Unreadable, Vault
from engine.store.database import Store
from engine.store.phones import PhoneLink
from engine.store.seals import PLACES
from engine.store.tables import METADATA, PHONES
from tests.integration.cli.shell import REPOSITORY, Done, Shell
from tests.support.canaries import Canaries, files_under
from tests.support.clock import START, HandClock
from tests.support.hooks import webhook

HERE = Path(__file__).parent
OLD, NEW, HASH = new_key(), new_key(), new_key()
MANY = 1000


def number(index: int) -> str:
    return f"+4915187{index:06}"


@pytest.fixture
async def operator(tmp_path: Path) -> "Operator":
    """A thousand numbers under the old key, one that is being linked, and a webhook with its secret."""
    operator, vault = Operator(tmp_path), PhoneVault([OLD], HASH)
    async with Store.open(operator.url, HandClock()) as store, store.transaction() as tx:
        await tx.sql.run_many(insert(PHONES), [_row(vault, index) for index in range(MANY)])
        await tx.phones.begin(
            PhoneLink(
                member_id="1",
                fingerprint=vault.fingerprint(number(1)),
                sealed=vault.seal(number(1)),
                consent_version="1",
                asked_at=START,
                verification=None,
            )
        )
        hook = webhook("h1", sealed_url=vault.seal("https://example.com/x"), sealed_secret=vault.seal("s"))
        await tx.webhooks.add(hook)
    return operator


def _row(vault: PhoneVault, index: int) -> dict[str, object]:
    return {
        "member_id": str(index),
        "fingerprint": vault.fingerprint(number(index)),
        "sealed": vault.seal(number(index)),
        "consent_version": "1",
        "consented_at": START,
        "verification": "VE1",
        "verified_at": START,
    }


@dataclass(frozen=True)
class Operator:
    """Who runs the command, in a folder of its own."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'fares.db'}"

    async def rotates(self, keys: str = f"{NEW},{OLD}") -> Done:
        return await self._shell(keys).run("rotate-keys")

    async def is_killed_rotating(self, last: int) -> None:
        """The same, killed before that many numbers were changed."""
        environ = {"PYTHONPATH": str(REPOSITORY), **self._shell(f"{NEW},{OLD}").environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "killed_rotation.py"), str(last), cwd=self.folder, env=environ
        )
        assert await process.wait() == -signal.SIGKILL

    def _shell(self, keys: str) -> Shell:
        return Shell(
            folder=self.folder, environ={"DATABASE_URL": self.url, "PHONE_KEYS": keys, "PHONE_HASH_KEY": HASH}
        )

    async def opened(self, *keys: str) -> list[str]:
        """Everything that is stored sealed, opened with these keys."""
        vault = Vault(keys)
        async with Store.open(self.url, HandClock()) as store, store.transaction() as tx:
            return [
                vault.open(row.sealed) for place in PLACES for row in await tx.seals.page(place, "", 2 * MANY)
            ]


async def test_everything_is_under_the_newest_key_afterwards(operator: Operator) -> None:
    before = await operator.opened(OLD)
    done = await operator.rotates()
    assert done.code == 0
    assert done.out == (
        f"{MANY + 3} encrypted anew, 0 had the first key of PHONE_KEYS already. "
        "The keys behind it are needed for older backups only.\n"
    )
    assert await operator.opened(NEW) == before
    with pytest.raises(Unreadable):
        await operator.opened(OLD)


async def test_a_second_time_there_is_nothing_to_do(operator: Operator) -> None:
    await operator.rotates()
    kept = await operator.opened(NEW)
    done = await operator.rotates(NEW)
    assert done.out.startswith(f"0 encrypted anew, {MANY + 3} had the first key")
    assert await operator.opened(NEW) == kept


@pytest.mark.parametrize("last", [1, 150, 201, 999])
async def test_killed_anywhere_every_number_can_be_read_and_the_next_run_finishes(
    operator: Operator, last: int
) -> None:
    before = await operator.opened(OLD)
    await operator.is_killed_rotating(last)
    assert await operator.opened(NEW, OLD) == before

    done = await operator.rotates()
    left = MANY + 3 - (last - 1) // 200 * 200
    assert done.out.startswith(f"{left} encrypted anew")
    assert await operator.opened(NEW) == before


async def test_while_a_bot_owns_the_database_it_refuses_and_changes_nothing(operator: Operator) -> None:
    async with Store.open(operator.url, HandClock()):
        done = await operator.rotates()
    assert done.code == 3
    assert "is in use by pid" in done.err
    assert len(await operator.opened(OLD)) == MANY + 3


async def test_with_keys_that_do_not_fit_it_refuses_and_changes_nothing(operator: Operator) -> None:
    done = await operator.rotates(new_key())
    assert done.code == 2
    assert f"none of them opens {MANY + 3} of {MANY + 3} stored secrets, so nothing was changed" in done.err
    assert len(await operator.opened(OLD)) == MANY + 3


async def test_without_keys_it_names_the_setting(tmp_path: Path) -> None:
    done = await Shell(folder=tmp_path).run("rotate-keys")
    assert (done.code, "PHONE_KEYS: is missing" in done.err) == (2, True)


async def test_neither_number_nor_key_is_printed_or_left_in_a_file(operator: Operator) -> None:
    done = await operator.rotates()
    canaries = Canaries(numbers=[number(1), number(999)], secrets=[OLD, NEW, HASH])
    canaries.assert_absent({"out": done.out, "err": done.err, **files_under(operator.folder)})


def test_no_sealed_column_is_left_out() -> None:
    sealed = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert {(place.table.name, place.column) for place in PLACES} == sealed
