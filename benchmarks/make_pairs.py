"""Writes data/matching/pairs.csv: pairs of records with the answer, most kinds written by hand, slips made by chance.

The list was looked through by eye and is kept as it is; run this only to extend it: `python -m benchmarks.make_pairs`.
The variants are what people write, not what app/children/matching.py knows: it never reads this file.
"""

# ruff: noqa: E501 - a line is a handful of names
import csv
import random
from datetime import date, timedelta
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "data" / "matching" / "pairs.csv"
HEAD = ["pair", "same", "kind"] + [
    f"{what}_{side}" for side in "ab" for what in ("given", "family", "sex", "born", "precision", "origin")
]

# kind: how one of the two was written. Each line is one person: given, family / given, family.
SAME = {
    "l and r": """
        Aline, Mukarugwiza / Arine, Mukarugwiza; Kalisa, Eric / Karisa, Eric; Olive, Umulisa / Orive, Umurisa
        Aline, Umurerwa / Aline, Umulerwa; Kalimba, Jean / Karimba, Jean; Lydie, Mukarulinda / Lydie, Mukarurinda
        Liliane, Uwera / Liriane, Uwera; Solange, Mukankuranga / Sorange, Mukankulanga
        Felix, Gatarayiha / Ferix, Gatalayiha; Rwabukwisi, Alfred / Lwabukwisi, Alfred
        Laurence, Mukabalisa / Laurence, Mukabarisa; Rurangwa, Olivier / Lulangwa, Olivier
        Kabalisa, Paul / Kabarisa, Paul; Delphine, Mukarwego / Derphine, Mukalwego""",
    "b and v": """
        Yvan, Byukusenge / Iban, Vyukusenge; Vumilia, Uwineza / Bumilia, Uwineza; Olive, Mukabutera / Olibe, Mukavutera
        Vestine, Bavugamenshi / Bestine, Babugamenshi; Valens, Habumugisha / Balens, Havumugisha
        Viateur, Nsabimana / Biateur, Nsavimana; Evode, Habarurema / Ebode, Habarurema
        Divine, Uwababyeyi / Dibine, Uwavavyeyi""",
    "ny and gn": """
        Munyaneza, Eric / Mugnaneza, Eric; Agnes, Nyiransabimana / Anyesi, Gniransabimana
        Munyampundu, Jean / Mugnampundu, Jean; Aline, Nyirahabimana / Aline, Gnirahabimana
        Kanyamibwa, Yves / Kagnamibwa, Yves; Nyandwi, Pascal / Gnandwi, Pascal; Munyakazi, Felix / Mugnakazi, Felix""",
    "cy, ky and c": """
        Cyiza, Grace / Kiza, Grace; Cyuzuzo, Ange / Kyuzuzo, Ange; Cyubahiro, Eric / Kyubahiro, Eric
        Cyusa, Ivan / Cusa, Ivan; Kyomugisha, Joan / Cyomugisha, Joan; Mucyo, Aime / Mukyo, Aime
        Cyimana, Paul / Kimana, Paul; Ndacyayisenga, Alice / Ndakyayisenga, Alice; Mukacyubahiro, Rose / Mukacubahiro, Rose
        Bucyanayandi, Jean / Bukyanayandi, Jean""",
    "double letters": """
        Emmanuel, Habimana / Emanuel, Habimana; Immaculee, Uwizeye / Imaculee, Uwizeye
        Assoumpta, Mukamana / Asumpta, Mukamana; Gilbert, Nkusi / Gillbert, Nkussi; Anitha, Uwamariya / Annitha, Uwaamariya
        Odette, Mukarwema / Odete, Mukarwema; Yvette, Ingabire / Yvete, Ingabiire; Kaneza, Ella / Kanneza, Ela
        Joselyne, Tuyisenge / Josselyne, Tuyissenge""",
    "joined or split": """
        Marie Claire, Uwase / Marieclaire, Uwase; Aline, Mukamana / Aline, Muka Mana; Jean Paul, Bizimana / Jeanpaul, Bizimana
        Jean de Dieu, Nsengiyumva / Jeandedieu, Nsengiyumva; Jean d'Amour, Habineza / Jean Damour, Habineza
        Jean Bosco, Ntawukuriryayo / Jeanbosco, Ntawu Kuriryayo; Rose, Nyira Bagenzi / Rose, Nyirabagenzi
        Marie-Louise, Uwimbabazi / Marielouise, Uwimbabazi; Eric, Niyo Nzima / Eric, Niyonzima
        Claude, Haki Zimana / Claude, Hakizimana; Marie Rose, Uwamwiza / Marierose, Uwa Mwiza
        Jean Pierre, Twagira Yezu / Jean Pierre, Twagirayezu""",
    "h dropped or added": """
        Habimana, Eric / Abimana, Eric; Hakizimana, Paul / Akizimana, Paul; Harerimana, Jean / Arerimana, Jean
        Ishimwe, Ella / Hishimwe, Ella; Ruth, Uwera / Rut, Uwera; Esther, Mukeshimana / Ester, Mukeshimana
        Hategekimana, Innocent / Ategekimana, Inosent; Theogene, Ndahiro / Teogene, Ndahiro
        Bertha, Kayitesi / Berta, Kayitesi""",
    "w and u, y and i": """
        Uwimana, Alice / Wimana, Alice; Muiza, Keza / Mwiza, Keza; Uwase, Diane / Uase, Diane
        Rwigamba, Eric / Ruigamba, Eric; Iyamuremye, Jean / Yamuremye, Jean; Byiringiro, Yves / Biringiro, Ives
        Ndayishimiye, Eric / Ndaishimie, Eric; Uyisenga, Rose / Wisenga, Rose; Mutoniwase, Aline / Mutoniuase, Aline
        Ouwamahoro, Claire / Uwamahoro, Claire; Niyomugabo, Eric / Niomugabo, Eric; Mwizerwa, Ange / Muizerua, Ange
        Mougabo, Felix / Mugabo, Felix; Ntwari, Yvan / Ntuari, Ivan""",
    "names swapped": """
        Claude, Mugisha / Mugisha, Claude; Keza, Mutesi / Mutesi, Keza; Jean Paul, Kagabo / Kagabo, Jean Paul
        Uwera, Sandrine / Sandrine, Uwera; Ganza, Kevin / Kevin, Ganza; Marie Claire, Ingabire / Ingabire, Marie Claire
        Shema, Fabrice / Fabrice, Shema; Iriza, Bella / Bella, Iriza; Teta, Gwiza / Gwiza, Teta
        Innocent, Nzeyimana / Nzeyimana, Innocent; Hirwa, Prince / Prince, Hirwa; Solange, Utamuliza / Utamuliza, Solange""",
    "French, English, Kinyarwanda": """
        Jean, Habimana / John, Habimana; Marie, Uwase / Mary, Uwase; Claude, Niyonzima / Klode, Niyonzima
        Pierre, Nshimiyimana / Peter, Nshimiyimana; Joseph, Karemera / Yozefu, Karemera; Jacques, Rukundo / James, Rukundo
        Elisabeth, Mukasine / Elizabeth, Mukasine; Jeanne, Nyiramana / Joan, Nyiramana; Michel, Gasana / Michael, Gasana
        Paul, Mutabazi / Pawulo, Mutabazi; Francois, Kayiranga / Francis, Kayiranga; Therese, Kampire / Teresa, Kampire
        Andre, Musoni / Andrew, Musoni; Etienne, Gatete / Stephen, Gatete; Moise, Ganza / Moses, Ganza
        Catherine, Kankindi / Katerina, Kankindi; Philippe, Ntaganda / Philip, Ntaganda; Lucie, Umutoni / Lucy, Umutoni
        Emmanuel, Bizimana / Emanweli, Bizimana; Chantal, Mukamurenzi / Shantal, Mukamurenzi
        Patrice, Rugamba / Patrick, Rugamba; Beatrice, Uwambaje / Beyatirisi, Uwambaje
        Samuel, Nkurunziza / Samweli, Nkurunziza; Anne, Uwineza / Anna, Uwineza; Daniel, Kamanzi / Daniyeli, Kamanzi
        Jean Claude, Gakuba / John Claude, Gakuba; Veronique, Mukagatare / Veronika, Mukagatare""",
    "accents and apostrophes": """
        Éric, N'Gabo / Eric, Ngabo; Angélique, Mukashema / Angelique, Mukashema; Noëlla, Kirezi / Noella, Kirezi
        Jean d’Amour, Gisa / Jean d'Amour, Gisa; André, Bizumuremyi / Andre, Bizumuremyi; Moïse, Manzi / Moise, Manzi
        Françoise, Murekatete / Francoise, Murekatete; Béatrice, Uwera / Beatrice, Uwera""",
    "one name missing": """
        Marie Claire, Uwase / Claire, Uwase; Jean Bosco, Hitimana / Bosco, Hitimana; Aline Keza, Mutesi / Aline, Mutesi
        Jean Damascene, Ndayisaba / Damascene, Ndayisaba; Ange Bella, Umugwaneza / Ange, Umugwaneza
        Keza, / Keza, Umutoni; Manzi, / Manzi, Rugamba; Samuel, Mugisha / Samuel, Mugisha Ntwari""",
}
# Slips of writing and of memory that no rule of sound explains.
SLIPS = """
    Mukamana, Josiane; Uwamahoro, Clementine; Nsengimana, Fabrice; Hakizimana, Didier; Tuyishimire, Gentille
    Niyigena, Sandrine; Mukandayisenga, Florence; Habiyaremye, Cyprien; Nyirahabineza, Pascasie; Twizeyimana, Alexis
    Uwingabire, Delphine; Dusabimana, Olivier; Mukarutabana, Consolee; Ndagijimana, Charles; Iradukunda, Patrick
    Murekatete, Gisele; Nshimiyimana, Ernest; Uwiringiyimana, Jacqueline; Kwizera, Emmanuel; Umuhoza, Rosine
    Bigirimana, Callixte; Mukeshimana, Bernadette; Ntakirutimana, Gaspard; Uwizeyimana, Jeannette; Sindikubwabo, Vincent
    Niyitegeka, Honorine; Musabyimana, Dative; Rutagengwa, Theoneste; Kayirangwa, Esperance; Hagenimana, Innocent
    Nyiransengiyumva, Dancille; Munyentwari, Laurent; Uwitonze, Vestine; Karekezi, Justin; Mukantwari, Godelive
    Zaninka, Speciose; Habyarimana, Aphrodis; Gahongayire, Aline; Nzabonimpa, Celestin; Akimana, Solange
"""
# Two people who are easily taken for one. Each line: given, family / given, family.
OTHER = {
    "twins": """
        Keza, Mutesi / Teta, Mutesi; Gakuru, Mugisha / Gato, Mugisha; Ange, Uwase / Ella, Uwase
        Jean Paul, Habimana / Jean Pierre, Habimana; Aline, Ingabire / Alice, Ingabire; Shema, Ganza / Hirwa, Ganza
        Divine, Uwimana / Diane, Uwimana; Eric, Niyonzima / Elie, Niyonzima; Marie Rose, Umutoni / Marie Claire, Umutoni
        Bukuru, Nsabimana / Butoyi, Nsabimana; Joseph, Gasana / Josue, Gasana; Grace, Iradukunda / Gloria, Iradukunda
        Sandrine, Uwera / Sonia, Uwera; Kevin, Rukundo / Calvin, Rukundo; Gisele, Kayitesi / Gloriose, Kayitesi
        Patrick, Mugabo / Patience, Mugabo; Olive, Ishimwe / Olivier, Ishimwe; Claude, Kalisa / Claudine, Kalisa""",
    "sisters and brothers": """
        Keza, Mutesi / Ineza, Mutesi; Eric, Habimana / Yves, Habimana; Aline, Uwase / Diane, Uwase
        Fabrice, Nkusi / Fabien, Nkusi; Chantal, Mukamana / Claudine, Mukamana; Manzi, Rugamba / Ganza, Rugamba
        Solange, Uwamahoro / Sylvie, Uwamahoro; Jean Bosco, Gatete / Jean Claude, Gatete; Alice, Umurerwa / Alexia, Umurerwa
        Josiane, Ingabire / Josephine, Ingabire; Emmanuel, Bizimana / Samuel, Bizimana; Grace, Teta / Gift, Teta""",
    "same names, another birth": """
        Marie, Uwase / Marie, Uwase; Eric, Habimana / Eric, Habimana; Claude, Mugisha / Claude, Mugisha
        Aline, Uwimana / Aline, Uwimana; Jean Paul, Niyonzima / Jean Paul, Niyonzima; Diane, Ishimwe / Diane, Ishimwe
        Alice, Ingabire / Alice, Ingabire; Patrick, Iradukunda / Patrick, Iradukunda; Emmanuel, Nsabimana / Emmanuel, Nsabimana
        Claudine, Umutoni / Claudine, Umutoni; Innocent, Hakizimana / Innocent, Hakizimana; Chantal, Mukamana / Chantal, Mukamana
        Keza, Mutesi / Keza, Mutesi; Fabrice, Tuyishime / Fabrice, Tuyishime; Solange, Uwera / Solange, Uwera
        Olivier, Kwizera / Olivier, Kwizera; Grace, Umuhoza / Grace, Umuhoza; Samuel, Bizimana / Samuel, Bizimana""",
    "names that look alike": """
        Aline, Mukamana / Aline, Mukamusoni; Eric, Habimana / Eric, Habineza; Claude, Nsabimana / Claude, Nsengimana
        Diane, Uwimana / Diane, Uwineza; Alice, Uwamahoro / Alice, Uwamariya; Jean, Hakizimana / Jean, Harerimana
        Grace, Umutoni / Grace, Umutesi; Olive, Uwera / Olive, Uwase; Paul, Bizimana / Paul, Bizumuremyi
        Rose, Mukarwego / Rose, Mukarukundo; Yves, Mugisha / Yves, Mugabo; Ange, Ishimwe / Ange, Ingabire
        Emmanuel, Niyonzima / Emmanuel, Niyomugabo; Sandrine, Umurerwa / Sandrine, Umulisa; Eric, Gasana / Eric, Gasasira
        Chantal, Mukantagara / Chantal, Mukantwari; Josiane, Tuyisenge / Josiane, Tuyishime; Innocent, Ndayisaba / Innocent, Ndayizeye
        Marie, Nyiramana / Marie, Nyiraneza; Keza, Kayitesi / Keza, Kayirangwa; Patrick, Rutayisire / Patrick, Rutaganda
        Pascal, Twagirayezu / Pascal, Twagirimana; Vestine, Musabyimana / Vestine, Musabyemariya; Felix, Kagabo / Felix, Kagame
        Claudine, Nyirahabimana / Claudine, Nyirahabineza; Jean, Nkurunziza / Jean, Nkundimana; Divine, Iradukunda / Divine, Irakoze
        Alexis, Habiyambere / Alexis, Habiyaremye; Esther, Mukashema / Esther, Mukasine; Theogene, Murenzi / Theogene, Musoni""",
    "one common name": """
        Marie, Uwase / Grace, Uwase; Jean, Mugisha / Eric, Mugisha; Claude, Habimana / Claude, Gasana
        Diane, Uwera / Diane, Kayitesi; Uwimana, / Uwimana, Jeanne; Ishimwe, / Ishimwe, Kevin; Eric, / Eric, Manzi
        Alice, Umutoni / Alice, Nyiransabimana; Iradukunda, Yves / Iradukunda, Moise; Ange, Keza / Ange, Mukamurenzi""",
    "woman's and man's name": """
        Jean, Niyonzima / Jeanne, Niyonzima; Claude, Uwimana / Claudine, Uwimana; Pascal, Ishimwe / Pascaline, Ishimwe
        Emile, Iradukunda / Emilienne, Iradukunda; Andre, Kwizera / Andrea, Kwizera; Gabriel, Tuyishime / Gabrielle, Tuyishime
        Daniel, Mugisha / Danielle, Mugisha; Joseph, Nshuti / Josephine, Nshuti; Francois, Hirwa / Francoise, Hirwa""",
}
WOMEN = {"Aline", "Marie", "Diane", "Alice", "Keza", "Grace", "Solange", "Chantal", "Claudine", "Olive", "Rose", "Ange"}
WOMEN |= {"Josiane", "Divine", "Teta", "Ella", "Sandrine", "Vestine", "Esther", "Gisele", "Uwimana", "Mukamana"}
VILLAGES = [
    11010102,
    12010102,
    13020101,
    21010101,
    22030104,
    24050101,
    31020103,
    33010102,
    41020101,
    43050102,
    52010103,
]


def lines(block: str) -> list[str]:
    return [one.strip() for line in block.strip().splitlines() for one in line.split(";") if one.strip()]


def two(one: str) -> tuple[str, str]:
    given, _comma, family = one.partition(",")
    return given.strip(), family.strip()


def slip(rng: random.Random, word: str) -> str:
    """One letter fell out, came twice, changed places or became another."""
    at = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:
            return word[:at] + rng.choice("aeiounmktsgbrd") + word[at + 1 :]
        case _:
            return word[:at] + rng.choice("aeinmu") + word[at:]


def slip_in(rng: random.Random, name: str) -> str:
    words = name.split()
    long = [n for n, word in enumerate(words) if len(word) > 4]
    if long:
        words[long[0]] = slip(rng, words[long[0]])
    return " ".join(words)


def day(rng: random.Random) -> date:
    return date(2006, 1, 1) + timedelta(days=rng.randrange(365 * 16))


def as_known(rng: random.Random, born: date) -> tuple[str, str]:
    """A date of birth as a second worker may have heard it."""
    match rng.choices(range(7), (62, 7, 8, 10, 5, 5, 3))[0]:
        case 0:
            return born.isoformat(), "day"
        case 1:
            swapped = born.replace(day=born.month, month=born.day) if born.day <= 12 else born
            return swapped.isoformat(), "day"
        case 2:
            return born.replace(day=15).isoformat(), "month"
        case 3:
            return date(born.year, 7, 1).isoformat(), "year"
        case 4:
            return date(born.year + rng.choice((-1, 1)), 7, 1).isoformat(), "estimated"
        case 5:
            return born.replace(day=min(28, born.day + rng.choice((1, -1)) or 2)).isoformat(), "day"
        case _:
            return "", "unknown"


def origin(rng: random.Random, village: int) -> int | str:
    return rng.choices((village, village // 100, village // 10_000, "", rng.choice(VILLAGES)), (55, 8, 5, 27, 5))[0]


def main() -> None:  # noqa: C901 - one list after the other
    rng = random.Random("pairs of records")
    rows: list[list[object]] = []

    def add(same: bool, kind: str, a: list[object], b: list[object]) -> None:
        rows.append([f"P{len(rows) + 1:03d}", "same" if same else "different", kind, *a, *b])

    def same(kind: str, one: tuple[str, str], other: tuple[str, str]) -> None:
        sex, born, village = sex_of(rng, one), day(rng), rng.choice(VILLAGES)
        known, precision = as_known(rng, born)
        other_sex = {"female": "male", "male": "female"}[sex] if rng.random() < 0.02 else sex
        a: list[object] = [*one, sex, born.isoformat(), "day", village]
        b: list[object] = [*other, other_sex, known, precision, origin(rng, village)]
        add(True, kind, *((a, b) if rng.random() < 0.5 else (b, a)))

    for kind, block in SAME.items():
        for line in lines(block):
            one, _slash, other = line.partition(" / ")
            same(kind, two(one), two(other))
    for line in lines(SLIPS):
        family, given = two(line)
        same("slip of the pen", (given, family), (given, slip(rng, family)))
        if rng.random() < 0.5:
            same("nothing but the birth", (given, family), (given, family))
    every = [line for block in SAME.values() for line in lines(block)]
    for line in rng.sample(every, 50):
        one, other = (two(part) for part in line.split(" / "))
        # What was heard differently was written by another hand as well: the other name first, or a slip.
        same("two differences", one, (other[1], other[0]) if rng.random() < 0.5 else (slip_in(rng, other[0]), other[1]))
    for kind, block in OTHER.items():
        for line in lines(block):
            one, other = (two(part) for part in line.split(" / "))
            sex, born, village = sex_of(rng, one), day(rng), rng.choice(VILLAGES)
            add(False, kind, *different(rng, kind, one, other, sex, born, village))
    # Strangers who share a name or a birthday, as a register of a whole country has them by the thousand.
    people = [two(line) for line in lines(SLIPS)]
    for _number in range(100):
        (family, given), (family_b, given_b) = rng.sample(people, 2)
        sex, born = rng.choice(("female", "male")), day(rng)
        shared = rng.random() < 0.5
        b_day = born if shared else born + timedelta(days=rng.randrange(-900, 900))
        a: list[object] = [given, family, sex, born.isoformat(), "day", rng.choice(VILLAGES)]
        names = (given_b, family_b) if shared else rng.choice([(given, family_b), (given_b, family)])
        b: list[object] = [*names, sex, b_day.isoformat(), "day", rng.choice(VILLAGES)]
        add(False, "strangers of one birthday" if shared else "strangers of one name", a, b)
    with TARGET.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerows([HEAD, *rows])
    print(f"{len(rows)} pairs, {sum(row[1] == 'same' for row in rows)} of one person")


def sex_of(rng: random.Random, name: tuple[str, str]) -> str:
    words = set(" ".join(name).split())
    return (
        "female"
        if words & WOMEN or any("Muka" in word or "Nyira" in word for word in words)
        else rng.choice(("male", "female"))
    )


def different(
    rng: random.Random, kind: str, one: tuple[str, str], other: tuple[str, str], sex: str, born: date, village: int
) -> tuple[list[object], list[object]]:
    a: list[object] = [*one, sex, born.isoformat(), "day", village]
    match kind:
        case "twins":
            b: list[object] = [*other, sex if rng.random() < 0.7 else "male", born.isoformat(), "day", village]
        case "sisters and brothers":
            later = born + timedelta(days=rng.randrange(400, 1500))
            b = [*other, rng.choice(("female", "male")), later.isoformat(), "day", village]
        case "same names, another birth":
            later = born + timedelta(days=rng.choice((-1, 1)) * rng.randrange(420, 4000))
            b = [*other, sex, later.isoformat(), "day", rng.choice(VILLAGES)]
        case "woman's and man's name":
            a[2] = "male"
            b = [*other, "female", (born + timedelta(days=rng.randrange(0, 700))).isoformat(), "day", village]
        case _:
            near = born + timedelta(days=rng.choice((0, 0, 3, 40, 200, 500, 900, -300)))
            b = [*other, sex, near.isoformat(), "day", rng.choice((village, "", rng.choice(VILLAGES)))]
    return a, b


if __name__ == "__main__":
    main()
