"""The search index in PostgreSQL: generations, documents, names, keys. Written by `domain.indexing` and `domain.rebuilding` alone.

A generation is one whole index: one is active and answers, another may be built beside it. Keys carry generation and kind inside
their hash (see `engines.postgres_index.stored_hash`), so that the largest table needs no column for them.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class SearchKind(models.TextChoices):
    """What can be searched for."""

    EXPERT = "expert"
    PROGRAM = "program"
    INSTITUTION = "institution"


class GenerationState(models.TextChoices):
    """The state of a generation: being built beside the active one, active, or being deleted."""

    BUILDING = "building"
    ACTIVE = "active"
    DROPPED = "dropped"


class SearchIndex(models.Model):
    """One generation of the index; `id` is its number."""

    state = models.CharField(max_length=8, choices=GenerationState.choices)
    key_version = models.PositiveIntegerField(help_text="The KEY_VERSION its keys were made with.")
    shape_version = models.PositiveIntegerField(help_text="The SHAPE_VERSION its documents were made with.")
    done_kind = models.CharField(max_length=12, blank=True, help_text="How far a rebuild has come: this kind ...")
    done_id = models.BigIntegerField(default=0, help_text="... up to this id.")
    documents = models.PositiveIntegerField(default=0, help_text="Documents the rebuild has written.")
    mirrored = models.BooleanField(default=False, help_text="Whether the replica holds all of it.")
    created_at = models.DateTimeField(default=timezone.now)
    built_at = models.DateTimeField(null=True, help_text="When a rebuild completed it; empty for one that only heard of changes.")

    class Meta:
        verbose_name = "generation of the search index"
        verbose_name_plural = "generations of the search index"
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=~Q(state="dropped"), name="one_generation_of_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class SearchDocument(models.Model):
    """The indexed data of one expert, programme or institution.

    `tags_N` and `words_N` are what readers of level N may find it by (0 everyone, 1 members, 2 coordinators), each including the one before.
    """

    generation = models.IntegerField()
    kind = models.CharField(max_length=12, choices=SearchKind.choices)
    object_id = models.IntegerField()
    level = models.SmallIntegerField()
    tags_0 = ArrayField(models.TextField(), default=list)
    tags_1 = ArrayField(models.TextField(), default=list)
    tags_2 = ArrayField(models.TextField(), default=list)
    words_0 = ArrayField(models.TextField(), default=list)
    words_1 = ArrayField(models.TextField(), default=list)
    words_2 = ArrayField(models.TextField(), default=list)
    keys = ArrayField(models.BigIntegerField(), default=list, help_text="Rows of the key table, the level in the lowest two bits.")
    opens = models.DateTimeField(null=True)
    closes = models.DateTimeField(null=True)
    quality = models.IntegerField(default=0)
    sort_name = models.CharField(max_length=250, blank=True, db_collation="C")
    created = models.DateTimeField()
    confirmed = models.DateField()

    class Meta:
        verbose_name = "search document"
        verbose_name_plural = "search documents"
        constraints = [
            models.UniqueConstraint(fields=["generation", "kind", "object_id"], name="document_once"),
            models.CheckConstraint(condition=Q(level__range=(0, 2)), name="document_level_known"),
        ]
        indexes = [
            models.Index(F("generation"), F("kind"), F("quality").desc(), F("object_id"), name="document_by_quality"),
            models.Index(fields=["generation", "kind", "sort_name", "object_id"], name="document_by_name"),
            models.Index(F("generation"), F("kind"), F("created").desc(), F("object_id"), name="document_by_age"),
            models.Index(F("generation"), F("kind"), F("confirmed").desc(), F("object_id"), name="document_by_freshness"),
            *(GinIndex(fields=[f"tags_{level}"], name=f"document_tags_{level}", fastupdate=False) for level in range(3)),
            *(GinIndex(fields=[f"words_{level}"], name=f"document_words_{level}", fastupdate=False) for level in range(3)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchName(models.Model):
    """One name of a document as it is shown, with the three strings by which its similarity is measured. The first by `position` is the shown one."""

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="names")
    position = models.SmallIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=5, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    level = models.SmallIntegerField()
    strict = models.TextField()
    medium = models.TextField()
    loose = models.TextField()
    sounds = models.BooleanField(
        default=True, help_text="False when a wider or equal name of the document has the same medium and loose."
    )

    class Meta:
        verbose_name = "searched name"
        verbose_name_plural = "searched names"
        # And one made by the migration: trigrams of medium || ' ' || loose of those that sound.

    def __str__(self) -> str:
        return self.text


class SearchKey(models.Model):
    """One key under which a document is found by readers of `level` and above. Narrow on purpose: dozens of rows a document."""

    pk = models.CompositePrimaryKey("key", "object_id", "level")
    key = models.BigIntegerField()
    object_id = models.IntegerField()
    level = models.SmallIntegerField()

    class Meta:
        verbose_name = "search key"
        verbose_name_plural = "search keys"

    def __str__(self) -> str:
        return f"{self.key} {self.object_id}"
