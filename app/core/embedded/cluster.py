"""A new cluster: initdb, its roles and its database; and whether one that is there is ours to start."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.core.embedded.places import Place, own_folder
from app.core.embedded.tools import EmbeddedError, Progress, quoted, run, write_private

OWNER, WEB, WORKER = "tubarerere_owner", "tubarerere_web", "tubarerere_worker"
SUPERUSER = "tubarerere_superuser"


def make_cluster(place: Place, binaries: Path, *, database: str, tell: Progress) -> None:
    """initdb, roles and database, made aside and moved into place when whole."""
    tell("Making the database")
    for left in place.home.glob("pgdata.new-*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    # A new name each time: an initdb may still be at work whose starter was killed.
    fresh = place.home / f"pgdata.new-{secrets.token_hex(4)}"
    own_folder(fresh, place.user)
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, WEB, WORKER)}
    write_private(place.home / "secrets.json", json.dumps({"database": database, "passwords": passwords}))
    _initdb(place, binaries, fresh, passwords[SUPERUSER])
    # In single-user mode every line is one statement, and no server listens that could be half made.
    run(
        [str(binaries / "postgres"), "--single", "-D", str(fresh), "postgres"],
        place.user,
        text="\n".join(_first_statements(database, passwords)) + "\n",
    )
    fresh.rename(place.cluster)


def _first_statements(database: str, passwords: dict[str, str]) -> Iterator[str]:
    name = quoted(database)
    # Not a superuser: the extensions that we use are trusted, so the owner of the database may create them.
    yield f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{passwords[OWNER]}'"
    for role in (WEB, WORKER):
        yield f"CREATE ROLE {role} LOGIN PASSWORD '{passwords[role]}'"
        # So that the owner may grant to them and act as them.
        yield f"GRANT {role} TO {OWNER} WITH ADMIN OPTION"
    yield f"CREATE DATABASE {name} OWNER {OWNER}"
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {name} TO {WEB}, {WORKER}"


def _initdb(place: Place, binaries: Path, folder: Path, password: str) -> None:
    """Make an empty cluster in UTF-8; searching names needs to know which characters are letters."""
    secret = folder.with_name(f"{folder.name}.password")
    write_private(secret, password)
    if place.user:
        os.chown(secret, place.user.pw_uid, place.user.pw_gid)
    options = ["-D", str(folder), "-U", SUPERUSER, f"--pwfile={secret}"]
    options += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
    if _major_version(binaries) >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    refusals = []
    try:
        for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
            try:
                run([str(binaries / "initdb"), *options, f"--locale={locale}"], place.user)
            except EmbeddedError as refusal:
                refusals.append(str(refusal))
            else:
                return
    finally:
        secret.unlink()
    raise EmbeddedError(refusals[0])


def check_cluster(place: Place, binaries: Path) -> None:
    """Refuse data of another user or major version, in words that help."""
    if place.cluster.stat().st_uid != (place.user.pw_uid if place.user else os.geteuid()):
        raise EmbeddedError(f"The data in {place.home} were made by another user. Start it as that user.")
    ours, theirs = _major_version(binaries), int((place.cluster / "PG_VERSION").read_text())
    if ours != theirs:
        raise EmbeddedError(
            f"The data in {place.home} are of PostgreSQL {theirs}, the programs of PostgreSQL {ours}. "
            "Make a backup with the release that wrote them, and restore it into a new folder."
        )


def _major_version(binaries: Path) -> int:
    said = run([str(binaries / "postgres"), "--version"])
    return int(said.split()[2].split(".")[0])
