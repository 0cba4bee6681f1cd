"""Kazakh endings. Back and front vowels (а ы / е і) and the consonant before decide between the variants of an ending."""

from vocabulary.words.morphology import Morphology

KAZAKH = Morphology.of(
    # Person: реставратормын, шебермін; -сыз, -сіз is the privative as well
    {"vowel or voiced": "мын мін мыз міз сың сің", "voiced": "бын бін быз біз", "voiceless": "пын пін пыз піз сың сің"},
    # In the manner or language of: қазақша; like: алтындай
    {"any": "ша? ше?", "vowel or voiced": "дай дей", "voiceless": "тай тей"},
    # What is in a place or time: музейдегі, қорындағы
    {
        "vowel or voiced": "дағы дегі",
        "voiceless": "тағы тегі",
        "consonant": "ындағы індегі",
        "vowel": "сындағы сіндегі",
    },
    # Cases: genitive, dative, accusative, locative, ablative, instrumental; with -н- after the possessive of the third person
    {
        "vowel": "ның? нің? ға ге ны? ні? да де дан ден мен сына сіне сын? сін? сында сінде сынан сінен",
        "voiced": "ның нің дың дің ға ге ды ді да де дан ден нан нен мен бен",
        "voiceless": "тың тің қа ке ты ті та те тан тен пен",
        "consonant": "ына іне ын? ін? ында інде ынан інен ыма? іме? ыңа? іңе?",
    },
    # Possessives: my, your, his, our, your
    {
        "vowel": "м? сы? сі? мыз міз ңыз ңіз",
        "consonant": "ым? ім? ың? ің? ы і ымыз іміз ыңыз іңіз",
    },
    # Plural
    {"vowel or r": "лар лер", "voiced": "дар дер", "voiceless": "тар тер"},
    derivations={
        "any": "шы ші шылық шілік сыз сіз гер кер хана и",
        "vowel or r": "лық лік лы лі лау леу лаушы леуші",
        "voiced": "дық дік ды ді дау деу даушы деуші",
        "voiceless": "тық тік ты ті тау теу таушы теуші",
        "consonant": "у?",
    },
    whole="алтын орын қамшы халық қорған",
    changed="орн орын мұрн мұрын халқ халық ерн ерін қарн қарын мойн мойын ауз ауыз ойн ойын",
)
