"""The sections of a programme's form. Each reads the stored values, so that after a stale save the page shows newer values next to the submitted ones."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country
from exchange.core.date_format import write_date, write_moment
from exchange.core.formfields import LanguageField, searchable
from exchange.core.spoken_languages import LIKELY, Language, Level
from exchange.core.translated import Translated, TranslatedFormField
from exchange.core.versions import VersionField
from exchange.core.zones import zone_choices
from programs.domain.drafts import add_years
from programs.domain.editing import ProgramDates, ProgramTexts
from programs.models import Program
from programs.rules import Quota
from programs.states import Modality, ProgramKind
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Scheme

DAY = {"type": "date"}
NUMBER = {"inputmode": "numeric"}


class MomentField(forms.DateTimeField):
    """A date and time without a zone: the zone has a field of its own."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> Any:
        with timezone.override(datetime.UTC):
            moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)

    def prepare_value(self, value: Any) -> Any:
        return value


class SectionForm(forms.Form):
    """One section. `values()` go to the action; `version` is the optimistic lock."""

    version = VersionField()

    def __init__(self, program: Program, data: Any = None) -> None:
        self.program = program
        super().__init__(data, initial=self.stored(program) | {"version": program.version})

    def stored(self, program: Program) -> dict[str, Any]:
        """Stored values by field."""
        return {name: getattr(program, name) for name in self.base_fields if name != "version"}

    def values(self) -> dict[str, Any]:
        """Arguments for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def newer(self, fresh: Program) -> list[tuple[str, str]]:
        """Labels and stored values of the fields in which the stored programme differs from the submitted values."""
        stored = self.stored(fresh)
        return [
            (str(self.fields[name].label), self.show(name, value))
            for name, value in stored.items()
            if name in self.cleaned_data and self.plain(self.cleaned_data[name]) != self.plain(value)
        ]

    @staticmethod
    def plain(value: Any) -> Any:
        """A value normalised for comparison."""
        if isinstance(value, dict):
            return {key: text for key, text in value.items() if text}
        return sorted(map(str, value)) if isinstance(value, list | set | tuple) else value

    def show(self, name: str, value: Any) -> str:
        """A stored value as text."""
        if isinstance(value, Translated | dict):
            return "\n".join(f"{code}: {text}" for code, text in value.items()) or "—"
        if isinstance(value, datetime.datetime):
            return write_moment(value)
        if isinstance(value, datetime.date):
            return write_date(value)
        choices = dict(_flat(getattr(self.fields[name], "choices", ())))
        if isinstance(value, list):
            return ", ".join(str(choices.get(item, item)) for item in value) or "—"
        return str(choices.get(value, "—" if value in (None, "") else value))


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


class DaysMixin:
    """The end is not before the start."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("The end date is before the start date."))  # type: ignore[attr-defined]
        return cleaned


def day_field(label: Any) -> forms.DateField:
    """A date field with a plausible range."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), validators=[_within_reach])


def _within_reach(day: datetime.date) -> None:
    today = timezone.localdate()
    if not add_years(today, -20) < day < add_years(today, 20):
        raise forms.ValidationError(_("Enter a valid date."), code="invalid")


class StartForm(DaysMixin, forms.Form):
    """The first facts of a new programme; the rest is entered in the sections."""

    kind = forms.ChoiceField(label=pgettext_lazy("programme", "Kind"), choices=ProgramKind.choices)
    title = TranslatedFormField(label=pgettext_lazy("programme", "Title"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=120)
    starts = day_field(_("Start date"))
    ends = day_field(_("End date"))
    seats = forms.IntegerField(label=_("Places"), min_value=1, max_value=1000, widget=forms.NumberInput(attrs=NUMBER))


class TextsForm(SectionForm):
    kind = forms.ChoiceField(label=pgettext_lazy("programme", "Kind"), choices=ProgramKind.choices)
    title = TranslatedFormField(label=pgettext_lazy("programme", "Title"), max_length=200, required=False)
    summary = TranslatedFormField(
        label=_("Summary"),
        max_length=1500,
        multiline=True,
        required=False,
        help_text=_("Shown in lists and at the top of the page."),
    )
    description = TranslatedFormField(label=_("What participants will do"), max_length=10000, multiline=True, required=False)
    funding = TranslatedFormField(
        label=_("Funding"),
        max_length=500,
        required=False,
        help_text=_("What is paid, and by whom: travel, housing, stipend, insurance."),
    )

    def values(self) -> dict[str, Any]:
        return {"texts": ProgramTexts(**super().values())}


class DatesForm(DaysMixin, SectionForm):
    modality = forms.ChoiceField(label=pgettext_lazy("programme", "Where it happens"), choices=Modality.choices)
    city = forms.CharField(label=_("City"), max_length=120)
    starts = day_field(_("Start date"))
    ends = day_field(_("End date"))
    deadline = MomentField(
        label=_("Deadline"),
        required=False,
        help_text=_("Date and time in the time zone below. Empty: applications are accepted at any time."),
    )
    deadline_zone = forms.ChoiceField(label=_("Time zone of the deadline"), widget=forms.Select(attrs=searchable("zones")))
    offer_days = forms.IntegerField(
        label=_("Days to answer an offer"), min_value=1, max_value=90, widget=forms.NumberInput(attrs=NUMBER)
    )
    approval_days = forms.IntegerField(
        label=_("Days for a coordinator to decide"), min_value=1, max_value=60, widget=forms.NumberInput(attrs=NUMBER)
    )

    def __init__(self, program: Program, data: Any = None) -> None:
        super().__init__(program, data)
        self.fields["deadline_zone"].choices = zone_choices(also=program.deadline_zone)  # type: ignore[attr-defined]

    def stored(self, program: Program) -> dict[str, Any]:
        there = program.deadline and program.deadline.astimezone(program.zone).replace(tzinfo=None, second=0, microsecond=0)
        return super().stored(program) | {"deadline": there}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        moment, zone = cleaned.get("deadline"), cleaned.get("deadline_zone")
        if moment and zone and not _exists(moment, ZoneInfo(zone)):
            self.add_error("deadline", _("This time does not exist because clocks are put forward: choose another hour."))
        return cleaned

    def values(self) -> dict[str, Any]:
        found = super().values()
        if found["deadline"]:
            found["deadline"] = found["deadline"].replace(tzinfo=ZoneInfo(found["deadline_zone"]))
            stored = self.program.deadline
            if stored and stored.replace(second=0, microsecond=0) == found["deadline"]:
                found["deadline"] = stored  # the input shows minutes: one that was not touched keeps its seconds
        return {"dates": ProgramDates(**found)}


def _exists(moment: datetime.datetime, zone: ZoneInfo) -> bool:
    """Whether this local time exists in the zone; the hour skipped in spring does not."""
    there = moment.replace(tzinfo=zone)
    return there.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) == moment


class PlacesForm(SectionForm):
    """Seats, and a row for each country: eligible, reserved places, maximum."""

    seats = forms.IntegerField(label=_("Places"), min_value=1, max_value=1000, widget=forms.NumberInput(attrs=NUMBER))

    def __init__(self, program: Program, data: Any = None) -> None:
        super().__init__(program, data)
        for code, name in Country.choices:
            # The table headings name the columns; these labels are for screen readers and error messages.
            self.fields[f"eligible_{code}"] = forms.BooleanField(
                label=gettext("%(country)s: may apply") % {"country": name}, required=False
            )
            self.fields[f"reserved_{code}"] = _count(gettext("%(country)s: reserved places") % {"country": name})
            self.fields[f"most_{code}"] = _count(gettext("%(country)s: at most") % {"country": name})

    def stored(self, program: Program) -> dict[str, Any]:
        quotas = {quota.country: quota for quota in program.quotas.all()}
        found: dict[str, Any] = {"seats": program.seats}
        for code in Country.values:
            quota = quotas.get(code)
            found[f"eligible_{code}"] = code in program.eligible_countries
            found[f"reserved_{code}"] = (quota.reserved or None) if quota else None
            found[f"most_{code}"] = quota.most if quota else None
        return found

    def rows(self) -> list[dict[str, Any]]:
        """For the table."""
        return [
            {"code": code, "eligible": self[f"eligible_{code}"], "reserved": self[f"reserved_{code}"], "most": self[f"most_{code}"]}
            for code in Country.values
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for code in Country.values:
            reserved, most = cleaned.get(f"reserved_{code}") or 0, cleaned.get(f"most_{code}")
            if most is not None and most < reserved:
                self.add_error(f"most_{code}", _("Not fewer than the reserved places."))
            if reserved and not cleaned.get(f"eligible_{code}"):
                self.add_error(f"reserved_{code}", _("Places are reserved for a country that is not eligible."))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "seats": cleaned["seats"],
            "eligible_countries": [code for code in Country.values if cleaned[f"eligible_{code}"]],
            "quotas": {code: Quota(cleaned[f"reserved_{code}"] or 0, cleaned[f"most_{code}"]) for code in Country.values},
        }


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1000, required=False, widget=forms.NumberInput(attrs=NUMBER))


OFFERED = 17
"""The likely languages that stand on the form with a level each; others are chosen."""
FURTHER = (1, 2)


class NeedsForm(SectionForm):
    """A level for each language, and years of practice."""

    minimum_experience = forms.IntegerField(
        label=_("Years of practice required"), min_value=0, max_value=50, widget=forms.NumberInput(attrs=NUMBER)
    )

    def __init__(self, program: Program, data: Any = None) -> None:
        super().__init__(program, data)
        levels = [
            ("", pgettext_lazy("language level", "not needed")),
            *((n, name) for n, name in Level.choices if n < Level.NATIVE),
        ]
        asked = [row.language for row in program.required_languages.all()]
        self.codes = list(dict.fromkeys([*LIKELY[:OFFERED], *asked]))
        for code in self.codes:
            self.fields[f"level_{code}"] = forms.TypedChoiceField(
                label=Language(code).label, choices=levels, coerce=int, empty_value=None, required=False
            )
        for number in FURTHER:
            self.fields[f"language_{number}"] = LanguageField(label=_("Another language"), required=False)
            self.fields[f"further_{number}"] = forms.TypedChoiceField(
                label=_("Its level"), choices=levels, coerce=int, empty_value=None, required=False
            )

    def stored(self, program: Program) -> dict[str, Any]:
        asked = {row.language: row.level for row in program.required_languages.all()}
        return {"minimum_experience": program.minimum_experience} | {f"level_{code}": level for code, level in asked.items()}

    def languages(self) -> list[forms.BoundField]:
        """The selects, in the order of the languages."""
        return [self[f"level_{code}"] for code in self.codes]

    def further(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of selects for other languages: the language and its level."""
        return [(self[f"language_{number}"], self[f"further_{number}"]) for number in FURTHER]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in FURTHER:
            language, level = data.get(f"language_{number}"), data.get(f"further_{number}")
            if bool(language) != (level is not None) and not {f"language_{number}", f"further_{number}"} & set(self.errors):
                self.add_error(f"further_{number}", _("Choose the language and its level."))
        return data

    def values(self) -> dict[str, Any]:
        levels = {code: self.cleaned_data[f"level_{code}"] for code in self.codes}
        levels |= {
            self.cleaned_data[f"language_{number}"]: self.cleaned_data[f"further_{number}"]
            for number in FURTHER
            if self.cleaned_data[f"language_{number}"]
        }
        return {
            "minimum_experience": self.cleaned_data["minimum_experience"],
            "languages": {code: level for code, level in levels.items() if level is not None},
        }


TOPIC_SCHEMES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (pgettext_lazy("vocabulary", "Fields and specialisms"), (Scheme.FIELD, Scheme.SPECIALISM)),
    (pgettext_lazy("vocabulary", "Techniques and skills"), (Scheme.TECHNIQUE, Scheme.SKILL)),
    (pgettext_lazy("vocabulary", "Materials"), (Scheme.MATERIAL,)),
    (pgettext_lazy("vocabulary", "Objects and sites"), (Scheme.OBJECT_TYPE, Scheme.SITE_TYPE)),
)


class TopicsForm(SectionForm):
    """A checkbox for every concept, grouped by broader ones."""

    concepts = forms.TypedMultipleChoiceField(label=_("Fields, materials, techniques"), coerce=int, required=False)

    def __init__(self, program: Program, data: Any = None) -> None:
        super().__init__(program, data)
        self.fields["concepts"].choices = [(term.id, term.title) for term in vocabulary()]  # type: ignore[attr-defined]

    def stored(self, program: Program) -> dict[str, Any]:
        return {"concepts": list(program.concepts.order_by("pk").values_list("pk", flat=True))}

    def chosen(self) -> set[str]:
        return {str(value) for value in (self["concepts"].value() or ())}

    def groups(self) -> list[dict[str, Any]]:
        """For the page: the parts of the vocabulary with their groups of checkboxes."""
        return topic_groups(self.chosen())


def topic_groups(chosen: Collection[str]) -> list[dict[str, Any]]:
    """The parts of the vocabulary, each with its title, the number of chosen concepts, and groups of (id, title, chosen)."""
    parts = []
    for title, schemes in TOPIC_SCHEMES:
        groups = [
            (label, [(pk, words, str(pk) in chosen) for pk, words in options]) for label, options in vocabulary().choices(*schemes)
        ]
        count = sum(ticked for _label, options in groups for _pk, _words, ticked in options)
        parts.append({"title": title, "groups": groups, "count": count})
    return parts
