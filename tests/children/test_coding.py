"""A child's own names in free text give way to the initials, whatever their case, accents and apostrophes."""

import pytest

from app.children.coding import hide_all_names, hide_names

NAMES = ["Iriza", "Uwase Éliane", "N'Gabo", "Bo", "de la Croix", ""]


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("Iriza came.", "I. M. came."),
        ("I met IRIZA, then iriza.", "I met I. M., then I. M."),
        ("Éliane, eliane and E\u0301liane", "I. M., I. M. and I. M."),
        ("Uwase Éliane Iriza sings", "I. M. sings"),
        ("Iriza-Uwase\nIriza sings", "I. M. sings"),
        ("Iriza's mother, n'Iriza", "I. M.'s mother, n'I. M."),
        ("N\u2019Gabo or NGabo or Gabo", "I. M. or I. M. or I. M."),
        ("Bo went", "I. M. went"),
        ("the house de la Croix, de la famille", "the house I. M., de la famille"),
        ("Irizabella and Boniface stay", "Irizabella and Boniface stay"),
        ("", ""),
    ],
)
def test_whole_words_of_the_childs_names_are_left_out(text, coded):
    assert hide_names(text, NAMES, "I. M.") == coded


def test_a_name_in_any_script_and_nobody_without_a_name():
    assert hide_names("جاءت مريم اليوم", ["مريم"], "M.") == "جاءت M. اليوم"
    assert hide_names("Nobody is named", ["", "…"], "M.") == "Nobody is named"
    assert hide_names("(*_Iriza_*)", ["Iriza"], "M.") == "(*_M._*)"


def test_several_people_each_have_their_own_letters_and_the_longest_name_goes_first():
    known = [(["Iriza Mukamana", "Iriza", "Mukamana"], "I. M."), (["Mukamana Rose"], "M. R.")]
    text = "Iriza lives with Mukamana Rose. Rose Mukamana and Rose are one; Mukamana Iriza knows her."
    coded = "I. M. lives with M. R. M. R. and M. R. are one; I. M. knows her."
    assert hide_all_names(text, known) == coded
