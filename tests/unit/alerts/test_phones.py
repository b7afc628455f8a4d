"""Numbers at rest: sealed, found by a keyed hash, read with old keys too, and by nobody else."""

import base64

import pytest

from engine.alerts.phones import PhoneVault, new_key
from engine.alerts.vault import Unreadable

NUMBER = "+4915187650001"
OLD, NEW, HASH = new_key(), new_key(), new_key()


def test_a_sealed_number_opens_again_and_shows_nothing() -> None:
    vault = PhoneVault([NEW], HASH)
    sealed = vault.seal(NUMBER)
    assert vault.open(sealed) == NUMBER
    assert NUMBER.lstrip("+") not in sealed
    assert NUMBER.encode() not in base64.urlsafe_b64decode(sealed)


def test_the_same_number_is_sealed_differently_each_time_and_has_one_fingerprint() -> None:
    vault = PhoneVault([NEW], HASH)
    assert vault.seal(NUMBER) != vault.seal(NUMBER)
    assert vault.fingerprint(NUMBER) == vault.fingerprint(NUMBER)
    assert vault.fingerprint(NUMBER) != vault.fingerprint("+4915187650002")


def test_an_old_key_behind_the_new_one_still_opens() -> None:
    sealed = PhoneVault([OLD], HASH).seal(NUMBER)
    assert PhoneVault([NEW, OLD], HASH).open(sealed) == NUMBER


def test_the_first_key_seals() -> None:
    sealed = PhoneVault([NEW, OLD], HASH).seal(NUMBER)
    assert PhoneVault([NEW], HASH).open(sealed) == NUMBER


def test_without_its_key_a_number_stays_shut() -> None:
    sealed = PhoneVault([OLD], HASH).seal(NUMBER)
    with pytest.raises(Unreadable) as refused:
        PhoneVault([NEW], HASH).open(sealed)
    assert NUMBER not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_damaged_row_is_unreadable_and_nothing_worse() -> None:
    with pytest.raises(Unreadable):
        PhoneVault([NEW], HASH).open("é not a token")


def test_a_row_says_whether_both_keys_are_its_own() -> None:
    vault = PhoneVault([NEW], HASH)
    row = (vault.seal(NUMBER), vault.fingerprint(NUMBER))
    assert vault.knows(*row)
    assert not PhoneVault([OLD], HASH).knows(*row)
    assert not PhoneVault([NEW], new_key()).knows(*row)


def test_the_fingerprint_cannot_be_made_without_its_key() -> None:
    assert PhoneVault([NEW], HASH).fingerprint(NUMBER) != PhoneVault([NEW], new_key()).fingerprint(NUMBER)
