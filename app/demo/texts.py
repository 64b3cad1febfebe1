"""What the invented people wrote: short, decent, in the three languages of the service."""

from app.children.words import ConcernType as Concern
from app.referrals.words import Outcome

NARRATIVES: dict[Concern, tuple[str, ...]] = {
    Concern.NEGLECT: (
        "The mother works until late. The two youngest are alone all day and have not eaten warm food since Sunday.",
        "Abana babiri basigara bonyine umunsi wose. Umuturanyi ni we ubaha ibiryo.",
        "La grand-mère est malade et ne peut plus s'occuper des enfants. Les voisins aident comme ils peuvent.",
    ),
    Concern.SCHOOL_DROPOUT: (
        "He has not been at school for three weeks. His father says that there is no money for the uniform.",
        "Umwana amaze ukwezi atajya ku ishuri. Ababyeyi bavuga ko nta makaye afite.",
        "L'enseignante signale trois semaines d'absence. La famille vient de déménager.",
    ),
    Concern.PHYSICAL_VIOLENCE: (
        "The child came to me afraid to go home. There are marks on the arm. The aunt took the child in for the night.",
        "Umwana yanze gutaha kuko afite ubwoba. Yaraye kwa nyirasenge.",
    ),
    Concern.SEXUAL_VIOLENCE: (
        "The girl told her teacher yesterday. She is with her aunt now. Please act today; I wrote no details here.",
        "La jeune fille est en sécurité chez sa tante. Je donnerai les détails de vive voix.",
    ),
    Concern.FAMILY_CONFLICT: (
        "The parents quarrel every evening and the children sleep at the neighbours'. Both want help.",
        "Ababyeyi bahora bashwana, abana ntibasinzira neza. Bombi bemeye ko tubaganiriza.",
        "Les parents se disputent pour la parcelle. Les enfants n'osent plus rentrer après l'école.",
    ),
    Concern.EARLY_PREGNANCY: (
        "She is sixteen and five months pregnant. Her mother asked me for help. She has not been to the health centre.",
        "Elle a seize ans et a quitté l'école. Sa mère la soutient.",
    ),
    Concern.CHILD_LABOUR: (
        "A boy of about twelve carries bricks at the site below the road, also on school days.",
        "Umwana w'imyaka cumi n'ibiri akora mu rugo rw'abandi, ntajya ku ishuri.",
    ),
    Concern.ABANDONMENT: (
        "A baby was brought to the health centre this morning. Nobody knows the mother. The baby is well.",
        "Uruhinja rwabonetse hafi y'isoko, ubu ruri ku kigo nderabuzima kandi rumeze neza.",
    ),
    Concern.STREET_CONNECTED: (
        "He sleeps near the bus station. He says that he comes from another district and wants to see his sister.",
        "L'enfant dort au marché depuis une semaine. Il veut retourner à l'école.",
    ),
    Concern.MALNUTRITION: (
        "The child is thin and weak. The health worker measured the arm: yellow. The family has no garden.",
        "Umwana ananutse cyane. Umujyanama w'ubuzima yasabye ko ajyanwa ku kigo nderabuzima.",
    ),
    Concern.SEPARATION_RISK: (
        "The mother will be in hospital for a month and has nobody for the three children.",
        "Le père part travailler loin et parle de placer les enfants dans une maison. La tante pourrait aider.",
    ),
    Concern.DISABILITY_EXCLUSION: (
        "The girl does not walk and has never been to school. Her parents would send her if there was a way.",
        "Umwana ufite ubumuga ntasohoka mu nzu. Ababyeyi bakeneye inama.",
    ),
    Concern.LACK_DOCUMENTATION: (
        "Two children of this house are not registered. The school asks for their birth certificates.",
        "Abana babiri ntibanditswe mu bitabo by'irangamimerere.",
    ),
}
"""The concerns that the demonstration tells of, the most common ones with the most to tell."""

QUESTIONS = (
    "Did you speak with the mother yourself, and will she receive us on Thursday?",
    "Umwana arara he ubu? Ni nde umwitaho?",
    "In which school is the child? We need it to call the head teacher.",
)
ANSWERS = (
    "Yes. She is at home every morning until ten.",
    "Ubu arara kwa nyirakuru, ku muturirwa wa kabiri uvuye ku muhanda.",
    "Groupe Scolaire, in the third year. The head teacher knows of it.",
)
REASONS_UP = (
    "The family needs a psychologist, and we have none here.",
    "We went twice and were not received. The district should decide.",
    "Birenze ubushobozi bwacu: hakenewe umukozi ushinzwe imibereho myiza.",
    "Il faut une famille d'accueil, et nous n'en avons pas d'agréée ici.",
)
REASONS_TO_THE_NATION = (
    "The brothers live in two other districts; somebody has to speak for all of them.",
    "The house has admitted children again although it had agreed not to.",
)
REASONS_WITHDRAWN = (
    "The aunt has taken the children in; I was too quick.",
    "Nabyohereje inshuro ebyiri nibeshye.",
)
OUTCOME_NOTES: dict[Outcome, tuple[str, ...]] = {
    Outcome.SERVICE_PROVIDED: (
        "We visited twice. The child is back at school, and the mother has joined the savings group.",
        "Umuryango wafashijwe, umwana yasubiye ku ishuri.",
    ),
    Outcome.PARTLY: ("School material was given; the house still needs a roof.",),
    Outcome.CASE_OPENED: ("The child has a social worker now, who will come to the village this week.",),
    Outcome.REFERRED_ONWARD: ("The health centre has taken it over and will tell us.",),
    Outcome.SERVICE_UNAVAILABLE: ("There is no physiotherapist in the district. We keep looking.",),
    Outcome.REFUSED_BY_FAMILY: ("The family thanked us and wants to solve it with the elders.",),
    Outcome.NOT_ELIGIBLE: ("The young man is 22; the cooperative office can help him.",),
    Outcome.CHILD_NOT_FOUND: ("Nobody in the village knows the child. The market was asked, too.",),
}

VISIT_NOTES = (
    "She showed me her exercise books and laughed a lot.",
    "Umwana ameze neza, yishimiye umuryango.",
    "The roof leaks above the bed; I asked the sector for two sheets.",
    "Il a trouvé des amis au terrain de football.",
    "He misses his friends from the house. We agreed that they will call on Sunday.",
    "Mutuelle has been paid for this year.",
    "Umubyeyi yavuze ko umwana asinzira neza kurusha mbere.",
    "La maman d'accueil demande conseil pour les devoirs.",
    "The grandmother is tired; the aunt now comes three days a week.",
)
CHECK_NOTES = (
    "All is well.",
    "Byose ni byiza.",
    "Tout va bien.",
    "The child was fetching water with the others.",
    "Umwana yari agiye ku ishuri mu gitondo.",
)
PLACEMENT_NOTES = (
    "The child met the family four times before the move.",
    "Brother and sister stay together.",
    "The aunt asked for the child herself.",
    "L'enfant a choisi la date du départ.",
)
