"""Languages people speak and programmes ask for, with the levels of the Common European Framework (CEFR)."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Language(models.TextChoices):
    """ISO 639-1 codes of the languages that profiles and programmes name."""

    EN = "en", pgettext_lazy("language name", "English")
    RU = "ru", pgettext_lazy("language name", "Russian")
    KK = "kk", pgettext_lazy("language name", "Kazakh")
    KY = "ky", pgettext_lazy("language name", "Kyrgyz")
    UZ = "uz", pgettext_lazy("language name", "Uzbek")
    TG = "tg", pgettext_lazy("language name", "Tajik")
    TK = "tk", pgettext_lazy("language name", "Turkmen")
    FA = "fa", pgettext_lazy("language name", "Persian")
    TR = "tr", pgettext_lazy("language name", "Turkish")
    DE = "de", pgettext_lazy("language name", "German")
    FR = "fr", pgettext_lazy("language name", "French")


class Level(models.IntegerChoices):
    """CEFR levels in order (Council of Europe, 2001); 7 is a first language."""

    A1 = 1, "A1"
    A2 = 2, "A2"
    B1 = 3, "B1"
    B2 = 4, "B2"
    C1 = 5, "C1"
    C2 = 6, "C2"
    NATIVE = 7, pgettext_lazy("language level", "first language")
