import pytest
from pydantic import SecretStr, ValidationError

from app.config import DEMONSTRATION_KEY, Settings
from app.core.vault import CannotOpen, Vault

OLD, NEW = "the key of last year, long enough, " * 2, "the key of this year, long enough, " * 2


def test_what_is_sealed_opens_again_and_says_nothing():
    vault = Vault([NEW])
    sealed = vault.seal_text("1199880012345678", about="child 1")
    assert b"1199880012345678" not in sealed
    assert vault.open_text(sealed, about="child 1") == "1199880012345678"
    assert vault.seal_text("1199880012345678", about="child 1") != sealed


def test_moved_to_another_record_or_changed_it_does_not_open():
    vault = Vault([NEW])
    sealed = vault.seal(b"x", about="child 1")
    with pytest.raises(CannotOpen):
        vault.open(sealed, about="child 2")
    with pytest.raises(CannotOpen):
        vault.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), about="child 1")
    for broken in (b"", b"\x01", sealed[:10], b"\x02" + sealed[1:]):
        with pytest.raises(CannotOpen):
            vault.open(broken, about="child 1")


def test_keys_change_and_the_old_ones_still_open():
    before, after = Vault([OLD]), Vault([NEW, OLD])
    sealed = before.seal(b"x", about="a")
    assert after.open(sealed, about="a") == b"x"
    with pytest.raises(CannotOpen):
        Vault([NEW]).open(sealed, about="a")
    with pytest.raises(CannotOpen):
        before.open(after.seal(b"x", about="a"), about="a")
    assert before.fingerprint("123") in after.fingerprints("123")
    assert after.fingerprint("123") not in before.fingerprints("123")


def test_production_has_keys_of_its_own():
    given = {
        "mode": "production",
        "secret_key": SecretStr("x" * 40),
        "database_url": SecretStr("postgresql://x"),
        "trusted_hosts": ["example.rw"],
    }
    for keys in ([SecretStr(DEMONSTRATION_KEY)], [SecretStr("k" * 40), SecretStr("short")], []):
        with pytest.raises(ValidationError):
            Settings(**given, encryption_keys=keys)
    assert Settings(**given, encryption_keys=[SecretStr("k" * 40)]).mode == "production"
