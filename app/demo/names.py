"""Names as people in Rwanda bear them: a given name and a Kinyarwanda name of one's own. All bearers are invented."""

import random

from app.children.words import Sex

_words = str.split

GIVEN = {
    Sex.FEMALE: _words(
        "Aline Alice Angélique Béatrice Bernadette Chantal Claudine Clémentine Consolée Delphine Denise Diane Divine "
        "Esther Florence Françoise Gisèle Grace Immaculée Jacqueline Jeannette Joséphine Josiane Liliane Marie-Claire "
        "Olive Pascasie Rosine Sandrine Solange Vestine Yvonne Ange Ineza Keza Teta Gwiza Hirwa Kirezi Bwiza Ikirezi"
    ),
    Sex.MALE: [
        "Jean d'Amour",
        *_words(
            "Alexis Aimable André Bosco Callixte Charles Claude Cyprien Damascène Daniel David Didier Élie Emmanuel "
            "Éric Ernest Fabrice Félicien François Gaspard Gilbert Innocent Jean-Baptiste Jean-Paul Joseph Justin "
            "Laurent Moïse Olivier Pacifique Pascal Patrick Samuel Théogène Théoneste Vincent Ganza Gisa Manzi Shema"
        ),
    ],
}
OWN = {
    Sex.FEMALE: _words(
        "Ingabire Iribagiza Kabatesi Kampire Kankindi Kayitesi Mukabera Mukagatare Mukakarisa Mukamana Mukamazimpaka "
        "Mukamurenzi Mukandayisenga Mukansanga Mukarutabana Mukashema Mukasine Murekatete Musabyimana Mutesi "
        "Mutoniwase Nyirabagenzi Nyiramana Nyirambonera Nyiransabimana Uwambaje Uwamahoro Uwamwezi Uwase Uwera "
        "Uwimana Uwineza Uwingabire Umutoni Umurerwa Umulisa Umubyeyi Umugwaneza Utamuliza Ishimwe Iradukunda"
    ),
    Sex.MALE: _words(
        "Bizimana Gakuba Gasana Gatete Habimana Habineza Habiyambere Hakizimana Harerimana Hategekimana Hitimana "
        "Kagabo Kalisa Kamanzi Karangwa Karemera Kayiranga Mugisha Munyaneza Murenzi Musoni Mutabazi Ndagijimana "
        "Ndayisaba Niyonzima Nkurunziza Nsabimana Nshimiyimana Ntaganda Nzeyimana Rukundo Rugamba Rutayisire "
        "Rwigamba Sibomana Tuyishime Twagirayezu Uwizeye Byiringiro Ishimwe Iradukunda"
    ),
}


def draw_name(rng: random.Random, sex: Sex) -> tuple[str, str]:
    """A given name and a name of one's own."""
    return rng.choice(GIVEN[sex]), rng.choice(OWN[sex])


def draw_sex(rng: random.Random, *, males: float = 0.5) -> Sex:
    """Female or male; in the houses of the surveys about 56 in a hundred were boys."""
    return Sex.MALE if rng.random() < males else Sex.FEMALE
