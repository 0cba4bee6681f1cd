"""Kyrgyz endings. Vowels follow the stem in backness and rounding (а о ы у / е ө и ү), consonants its last sound."""

from vocabulary.words.morphology import Morphology

KYRGYZ = Morphology.of(
    # Person: реставратормун, устамын
    {
        "any": "мын мин мун мүн быз биз буз бүз сың сиң суң сүң",
        "voiceless": "пыз пиз пуз пүз",
    },
    # In the manner or language of: кыргызча; like: алтындай
    {"any": "ча? че? чо? чө?", "vowel or voiced": "дай дей дой дөй", "voiceless": "тай тей той төй"},
    # What is in a place or time: музейдеги, фондундагы
    {
        "vowel or voiced": "дагы деги догу дөгү",
        "voiceless": "тагы теги тогу төгү",
        "consonant": "ындагы индеги ундагы үндөгү",
        "vowel": "сындагы синдеги сундагы сүндөгү",
    },
    # Cases: genitive, dative, accusative, locative, ablative; with -н- after the possessive of the third person
    {
        "vowel": "нын? нин? нун? нүн? га ге го гө ны? ни? ну? нү? да де до дө дан ден дон дөн "
        "сына сине суна сүнө сын? син? сун? сүн? сында синде сунда сүндө сынан синен сунан сүнөн",
        "voiced": "дын дин дун дүн нын нин нун нүн га ге го гө ды ди ду дү да де до дө дан ден дон дөн",
        "voiceless": "тын тин тун түн ка ке ко кө ты ти ту тү та те то тө тан тен тон төн",
        "consonant": "ына ине уна үнө ын? ин? ун? үн? ында инде унда үндө ынан инен унан үнөн ыма? име? ума? үмө? ыңа? иңе? уңа? үңө?",
    },
    # Possessives: my, your, his, our, your
    {
        "vowel": "м? сы? си? су? сү? быз биз буз бүз ңыз ңиз ңуз ңүз",
        "consonant": "ым? им? ум? үм? ың? иң? уң? үң? ы и у ү ыбыз ибиз убуз үбүз ыңыз иңиз уңуз үңүз",
    },
    # Plural
    {
        "vowel or r": "лар лер лор лөр",
        "voiced": "дар дер дор дөр",
        "voiceless": "тар тер тор төр",
    },
    derivations={
        "any": "чы чи чу чү чылык чилик чулук чүлүк сыз сиз суз сүз гер кер көр кана и ий",
        "vowel or r": "лык лик лук лүк луу лүү лоо лөө лоочу лөөчү",
        "voiced": "дык дик дук дүк дуу дүү доо дөө",
        "voiceless": "тык тик тук түк туу түү тоо төө",
        "consonant": "уу? үү?",
    },
    whole="эстелик бетон алтын орун келин",
    changed="орд орун мурд мурун калк калык эрд эрин кард карын мойн моюн",
)
