"""Where sealed documents lie: a folder, or a store that speaks S3. Only sealed bytes ever come here."""

from functools import lru_cache

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from app.config import get_settings
from app.core.vault import vault


@lru_cache
def _store(url: str | None, folder: str) -> ObjectStore:
    return LocalStore(prefix=folder, mkdir=True) if url is None else from_url(url)


def _the_store() -> ObjectStore:
    settings = get_settings()
    return _store(settings.documents_url, str(settings.documents_path))


def put(address: str, content: bytes) -> None:
    """Seals the content and keeps it under an address, to which it is bound."""
    obstore.put(_the_store(), address, vault().seal(content, about=address))


def take(address: str) -> bytes:
    """The content that is kept under an address. Raises `FileNotFoundError`, and `CannotOpen` for what was changed."""
    return vault().open(bytes(obstore.get(_the_store(), address).bytes()), about=address)
