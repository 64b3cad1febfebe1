"""In production the service refuses what belongs to a trial: the demonstration's secrets and accounts."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.config import DEMONSTRATION_SECRET, Settings
from app.core import clock, readiness
from app.people.models import Account

PRODUCTION: dict[str, Any] = {
    "mode": "production",
    "secret_key": SecretStr("x" * 40),
    "encryption_keys": [SecretStr("k" * 40)],
    "database_url": SecretStr("postgresql://x"),
    "trusted_hosts": ["tubarerere.example.rw"],
}


def test_production_starts_with_settings_of_its_own():
    settings = Settings(**PRODUCTION)
    assert settings.cookies_are_secure
    assert "x" * 40 not in repr(settings)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"secret_key": SecretStr(DEMONSTRATION_SECRET)}, "TUBARERERE_SECRET_KEY is the demonstration secret"),
        ({"secret_key": SecretStr("short")}, "at least 32 characters"),
        ({"database_url": None}, "DATABASE_URL is required"),
        ({"trusted_hosts": ["*"]}, "TUBARERERE_TRUSTED_HOSTS is required"),
    ],
)
def test_production_refuses_what_belongs_to_a_trial(values, said):
    with pytest.raises(ValidationError, match=said):
        Settings(**PRODUCTION | values)


def test_production_does_not_start_where_demonstration_accounts_can_sign_in(db):
    settings = Settings(**PRODUCTION)
    readiness.check(db, settings)
    invented = Account(username="volunteer", display_name="X", password_hash="!", is_demonstration=True)
    db.add(invented)
    db.flush()
    with pytest.raises(readiness.NotReady, match="1 accounts of the demonstration"):
        readiness.check(db, settings)
    readiness.check(db, Settings())
    invented.disabled_at = clock.now()
    db.flush()
    readiness.check(db, settings)
