"""The vocabulary in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from vocabulary.models import Concept, ConceptLabel
from vocabulary.signals import concepts_moved


class LabelInline(admin.TabularInline[ConceptLabel, Concept]):
    """The labels of a concept."""

    model = ConceptLabel
    extra = 1


@admin.register(Concept)
class ConceptAdmin(admin.ModelAdmin[Concept]):
    """Concepts. The slug of a stored concept is read-only, because programmes, profiles and other systems refer to it."""

    list_display = ("slug", "scheme", "label", "broader", "reviewed")
    list_filter = ("scheme", "reviewed")
    list_editable = ("reviewed",)
    list_select_related = ("broader",)
    search_fields = ("slug", "label", "labels__text")
    autocomplete_fields = ("broader",)
    inlines = (LabelInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Concept, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"scheme", "broader"} & set(form.changed_data):
            concepts_moved.send(Concept, concept_ids=[obj.pk])
