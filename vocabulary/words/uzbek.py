"""Uzbek endings, in Latin letters; the Cyrillic ones sound the same. There is no vowel harmony; after k and q the dative is -ka, -qa."""

from vocabulary.words.morphology import Morphology

UZBEK = Morphology.of(
    # Person: restavratorman, ustamiz; -siz is the privative as well
    {"any": "man san miz"},
    # In the manner or language of: oʻzbekcha; like: oltinday, oltindek
    {"any": "cha? day dek"},
    # What is in a place or time: muzeydagi; what belongs to: ustaniki
    {"any": "dagi niki"},
    # Cases: genitive, accusative, dative, locative, ablative
    {"any": "ga da dan", "consonant": "ning ni", "vowel": "ning? ni?", "voiceless": "ka qa"},
    # Possessives: my, your, his, our, your
    {"vowel": "m? si? miz ngiz", "consonant": "im? ing? i imiz ingiz"},
    # Plural
    {"any": "lar"},
    derivations={
        "any": "chi chilik lik siz li xona dosh gar garchilik lash lovchi moq",
        "vowel": "viy vchi?",
        "consonant": "iy i ish? uvchi uv?",
    },
    whole="oltin zargar savdogar sing'il qozon suzani naqsh",
    changed="o'rn o'rin burn burun shahr shahar og'z og'iz ko'ngl ko'ngil singl singil o'g'l o'g'il qorn qorin bo'yn bo'yin",
)
