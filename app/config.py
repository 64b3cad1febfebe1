"""Settings, read from the environment; every one has a meaning in one line and a safe default."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEMONSTRATION_SECRET = "demonstration-secret-not-for-production"  # noqa: S105 - refused outside the demonstration
DEMONSTRATION_KEY = "demonstration-key-not-for-production"
SHORTEST_SECRET = 32

Mode = Literal["demonstration", "development", "production"]


class Settings(BaseSettings):
    """What an operator may set; the names in the environment are these in capitals after `TUBARERERE_`."""

    model_config = SettingsConfigDict(env_prefix="TUBARERERE_", extra="ignore", populate_by_name=True)

    mode: Mode = Field("demonstration", description="Demonstration, development or production.")
    data_dir: Path = Field(ROOT / ".data", description="Where the embedded database and the audit head are kept.")
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="Owner's address of a PostgreSQL from 15 on; empty means the embedded server.",
    )
    database_web_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_WEB_URL",
        description="Address of the web's own role; empty means the owner's connection acting as tubarerere_web.",
    )
    database_worker_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_WORKER_URL",
        description="Address of the worker's own role; empty means the owner's connection acting as tubarerere_worker.",
    )
    database_pool_size: int = Field(10, ge=1, description="Connections a web process keeps open.")
    secret_key: SecretStr = Field(
        SecretStr(DEMONSTRATION_SECRET), description="Signs flash messages and cursors; at least 32 characters."
    )
    encryption_keys: list[SecretStr] = Field(
        [SecretStr(DEMONSTRATION_KEY)],
        min_length=1,
        description="Seal identity numbers, health notes and documents, each at least 32 characters; the first seals, "
        "all open. What was sealed with a key that is lost is lost.",
    )
    documents_url: str | None = Field(
        None,
        description="Where sealed documents are kept, as s3://bucket/prefix; empty means the folder documents in "
        "data_dir.",
    )
    secure_cookies: bool | None = Field(
        None, description="Whether cookies demand HTTPS; empty means: in production yes, elsewhere no."
    )
    trusted_hosts: list[str] = Field(["*"], description="Host names that the service answers to.")
    session_idle_minutes: int = Field(60, ge=1, description="Minutes without a request after which a session ends.")
    session_hours: int = Field(12, ge=1, description="Hours after which a session ends whatever happens.")
    token_days: int = Field(30, ge=1, description="Days that a bearer token of the API is good for.")
    rate_limit_storage: str = Field(
        "memory://", description="Where wrong passwords are counted, as an address of `limits`; memory is one process."
    )
    max_body_bytes: int = Field(1_000_000, ge=1_000, description="Largest request body that is read.")
    max_upload_bytes: int = Field(
        25_000_000, ge=1_000, description="Largest request body that is read where documents are added."
    )
    audit_head_file: Path | None = Field(
        None, description="File outside the database that keeps the head of the audit chain; empty means in data_dir."
    )
    default_language: Literal["en", "rw", "fr"] = Field("en", description="Language of a page before anyone chose.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe log line.")

    @property
    def cookies_are_secure(self) -> bool:
        """Whether the session cookie is `__Host-` and only travels over HTTPS."""
        return self.mode == "production" if self.secure_cookies is None else self.secure_cookies

    @property
    def documents_path(self) -> Path:
        """The folder of the sealed documents, where no other store is named."""
        return self.data_dir / "documents"

    @property
    def audit_head_path(self) -> Path:
        """Where the head of the audit chain is appended, out of the database's reach."""
        return self.audit_head_file or self.data_dir / "audit-heads.jsonl"

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.mode != "production":
            return self
        if self.secret_key.get_secret_value() == DEMONSTRATION_SECRET:
            message = "TUBARERERE_SECRET_KEY is the demonstration secret: set your own before production"
            raise ValueError(message)
        if len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            message = "TUBARERERE_SECRET_KEY needs at least 32 characters in production"
            raise ValueError(message)
        keys = [key.get_secret_value() for key in self.encryption_keys]
        if DEMONSTRATION_KEY in keys:
            message = "TUBARERERE_ENCRYPTION_KEYS holds the demonstration key: set your own before production"
            raise ValueError(message)
        if min(len(key) for key in keys) < SHORTEST_SECRET:
            message = "Each of TUBARERERE_ENCRYPTION_KEYS needs at least 32 characters in production"
            raise ValueError(message)
        if self.database_url is None:
            message = "DATABASE_URL is required in production: the embedded server is for one machine's trial"
            raise ValueError(message)
        if self.trusted_hosts == ["*"]:
            message = 'TUBARERERE_TRUSTED_HOSTS is required in production, for example ["tubarerere.example.rw"]'
            raise ValueError(message)
        return self


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
