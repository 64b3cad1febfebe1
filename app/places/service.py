"""Loading a release of the list of places; runs as the database's owner."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.access.area import COUNTRY_CODE, area_code_of
from app.audit.service import record
from app.core.clock import today
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.places.events import PlacesLoaded
from app.places.models import Place, PlaceAlias, PlaceName, PlaceRelease, PlaceSuccession
from app.places.reading import ALIASES_FILE, PLACES_FILE, PLACES_LABEL, PLACES_SOURCE, Release, read_release
from app.places.rules import COUNTRY_NAME, PATH_MARK, level_of, lineage, parent_of, path_of, spellings

Progress = Callable[[str], None]

MOST_ENDINGS = 0.1
"""The share of places above which a release that no longer lists them looks like a file that was cut off."""
MOST_NAMED = 10
"""Codes that one complaint lists."""

COLUMNS = "code, parent_code, level, name, path, folded, area_code, code_is_inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What loading a release did: nothing where it was `already_loaded`. Numbers are places."""

    release_id: int
    label: str
    rows: int
    already_loaded: bool = False
    added: int = 0
    renamed: int = 0
    ended: int = 0
    returned: int = 0
    aliases: int = 0
    successions: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        """One sentence for the terminal."""
        if self.already_loaded:
            return _('These %(rows)d places are loaded already, as "%(label)s": nothing to do') % {
                "rows": self.rows,
                "label": self.label,
            }
        return _(
            '%(rows)d places of "%(label)s": %(added)d added, %(renamed)d renamed, %(ended)d ended, '
            "%(returned)d listed again; %(aliases)d other spellings, %(successions)d successions"
        ) % {name: getattr(self, name) for name in LoadReport.__dataclass_fields__}


def load_release(
    db: Session,
    *,
    file: Path = PLACES_FILE,
    label: str = PLACES_LABEL,
    source: str = PLACES_SOURCE,
    effective_on: date | None = None,
    progress: Progress | None = None,
    aliases: Path | None = ALIASES_FILE,
    successions: Path | None = None,
    accept_endings: bool = False,
) -> LoadReport:
    """Makes the list of places what the file says, from a day on (today); the same files again do nothing.

    The first release says nothing about when its places began. In a later one a renamed place keeps its
    former name, a place that is not listed ends on that day, and a new code begins on it. Raises `FieldError`
    on `file` for a file that is broken in any line, that is older than what is loaded, or that ends more than
    a tenth of the places without `accept_endings`; the caller's transaction must then be rolled back.
    """
    tell = progress or (lambda _sentence: None)
    began = perf_counter()
    tell(_("Reading %(file)s") % {"file": file.name})
    release = read_release(file, aliases, successions)
    # Two at once: the second waits, and then finds that there is nothing to do.
    db.execute(text("lock table place_releases in exclusive mode"))
    known = db.execute(select(PlaceRelease).where(PlaceRelease.digest == release.digest)).scalar_one_or_none()
    if known is not None:
        return LoadReport(release_id=known.id, label=known.label, rows=known.rows, already_loaded=True)
    effective_on = effective_on or today()
    first = _check_against_loaded(db, release, effective_on, accept_endings=accept_endings)
    tell(_("Loading %(rows)d places") % {"rows": len(release.places)})
    release_id = db.execute(
        insert(PlaceRelease)
        .values(
            label=label,
            source=source,
            digest=release.digest,
            rows=len(release.places),
            effective_on=effective_on,
        )
        .returning(PlaceRelease.id)
    ).scalar_one()
    _copy(db, _rows(release, _earlier_names(db)))
    counts = _merge(db, {"release": release_id, "day": effective_on, "began": None if first else effective_on})
    report = LoadReport(
        release_id=release_id,
        label=label,
        rows=len(release.places),
        added=counts["added"] - first,  # The country itself stands in no file.
        renamed=counts["renamed"],
        ended=counts["ended"],
        returned=counts["returned"],
        aliases=_replace_aliases(db, release, replace=aliases is not None),
        successions=_add_successions(db, release, effective_on),
        seconds=perf_counter() - began,
    )
    event = {name: getattr(report, name) for name in ("label", "rows", "added", "renamed", "ended", "returned")}
    record(db, None, PlacesLoaded(release=release_id, effective_on=effective_on, **event))
    return report


def _check_against_loaded(db: Session, release: Release, effective_on: date, *, accept_endings: bool) -> bool:
    newest = db.scalar(select(func.max(PlaceRelease.effective_on)))
    if newest is not None and effective_on < newest:
        days = {"day": effective_on.isoformat(), "newest": newest.isoformat()}
        message = _("This list counts from %(day)s, and a list from %(newest)s is loaded: give a later day")
        raise FieldError("file", message % days)
    present = set(db.scalars(select(Place.code).where(Place.ended_on.is_(None), Place.code != COUNTRY_CODE)))
    ending = len(present - release.places.keys())
    if ending > len(present) * MOST_ENDINGS and not accept_endings:
        message = _(
            "%(ending)d of %(present)d places are not in this file, which looks cut off: give the whole "
            "list, or say that so many places shall end"
        )
        raise FieldError("file", message % {"ending": ending, "present": len(present)})
    return newest is None


def _earlier_names(db: Session) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for table in (Place, PlaceName):
        for code, name in db.execute(select(table.code, table.name).order_by(table.code, table.name)):
            names[code].append(name)
    return names


def _rows(release: Release, earlier: Mapping[int, list[str]]) -> Iterable[tuple[Any, ...]]:
    others = defaultdict(list)
    for code, alias, _source in release.aliases:
        others[code].append(alias)
    found = {
        code: spellings([place.name, *others[code], *earlier.get(code, [])]) for code, place in release.places.items()
    }
    yield COUNTRY_CODE, None, "country", COUNTRY_NAME, COUNTRY_NAME, spellings([COUNTRY_NAME]), 0, False
    for code, place in release.places.items():
        line = lineage(code)
        path = path_of([release.places[holder].name for holder in line])
        folded = PATH_MARK.join(found[holder] for holder in line)
        inferred = place.code_is_inferred
        yield code, parent_of(code), level_of(code), place.name, path, folded, area_code_of(code), inferred


def _copy(db: Session, rows: Iterable[tuple[Any, ...]]) -> None:
    db.execute(
        text(
            "create temporary table incoming_places (code integer primary key, parent_code integer,"
            " level text, name text, path text, folded text, area_code integer, code_is_inferred boolean)"
            " on commit drop"
        )
    )
    driver: Any = db.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy incoming_places ({COLUMNS}) from stdin") as lines:
        for row in rows:
            lines.write_row(row)
    db.execute(text("analyze incoming_places"))


def _merge(db: Session, given: dict[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for what, statement in _STEPS.items():
        result: Any = db.execute(text(statement), given)
        counts[what] = result.rowcount
    db.execute(text("drop table incoming_places"))
    # A search right after the load shall find the index in order and the planner informed.
    db.execute(text("select gin_clean_pending_list('ix_places_folded')"))
    db.execute(text("analyze places"))
    return counts


_STEPS = {
    "renamed": """
        insert into place_names (code, name, until_on, release_id)
        select p.code, p.name, :day, :release from places p join incoming_places i using (code)
        where p.name <> i.name
    """,
    "returned": """
        update places p set ended_on = null, release_id = :release
        from incoming_places i where i.code = p.code and p.ended_on is not null
    """,
    "changed": """
        update places p set name = i.name, path = i.path, folded = i.folded,
            code_is_inferred = i.code_is_inferred, release_id = :release
        from incoming_places i where i.code = p.code
            and (p.name, p.path, p.folded, p.code_is_inferred)
                <> (i.name, i.path, i.folded, i.code_is_inferred)
    """,
    "ended": """
        update places p set ended_on = :day, release_id = :release
        where p.ended_on is null and not exists (select from incoming_places i where i.code = p.code)
    """,
    "added": f"""
        insert into places ({COLUMNS}, began_on, release_id)
        select {COLUMNS}, cast(:began as date), :release from incoming_places i
        where not exists (select from places p where p.code = i.code)
    """,  # noqa: S608 - the columns are ours
}


def _replace_aliases(db: Session, release: Release, *, replace: bool) -> int:
    if not replace:
        return 0
    db.execute(delete(PlaceAlias))
    known = set(db.scalars(select(Place.code).where(Place.code.in_({code for code, *_rest in release.aliases}))))
    rows = [
        {"code": code, "alias": alias, "source": source}
        for code, alias, source in release.aliases
        if code in known  # The spellings of a place that was never in this country's lists wait for it.
    ]
    if rows:
        db.execute(insert(PlaceAlias), rows)
    return len(rows)


def _add_successions(db: Session, release: Release, effective_on: date) -> int:
    rows: list[dict[str, Any]] = [
        {"from_code": before, "to_code": after, "from_on": day or effective_on}
        for before, after, day in release.successions
    ]
    if not rows:
        return 0
    named = {row[key] for row in rows for key in ("from_code", "to_code")}
    unknown = named - set(db.scalars(select(Place.code).where(Place.code.in_(named))))
    if unknown:
        codes = {"codes": ", ".join(str(code) for code in sorted(unknown)[:MOST_NAMED])}
        raise FieldError("file", _("The successions name places that no release has listed: %(codes)s") % codes)
    statement = upsert(PlaceSuccession)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["from_code", "to_code"], set_={"from_on": statement.excluded.from_on}
        ),
        rows,
    )
    return len(rows)
