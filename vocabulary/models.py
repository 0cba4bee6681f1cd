"""The vocabulary: concepts with labels in seven languages and broader concepts, after SKOS."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.translated import TranslatedField


class Scheme(models.TextChoices):
    """The schemes of the vocabulary."""

    FIELD = "field", pgettext_lazy("vocabulary", "field")
    SPECIALISM = "specialism", pgettext_lazy("vocabulary", "specialism")
    TECHNIQUE = "technique", pgettext_lazy("vocabulary", "technique")
    SKILL = "skill", pgettext_lazy("vocabulary", "skill")
    MATERIAL = "material", pgettext_lazy("vocabulary", "material")
    OBJECT_TYPE = "object-type", pgettext_lazy("vocabulary", "object type")
    SITE_TYPE = "site-type", pgettext_lazy("vocabulary", "site type")


class Concept(models.Model):
    """A concept of heritage work. `slug` is its stable id in the vocabulary file."""

    slug = models.SlugField(max_length=80, unique=True)
    scheme = models.CharField(max_length=20, choices=Scheme.choices, db_index=True)
    broader = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="narrower")
    label: Any = TranslatedField(_("label"), max_length=200)
    note = models.TextField(blank=True)
    reviewed = models.BooleanField(_("reviewed by a native reader"), default=False)

    objects: ClassVar[models.Manager["Concept"]] = models.Manager()

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def title(self) -> str:
        """The label with a capital letter: the vocabulary stores common nouns in lower case."""
        text = str(self.label)
        return text[:1].upper() + text[1:]


class ConceptLabel(models.Model):
    """A label of a concept: preferred, alternative, or hidden (found by search, never shown)."""

    class Kind(models.TextChoices):
        PREFERRED = "pref", _("preferred")
        ALTERNATIVE = "alt", _("alternative")
        HIDDEN = "hidden", _("hidden")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="labels")
    language = models.CharField(max_length=5, blank=True, help_text=_("Empty when the source does not tell the language."))
    kind = models.CharField(max_length=6, choices=Kind.choices)
    text = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("label of a concept")
        verbose_name_plural = _("labels of concepts")
        constraints = [models.UniqueConstraint(fields=["concept", "language", "kind", "text"], name="concept_label_once")]

    def __str__(self) -> str:
        return self.text
