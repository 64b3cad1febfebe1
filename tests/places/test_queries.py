import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.access.area import EVERYWHERE, NOWHERE, area_of
from app.core import clock
from app.core.errors import FieldError, NotFound
from app.places.models import Place
from app.places.queries import find_area, find_place, place_detail, resolve_at, resolve_place, resolve_sector
from app.places.search import search_page, search_places
from app.places.words import PlaceLevel
from tests.clients import Statements


def paths(db: Session, q: str, **given: object) -> list[str]:
    return [place.path for place in search_places(db, q, **given)]  # type: ignore[arg-type]


def test_three_letters_find_every_level_districts_first(db: Session) -> None:
    found = search_places(db, "nya", limit=50)
    levels = [place.level for place in found]
    assert levels == sorted(levels, key=list(PlaceLevel).index)
    assert {place.name for place in found if place.level is PlaceLevel.DISTRICT} == {
        "Nyabihu", "Nyagatare", "Nyamagabe", "Nyamasheke", "Nyanza", "Nyarugenge", "Nyaruguru"
    }  # fmt: skip


def test_the_very_name_comes_first_from_the_largest_place_down(db: Session) -> None:
    assert paths(db, "Nyarugenge", limit=3) == [
        "Nyarugenge district",
        "Nyarugenge sector, Nyarugenge",
        "Nyarugenge sector, Bugesera",
    ]
    assert [place.level.value for place in search_places(db, "remera", limit=6)] == ["sector"] * 4 + ["cell"] * 2


def test_148_kabezas_each_come_with_their_sector(db: Session) -> None:
    found = search_places(db, "kabeza", level=PlaceLevel.VILLAGE, limit=200)
    named = [place for place in found if place.name == "Kabeza"]
    assert len(named) == 148
    assert all(" sector, " in place.path for place in named)
    assert len({place.path for place in named}) == 148


@pytest.mark.parametrize(
    ("letters", "path"),
    [
        ("kabeza masoro", "Kabeza, Masoro cell, Ndera sector, Gasabo"),
        ("kabez ndera", "Kabeza, Masoro cell, Ndera sector, Gasabo"),
        ("KABEZA, Masoro", "Kabeza, Masoro cell, Ndera sector, Gasabo"),
        ("gihanga akabahizi", "Gihanga, Akabahizi cell, Gitega sector, Nyarugenge"),
        ("gitega nyarugenge", "Gitega sector, Nyarugenge"),
        ("mageragere", "Mageregere sector, Nyarugenge"),
        ("mageragere nyarugenge", "Mageregere sector, Nyarugenge"),
        ("ririma", "Rilima sector, Bugesera"),
        ("shyrongi", "Shyorongi sector, Rulindo"),
        ("rugendabari burera", "Rugengabari sector, Burera"),
        ("Ngoma Ii", "Ngoma II, Ngoma cell, Ngoma sector, Huye"),
        ("mulinzi", "Murinzi cell, Kavumu sector, Ngororero"),
        ("cite", "Cité, Nyange cell, Bugarama sector, Rusizi"),
        ("nyamata y'umujyi", "Nyamata y' Umujyi cell, Nyamata sector, Bugesera"),
        ("umurenge wa gitega", "Gitega sector, Nyarugenge"),
        ("kigali", "Kigali City"),
        ("Amajyepfo", "Southern Province"),
        ("rwanda", "Rwanda"),
        ("kamonyyi", "Kamonyi district"),
    ],
)
def test_what_people_type_finds_what_they_mean(db: Session, letters: str, path: str) -> None:
    assert paths(db, letters, limit=1) == [path]


@pytest.mark.parametrize(
    "letters",
    [
        "",
        "k",
        "%",
        "__",
        "%%%",
        "qqqqqq",
        "😀😀😀",
        "'; drop table places; --",
        "<b>x</b>",
        "\\",
        "x" * 100,
        "\u0627" * 100,
    ],
)
def test_strange_letters_find_nothing_and_break_nothing(db: Session, letters: str) -> None:
    assert search_places(db, letters) == []


def test_a_level_and_a_place_narrow_the_search(db: Session) -> None:
    inside = search_places(db, "kabeza", level=PlaceLevel.VILLAGE, within=area_of(12), limit=50)
    assert inside
    assert all(place.code // 1_000_000 == 12 for place in inside)
    assert search_places(db, "kabeza", within=NOWHERE) == []


def test_places_nearby_come_first(db: Session) -> None:
    found = search_places(db, "kabeza", level=PlaceLevel.VILLAGE, near=area_of(54), limit=148)
    nearby = [place.code // 1_000_000 == 54 for place in found]
    assert nearby[0]
    assert nearby == sorted(nearby, reverse=True)
    assert paths(db, "kabeza", near=EVERYWHERE) == paths(db, "kabeza")


def test_an_ended_place_is_not_offered(db: Session) -> None:
    db.execute(update(Place).where(Place.code == 1101).values(ended_on=clock.today()))
    assert 1101 not in [place.code for place in search_places(db, "gitega", limit=100)]


def test_a_search_is_one_statement_and_pages_without_gaps(db: Session, statements: Statements) -> None:
    with statements.counted() as block:
        whole = search_places(db, "kabeza", limit=200)
    assert len(block) == 1
    seen, cursor = [], None
    while True:
        page = search_page(db, "kabeza", limit=30, cursor=cursor)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert seen[:200] == whole
    assert len({place.code for place in seen}) == len(seen)


def test_the_search_looks_into_the_index(db: Session, statements: Statements) -> None:
    search_places(db, "kabeza gitega")
    db.execute(text("set local enable_seqscan = off"))
    sql = text(
        "explain select code from places where (folded like 'kabeza%' or folded like '% kabeza%') and ended_on is null"
    )
    assert "ix_places_folded" in "\n".join(db.scalars(sql))
    assert "LIKE" in statements.seen[0]


def test_a_village_gives_where_a_record_lies(db: Session) -> None:
    place = resolve_place(db, village=11010102)
    assert (place.place_code, place.area_code, place.village_name) == (11010102, 11010102, None)
    assert place.path == "Gihanga, Akabahizi cell, Gitega sector, Nyarugenge"
    assert place.lies_in(area_of(1101))
    assert resolve_place(db, village=11010102, cell=110101) == place


def test_an_unknown_village_of_a_known_cell_is_accepted(db: Session) -> None:
    place = resolve_place(db, village=None, cell=110101, village_name="Umudugudu  mushya")
    assert (place.place_code, place.area_code) == (110101, 11010100)
    assert place.village_name == "Umudugudu mushya"
    assert place.path == "Umudugudu mushya, Akabahizi cell, Gitega sector, Nyarugenge"
    assert resolve_place(db, village=None, cell=110101).village_name is None


def test_the_name_of_a_listed_village_gives_its_code(db: Session) -> None:
    assert resolve_place(db, village=None, cell=110101, village_name="gihanga").place_code == 11010102


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"village": None}, "Choose the village"),
        ({"village": None, "village_name": "Kabeza"}, "Choose the village"),
        ({"village": 11010102, "cell": 110102}, "not in the cell"),
        ({"village": 11019999}, "No place has the code"),
        ({"village": 110101}, "8 digits"),
        ({"village": 0}, "8 digits"),
        ({"village": -11010102}, "8 digits"),
        ({"village": 10**30}, "8 digits"),
        ({"village": None, "cell": 1101}, "6 digits"),
        ({"village": None, "cell": 110199}, "No place has the code"),
    ],
)
def test_what_lies_nowhere_is_told_at_the_field(db: Session, given: dict[str, object], words: str) -> None:
    with pytest.raises(FieldError) as refused:
        resolve_place(db, field="home", **given)  # type: ignore[arg-type]
    field, message = refused.value.errors[0]
    assert field == "home"
    assert words in message


def test_new_records_cannot_choose_an_ended_place(db: Session) -> None:
    db.execute(update(Place).where(Place.code == 11010102).values(ended_on=clock.today()))
    with pytest.raises(FieldError) as refused:
        resolve_place(db, village=11010102)
    assert "no longer in the list" in refused.value.errors[0][1]
    assert find_place(db, 11010102) is not None


def test_a_sector_and_any_level_resolve_too(db: Session) -> None:
    assert resolve_sector(db, 1101).area_code == 11010000
    with pytest.raises(FieldError) as refused:
        resolve_sector(db, 11, "sector")
    assert refused.value.errors == [("sector", "Choose a sector; its code has 4 digits")]
    assert resolve_at(db, 0).path == "Rwanda"
    assert resolve_at(db, 11, PlaceLevel.DISTRICT, PlaceLevel.SECTOR).path == "Nyarugenge district"
    with pytest.raises(FieldError):
        resolve_at(db, 11010102, PlaceLevel.DISTRICT, PlaceLevel.SECTOR)
    with pytest.raises(FieldError):
        resolve_at(db, 123)


def test_an_area_for_a_filter(db: Session) -> None:
    assert find_area(db, 11) == area_of(11)
    assert find_area(db, 0) == EVERYWHERE
    for unknown in (99, 123, 10**12, -5):
        with pytest.raises(FieldError) as refused:
            find_area(db, unknown, "within")
        assert refused.value.errors[0][0] == "within"


def test_a_place_knows_what_holds_it(db: Session) -> None:
    place = place_detail(db, 1105)
    assert [holder.code for holder in place.holders] == [11, 1, 0]
    assert place.aliases == ["Mageragere"]
    assert place_detail(db, 0).holders == []
    for unknown in (99, 123, 10**12):
        with pytest.raises(NotFound):
            place_detail(db, unknown)
