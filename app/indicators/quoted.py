"""Published figures, with what they count, when, and who said so. They disagree, and that is kept as it is."""

from datetime import date

_TMM_NOTE = "NCC, Tubarerere Mu Muryango two-page note on the first phase (2015)"


def _figure(code: str, indicator: str, value: float, definition: str, **further: object) -> dict[str, object]:
    row: dict[str, object] = {
        "code": code,
        "indicator": indicator,
        "value": value,
        "unit": "children and young adults",
        "definition": definition,
        "from_on": None,
        "as_of_on": date(2012, 12, 31),
        "source": _TMM_NOTE,
        "includes_young_adults": None,
        "registered_institutions_only": None,
    }
    return row | further


QUOTED_FIGURES: list[dict[str, object]] = [
    _figure(
        "baseline-2012",
        "I01",
        3323,
        "Children and young adults living in registered institutions, final count of the national survey",
        includes_young_adults=True,
        registered_institutions_only=True,
    ),
    _figure(
        "baseline-2012-preliminary",
        "I01",
        3153,
        "The same survey as first announced, for 33 institutions",
        source="IGIHE and The New Times, 2012",
        includes_young_adults=True,
        registered_institutions_only=True,
    ),
    _figure(
        "entries-2014",
        "I03",
        -81,
        "Change in new entries into institutions from 2011 to 2014; the yearly counts behind it were not published",
        unit="per cent",
        from_on=date(2011, 1, 1),
        as_of_on=date(2014, 12, 31),
    ),
    _figure(
        "placed-2014",
        "I05",
        1696,
        "Children and young adults placed in family-based and alternative care by 48 social workers and psychologists",
        from_on=date(2012, 7, 1),
        as_of_on=date(2014, 12, 31),
        includes_young_adults=True,
        registered_institutions_only=True,
    ),
    _figure(
        "placed-2014-september",
        "I05",
        2137,
        "Reintegrated out of 4,147 said to have been in orphanages by 2011",
        as_of_on=date(2014, 9, 30),
        source="The New Times, September 2014, quoting NCC",
    ),
    _figure(
        "placed-2017",
        "I05",
        3044,
        "Integrated into families; 892 more were waiting",
        as_of_on=date(2017, 12, 31),
        source="The New Times, December 2017",
    ),
    _figure(
        "placed-2019",
        "I05",
        3151,
        "Placed, out of the 3,323 of the survey",
        as_of_on=date(2019, 12, 31),
        source="The New Times, 2019",
        includes_young_adults=True,
    ),
    _figure(
        "placed-2024",
        "I05",
        3465,
        "Placed since 2012, of whom 589 with foster families",
        from_on=date(2012, 7, 1),
        as_of_on=date(2024, 5, 31),
        source="The New Times, May 2024",
    ),
    _figure(
        "foster-share-2024",
        "I06",
        17.0,
        "Share of foster families among placements since 2012: 589 of 3,465",
        unit="per cent",
        from_on=date(2012, 7, 1),
        as_of_on=date(2024, 5, 31),
        source="The New Times, May 2024; share computed",
    ),
]
