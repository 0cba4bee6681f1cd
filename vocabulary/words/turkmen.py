"""Turkmen endings. Back and front vowels (a y u / e i ü) follow the stem."""

from vocabulary.words.morphology import Morphology
from vocabulary.words.sounds import HARD

TURKMEN = Morphology.of(
    # Person and statement: ussadyryn, halydyr
    {"any": "dyryn dirin duryn dürin dyrys diris dyr dir dur dür"},
    # What is in a place or time: muzeýdäki, gaznasyndaky
    {"any": "daky däki", "consonant": "yndaky indäki", "vowel": "syndaky sindäki"},
    # In the manner or language of: türkmençe
    {"any": "ça? çe?"},
    # Cases: genitive, accusative, dative, locative, ablative; with -n- after the possessive of the third person
    {
        "vowel": "nyň? niň? nuň? nüň? ny? ni? da de dan den na? ne? syna sine synda sinde syndan sinden",
        "consonant": "yň iň uň üň y i a? e? da de dan den yna ine ynda inde yndan inden yma? ime?",
    },
    # Possessives: my, your, his, our, your
    {
        "vowel": "m? sy? si? myz miz ňyz ňiz",
        "consonant": "ym? im? um? üm? yň? iň? uň? üň? y i ymyz imiz umyz ümiz yňyz iňiz uňyz üňiz",
    },
    # Plural
    {"any": "lar ler"},
    derivations={
        "any": "çy çi çylyk çilik lyk lik luk lük ly li syz siz suz süz gär kär hana mak mek",
        "consonant": "y i",
    },
    whole="altyn zergär ýadygär dutar haly",
    changed="orn orun burn burun agz agyz garn garyn boýn boýun nagş nagyş kümş kümüş demr demir ylm ylym",
    hard={**HARD, ord("d"): "t"},  # metjidi, metjit
    respelt=("ä(?=niň$|ni$|$)", "e"),  # keçe, keçäniň
)
