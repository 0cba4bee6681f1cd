"""Tajik endings. They do not vary with the stem except after a vowel, where a consonant comes between (бофанда, бофандагон, бофандагӣ)."""

from vocabulary.words.morphology import Morphology

TAJIK = Morphology.of(
    # The object: китобро
    {"any": "ро"},
    # Person and possession: устоам, китобаш, хонаамон; izafat: китоби нав; one of: китобе
    {
        "consonant": "ам аш ат? амон атон ашон и е? ем анд?",
        "vowel": "ам аш ат амон атон ашон ям яш ят ямон ятон яшон и е",
    },
    # Plural
    {"any": "ҳо", "consonant": "он?", "vowel": "гон ён вон"},
    derivations={
        "any": "гар чӣ манд вар нок гоҳ хона созӣ кунонӣ тар тарин",
        "vowel": "гӣ вӣ",
        "consonant": "ӣ",
    },
    whole="заргар савдогар дастгоҳ осорхона китобхона бойгон санъат нақш",
)
