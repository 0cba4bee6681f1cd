"""Verbs and words that deny, in the languages whose verb is last; words that take a denial back, in all languages. As patterns of lower-case words.

Every repetition is bounded, so that no text takes more than linear time.
"""

import re

_APOSTROPHE = "['’ʻʼ‘`]"

# Forms of denying verbs: a stem, the denying syllable, tense and person; and the words for "is not" and "there is not".
DENYING_VERBS = {
    "kk": re.compile(
        r"\b(?:\w{2,40}(?:ма|ме|ба|бе|па|пе)(?:д[ыі](?:м|қ|к|ң)?|й(?:мын|мін|ды|ді|мыз|міз)|[ғг][ае]н(?:мын|мін|быз|біз)?|п(?:пын|пін|ты|ті))"
        r"|емес(?:пін|піз)?|жоқ(?:пын|пыз)?)\b"
    ),
    "ky": re.compile(
        r"\b(?:\w{2,40}(?:ба|бе|бо|бө|па|пе|по|пө)(?:д[ыиуү](?:м|к)?|й(?:м|т|бы[зс]|мын|мин)|[гк][аеоө]н(?:мын|мин|мун|мүн|быз|биз|буз|бүз)?|птыр\w{0,40}|птир\w{0,40})"
        r"|эмес(?:мин|биз)?|жок(?:мун|пуз)?)\b"
    ),
    "uz": re.compile(
        rf"\b(?:\w{{2,40}}ma(?:di(?:m|k)?|gan(?:man|miz)?|y(?:man|di|miz|dilar)|yap(?:man|ti|miz)|bdi)|emas(?:man|miz)?|yo{_APOSTROPHE}?q(?:man)?"
        r"|\w{2,40}ма(?:ди(?:м|к)?|ган(?:ман|миз)?|й(?:ман|ди|миз|дилар)|яп(?:ман|ти|миз)|бди)|эмас(?:ман|миз)?|йў?қ(?:ман)?)(?!\w)"
    ),
    "tg": re.compile(
        r"\b(?:на(?:ме\w{2,40}(?:ам|ем|анд|ад|ед)|\w{2,40}(?:даам|таам|даем|таем|дааст|тааст|даанд|таанд)|дор(?:ам|ем|ад|анд)|\w{0,6}[дт](?:ам|ем|анд))"
        r"|нест(?:ам|ем|анд)?|набуд\w{0,40})\b"
    ),
    "tk": re.compile(
        r"\b(?:\w{2,40}(?:ma|me|mä)(?:d[yi](?:m|k)?|nd[yi](?:m|k|r\w{0,40})|ýar(?:yn|ys)?|ýär(?:in|is)?|z)|\w{2,40}[aeä]m(?:ok|zok)|däl(?:dirin|dim|diris)?|ýok)\b"
    ),
}

# A finite verb before "and" ends a clause of its own.
FINITE_VERBS = {
    "kk": re.compile(r"\b\w{3,40}(?:мын|мін|мыз|міз|бын|бін|пын|пін|[дт][ыі](?:м|қ|к)?)"),
    "ky": re.compile(r"\b\w{3,40}(?:мын|мин|мун|мүн|быз|биз|буз|бүз|[дт][ыиуү](?:м|к)?|[аеоөй](?:м|т))"),
    "uz": re.compile(r"\b\w{3,40}(?:man|miz|di|dim|dik|ман|миз|ди|дим|дик)"),
    "tg": re.compile(r"\b(?:ме\w{2,40}(?:ам|ем|анд|ад)|\w{3,40}(?:даам|таам|дааст|тааст)|дор(?:ам|ем|ад)|аст|ҳастам)"),
    "tk": re.compile(r"\b\w{3,40}(?:ýaryn|ýärin|ýar|ýär|dym|dim|dy|di|dyk|dik|ndyryn|endirin)"),
}

# A requirement that is denied says what it is about.
REQUIREMENTS = {
    "en": re.compile(r"\b(?:requir\w{1,40}|need(?:ed|s)?|necessary|obligatory|mandatory|expected|prerequisites?|matter)\b"),
    "ru": re.compile(r"\b(?:требу\w{1,40}|нуж\w{1,40}|необходим\w{0,40}|обязател\w{1,40}|важн\w{1,40})\b"),
    "kk": re.compile(r"\b(?:міндетті|қажет|керек|шарт|талап)\w{0,40}"),
    "ky": re.compile(r"\b(?:милдеттүү|зарыл|керек|шарт|талап)\w{0,40}"),
    "uz": re.compile(r"\b(?:shart|kerak|zarur|talab|lozim|majburiy|шарт|керак|зарур|талаб|лозим|мажбурий)\w{0,40}"),
    "tg": re.compile(r"\b(?:шарт|лозим|зарур|ҳатмӣ|талаб)\w{0,40}"),
    "tk": re.compile(r"\b(?:hökman|gerek|zerur|talap|şert)\w{0,40}"),
}

# Not only this: more is said, nothing is denied.
ADDING = {
    "kk": re.compile(r"(?:ғана|тек\b.{0,200}) емес"),
    "ky": re.compile(r"(?:гана|эле) эмес"),
    "uz": re.compile(r"nafaqat|faqat\b.{0,200}emas|balki|нафақат|фақат\b.{0,200}эмас|балки"),
    "tg": re.compile(r"на танҳо|на фақат|балки"),
    "tk": re.compile(r"diňe\b.{0,200}däl|eýsem"),
}
