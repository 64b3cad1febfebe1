"""How names are written and heard: one spelling for every way to write a name down, and how alike two are. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA

from app.core.text import fold

# Baptismal names that are written in French, English and Kinyarwanda; the first of each line stands for all.
BAPTISMAL = """
jean john jon johane yohani yohana johani shan
jeanne joan jane janne yohanna
jeannette janet jeanette janette
marie mary mariya maria mari meri
claude klode claud klodi kolode clod
claudine klodine claudina kolodine
pierre peter petero piere pita
paul paulo pawulo pol
pauline polina paulina
joseph josef yozefu yosefu jozef yusufu josefu jozefu
josephine jozefina josefine yozefina josephina
jacques james yakobo jacob jake jakobo
etienne stephen steven stefano setefano estienne stephane
andre andrew anderea andereya
emmanuel emanuel emanweli imanweli emmanweli manuel manweli
daniel daniyeli danieli
david dawidi davide dawudi
samuel samweli samueli
michel michael mikayeli mikael
francois francis faransisi fransis fransua
francoise frances faransiska fransiska
antoine anthony antony antoni tony
laurent lawrence lorent rorenti
etiennette
elie elijah eliya
elisabeth elizabeth elizabeti erisabeti
catherine katherine katerina gaterina kathrine katrine
theogene tewojene teogene
theoneste tewonesti teoneste
innocent inosenti inocent
patrice patrick patrike patrik
beatrice beatrise beyatirisi beatris
angelique anjelike anjelique angelic
cecile cecilia sesiliya sesile
lucie lucy lusiya
esther ester esiteri
ruth ruta
rachel rahel rasheli
sarah sara
anne ann anna ana
alice alisi alise
agnes anyesi agness anies
chantal shantal shantali chantali
christine kristine kirisitina cristine
christophe christopher kirisitofu kristof
charles karoli sharl sharile karori
gaspard gaspar gasipari
damascene damasene damaseni
baptiste batisita batiste baptist
amour damour
dieu dedieu
jeandamascene
vincent vensa visenti vinsenti
eric erik erike
alexis alexi aleksi
alphonse alfonsi alfonse alphonce
augustin agusitini ogistin augustine
benoit benedict benedigito
boniface bonifasi
dominique dominiko dominic dominike
evariste evarisiti evarist
felicien felisiyani felician
ferdinand feridina
ignace inyasi ignatius
immaculee imakulata imaculee imaculate
jacqueline jakline jacquiline jaqueline jackline
leonard leonardo reyonaridi
louis luwi louise
mathieu matthew matayo mathias matiyasi
moise moses musa
philippe philip filipo
simon simoni simeon
thomas tomasi toma
therese theresa tereza teresa teresi
veronique veronika veronica veroniki
xavier saveri zaveri
yves yvesi ives
yvonne ivonne yvone
yvette ivette yvete
"""
_CANON = {name: line.split()[0] for line in BAPTISMAL.strip().splitlines() for name in line.split()}
_PARTICLES = frozenset({"d", "de", "da", "du", "la", "le"})
# The twins of a family are often called the elder and the younger.
_TWIN_NAMES = ({"gakuru", "bakuru", "nyakuru"}, {"gato", "bato", "nyato"})

_SPELLING = tuple(
    (re.compile(pattern), with_)
    for pattern, with_ in (
        (r"[^a-z]", ""),
        (r"gn", "ny"),
        (r"ou", "u"),
        (r"ph|pf", "f"),
        (r"s?ch|sh", "S"),
        (r"dj", "j"),
        (r"ck|qu?", "k"),
        (r"[ck]y(?=[aeiou])", "k"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"ny(?=[aeiou])", "N"),
        (r"([jS])y", r"\1"),
        (r"bg(?=[aeiouw])", "b"),
        (r"h", ""),
        (r"l", "r"),
        (r"v", "b"),
        (r"w", "u"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile(r"(?<=.)[aeiou]+")
_DOUBLE = re.compile(r"(.)\1+")
MOST_TOKENS = 5
_NEAR_ENOUGH = 0.72
"""Below this two words are two different names, not two spellings."""


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """One spelling for all the ways to write one word that was heard: "Lwagasana" becomes "ruagasana"."""
    folded = _CANON.get(word, word)
    for pattern, with_ in _SPELLING:
        folded = pattern.sub(with_, folded)
    return folded


@lru_cache(maxsize=20_000)
def skeleton_of(sound: str) -> str:
    """The consonants of a sound, which survive most slips of the pen, after its first letter."""
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", sound).replace("z", "s").replace("S", "s").replace("N", "n"))


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that count, folded and in order; particles and everything after the fifth word do not."""
    words = [re.sub(r"[^a-z]", "", word) or word for word in fold(name).split()]
    return tuple(word for word in words if word not in _PARTICLES)[:MOST_TOKENS] or tuple(words[:1])


def sound(name: str) -> str:
    """A whole name as it sounds, for finding it by parts: small letters, words in their order."""
    return " ".join(sound_of(word) for word in words_of(name) if sound_of(word)).lower()


Similar = Callable[[str, str], float]


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> float:
    """How alike two words of names are: 1 the same, 0.97 the same sound, below that by letters, 0 different names."""
    if one == other:
        return 1.0
    a, b = sound_of(one), sound_of(other)
    if a == b:
        return 0.97
    elder, younger = _TWIN_NAMES
    if (one in elder and other in younger) or (one in younger and other in elder):
        return 0.0
    known = _CANON.get(one), _CANON.get(other)
    if all(known):
        # Claude and Claudine, Andre and Andrea: two names that exist are not each other's misspelling.
        return 0.0
    by_sound = OSA.normalized_similarity(a, b)
    by_letters = OSA.normalized_similarity(one, other)
    best = max(by_sound, by_letters)
    # A slip inside a long name is a slip; three letters of which one differs are another name.
    if min(len(one), len(other)) <= 5 and (skeleton_of(a) != skeleton_of(b) or min(len(a), len(b)) < 4):
        return 0.0
    if best < _NEAR_ENOUGH:
        return 0.0
    # The end of a name tells a woman's from a man's, its beginning one name from another.
    if a[:1] != b[:1] and by_letters < 0.85:
        return 0.0
    return 0.95 * best
