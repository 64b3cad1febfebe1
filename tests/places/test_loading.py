from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core.errors import FieldError
from app.places.models import Place, PlaceAlias, PlaceName, PlaceRelease, PlaceSuccession
from app.places.queries import children_of, place_detail
from app.places.reading import PLACES_FILE
from app.places.search import search_places
from app.places.service import load_release

HEADER = "code,parent_code,level,name,code_source\n"
SMALL = HEADER + "1,,province,Kigali City,nisr\n11,1,district,Nyarugenge,nisr\n1101,11,sector,Gitega,nisr\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return to_file


@pytest.fixture
def country() -> str:
    return PLACES_FILE.read_text(encoding="utf-8")


@pytest.fixture
def later(db: Session) -> date:
    return db.execute(select(func.max(PlaceRelease.effective_on))).scalar_one() + timedelta(days=40)


def test_the_whole_country_is_there(db: Session) -> None:
    counts = {
        row.level: row.number
        for row in db.execute(select(Place.level, func.count().label("number")).group_by(Place.level))
    }
    assert counts == {"country": 1, "province": 5, "district": 30, "sector": 416, "cell": 2148, "village": 14837}
    kararo = db.execute(select(Place).where(Place.code_is_inferred)).scalars().all()
    assert [place.name for place in kararo] == ["Kararo"]
    gihanga = db.get_one(Place, 11010102)
    assert (gihanga.area_code, gihanga.parent_code, gihanga.began_on) == (11010102, 110101, None)
    assert db.get_one(Place, 1101).area_code == 11010000
    assert db.get_one(Place, 0).area_code == 0


def test_the_same_release_again_does_nothing_and_says_so(db: Session) -> None:
    before = db.scalar(select(func.count()).select_from(PlaceRelease))
    report = load_release(db)
    assert report.already_loaded
    assert "nothing to do" in str(report)
    assert db.scalar(select(func.count()).select_from(PlaceRelease)) == before


def test_progress_is_told(db: Session, write: Write, country: str, later: date) -> None:
    told: list[str] = []
    load_release(db, file=write(country + "\n"), effective_on=later, progress=told.append)
    assert len(told) == 2, "what came of it, whoever asked for it tells"
    assert "17436 places" in told[-1]


def test_a_newer_release_renames_adds_and_ends_places_and_forgets_none(
    db: Session, write: Write, country: str, later: date
) -> None:
    changed = country.replace("1105,11,sector,Mageregere,nisr\n", "1105,11,sector,Kibuye Gishya,nisr\n")
    changed = changed.replace("11010102,110101,village,Gihanga,nisr\n", "11010199,110101,village,Gihanga Nshya,nisr\n")
    successions = write("from_code,to_code,from_on\n11010102,11010199,\n", "successions.csv")
    report = load_release(
        db, file=write(changed), label="Edition 2", source="test", effective_on=later, successions=successions
    )
    assert (report.added, report.renamed, report.ended, report.returned, report.successions) == (1, 1, 1, 0, 1)

    renamed = place_detail(db, 1105)
    assert (renamed.name, renamed.path) == ("Kibuye Gishya", "Kibuye Gishya sector, Nyarugenge")
    assert [(former.name, former.until_on) for former in renamed.former_names] == [("Mageregere", later)]
    inside = children_of(db, 1105)[0]
    assert "Kibuye Gishya sector" in inside.path
    assert [place.code for place in search_places(db, "Mageregere", limit=1)] == [1105], "the former name finds it"

    ended = place_detail(db, 11010102)
    assert ended.ended_on == later
    assert [(after.code, after.from_on) for after in ended.successors] == [(11010199, later)]
    assert search_places(db, "gihanga akabahizi gitega nyarugenge", limit=1)[0].code == 11010199
    assert 11010102 not in [place.code for place in children_of(db, 110101)]

    new = place_detail(db, 11010199)
    assert new.began_on == later
    assert [before.code for before in new.predecessors] == [11010102]

    event = db.execute(select(AuditEvent).where(AuditEvent.kind == "places.loaded").order_by(AuditEvent.id.desc()))
    assert event.scalars().first().content["renamed"] == 1


def test_a_place_that_is_listed_again_opens_again(db: Session, write: Write, country: str, later: date) -> None:
    line = "11010102,110101,village,Gihanga,nisr\n"
    load_release(db, file=write(country.replace(line, "")), effective_on=later)
    assert place_detail(db, 11010102).ended_on == later
    report = load_release(db, file=write(country + "\n\n"), effective_on=later + timedelta(days=1))
    assert (report.returned, report.added) == (1, 0)
    assert place_detail(db, 11010102).ended_on is None


def test_a_list_that_was_cut_off_is_refused_unless_it_is_meant(db: Session, write: Write, later: date) -> None:
    with pytest.raises(FieldError, match="another look") as refused:
        load_release(db, file=write(SMALL), effective_on=later)
    assert "looks cut off" in refused.value.errors[0][1]
    report = load_release(db, file=write(SMALL), effective_on=later, accept_endings=True)
    assert report.ended > 17_000
    assert db.get_one(Place, 0).ended_on is None


def test_an_older_list_is_refused(db: Session, write: Write, country: str, later: date) -> None:
    with pytest.raises(FieldError) as refused:
        load_release(db, file=write(country + "\n"), effective_on=later - timedelta(days=400))
    assert "give a later day" in refused.value.errors[0][1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "Add the missing columns code, parent_code, level, name"),
        ("code;parent_code;level;name\n1;;province;Kigali\n", 1, "Add the missing columns"),
        ("code,parent_code,level\n1,,province\n", 1, "Add the missing columns name;"),
        (HEADER, 1, "no place in this file"),
        (SMALL + "1201,12,sector,Bumbogo,nisr\n", 5, "12, which is not listed"),
        (SMALL + "1101,11,sector,Gitega,nisr\n", 5, "stands in line 4 already"),
        (SMALL + "111,11,sector,Gitega,nisr\n", 5, '"111" is no code'),
        (SMALL + "01102,11,sector,Gitega,nisr\n", 5, "is no code"),
        (SMALL + "-102,11,sector,Gitega,nisr\n", 5, "is no code"),
        (SMALL + "١١٠٢,11,sector,Gitega,nisr\n", 5, "is no code"),
        (SMALL + "1102,12,sector,Gitega,nisr\n", 5, 'must be 11 and not "12"'),
        (SMALL + "1102,11,cell,Gitega,nisr\n", 5, 'has the digits of a sector, the level says "cell"'),
        (SMALL + "1102,11,sector,,nisr\n", 5, "Write the name"),
        (SMALL + f"1102,11,sector,{'x' * 101},nisr\n", 5, "at most 100"),
        (SMALL + "1102,11,sector,Gi\x00tega,nisr\n", 5, "at most 100 letters and signs"),
        (SMALL + "1102,11,sector\n", 5, "Write 5 values; there are 3"),
        (SMALL + '1102,11,sector,"Gitega,nisr\n', 5, "quotation marks"),
    ],
)
def test_a_broken_file_is_refused_whole_with_its_line(
    db: Session, write: Write, later: date, text: str, line: int, words: str
) -> None:
    before = db.execute(select(func.count(), func.max(Place.release_id)).select_from(Place)).one()
    with pytest.raises(FieldError) as refused:
        load_release(db, file=write(text), effective_on=later, accept_endings=True)
    field, message = refused.value.errors[0]
    assert field == "file"
    assert message.startswith(f"list.csv, line {line}: ")
    assert words in message
    assert db.execute(select(func.count(), func.max(Place.release_id)).select_from(Place)).one() == before


def test_all_that_is_wrong_is_told_at_once_but_not_endlessly(db: Session, write: Write, later: date) -> None:
    broken = HEADER + "".join(f"{code},,province,Name,nisr\n" for code in range(100, 150))
    with pytest.raises(FieldError) as refused:
        load_release(db, file=write(broken), effective_on=later)
    assert len(refused.value.errors) == 11
    assert refused.value.errors[-1][1] == "40 more lines are wrong"


def test_a_file_in_another_encoding_is_refused(db: Session, write: Write, later: date) -> None:
    file = write(SMALL + "1102,11,sector,Cité,nisr\n", encoding="latin-1")
    with pytest.raises(FieldError) as refused:
        load_release(db, file=file, effective_on=later)
    assert "line 5: Save the file as UTF-8" in refused.value.errors[0][1]


def test_a_file_that_is_not_there_is_told(db: Session, tmp_path: Path) -> None:
    with pytest.raises(FieldError) as refused:
        load_release(db, file=tmp_path / "none.csv")
    assert "cannot be read" in refused.value.errors[0][1]


def test_a_byte_order_mark_and_any_order_of_lines_are_accepted(db: Session, write: Write, later: date) -> None:
    lines = SMALL.splitlines(keepends=True)
    text = "\ufeff" + lines[0] + "".join(reversed(lines[1:]))
    assert load_release(db, file=write(text), effective_on=later, accept_endings=True).rows == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from_code,to_code\n1101,1101\n", "two different places"),
        ("from_code,to_code\nx,1101\n", "two different places"),
        ("from_code,to_code,from_on\n1101,1102,1.1.2027\n", "year-month-day"),
        ("from_code,to_code\n1101,1199\n", "1199"),
        ("from\n1101\n", "missing columns"),
    ],
)
def test_broken_successions_are_refused(db: Session, write: Write, country: str, text: str, words: str) -> None:
    with pytest.raises(FieldError) as refused:
        load_release(db, file=write(country + "\n"), successions=write(text, "successions.csv"))
    assert words in refused.value.errors[0][1]
    assert refused.value.errors[0][0] == "file"


def test_aliases_are_replaced_and_those_of_unknown_places_wait(
    db: Session, write: Write, country: str, later: date
) -> None:
    aliases = write("code,alias,source\n1101,Itega,heard\n1199,Nowhere,heard\n", "aliases.csv")
    report = load_release(db, file=write(country), aliases=aliases, effective_on=later)
    assert report.aliases == 1
    assert db.execute(select(PlaceAlias.code, PlaceAlias.alias)).one() == (1101, "Itega")
    assert search_places(db, "itega", limit=1)[0].code == 1101
    assert db.scalar(select(func.count()).select_from(PlaceName)) == 0
    assert db.scalar(select(func.count()).select_from(PlaceSuccession)) == 0


def test_a_broken_alias_is_refused(db: Session, write: Write, country: str) -> None:
    with pytest.raises(FieldError) as refused:
        load_release(db, file=write(country), aliases=write("code,alias\n11x,Itega\n1101,\n", "aliases.csv"))
    assert [message for _field, message in refused.value.errors] == [
        'aliases.csv, line 2: "11x" is no code of a place',
        "aliases.csv, line 3: Write the name",
    ]
