"""The sections of a profile that are plain forms."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.formfields import LanguageField, LineField, searchable
from exchange.core.uploads import DOCUMENT, PHOTOGRAPH, UploadField
from institutions.models import Institution
from profiles.domain.profiles import is_latin
from profiles.models import ExpertProfile
from profiles.models.experts import DEFAULT_LEAD_DAYS, MAX_LEAD_DAYS, MAX_STAY_DAYS
from profiles.states import DEFAULT_AUDIENCES, PART_GROUPS, Audience, NameKind, Part, audiences_of_part, narrower

LATIN_ONLY = _("Latin letters only, please.")


def name_field(part: str, hint: str = "") -> LineField:
    labels = {"given": _("First name"), "family": _("Last name"), "patronymic": _("Patronymic")}
    tokens = {"given": "given-name", "family": "family-name", "patronymic": "additional-name"}
    field = LineField(label=labels[part], max_length=80, required=False)
    field.widget.attrs |= {"autocomplete": tokens[part] if hint == "native" else "off", "spellcheck": "false"}
    return field


class NamesForm(forms.Form):
    """The spellings of a name, each in parts."""

    native_family = name_field("family", "native")
    native_given = name_field("given", "native")
    native_patronymic = name_field("patronymic", "native")
    native_language = LanguageField(label=_("Language of this spelling"), required=False)
    latin_family = name_field("family")
    latin_given = name_field("given")
    russian_family = name_field("family")
    russian_given = name_field("given")
    russian_patronymic = name_field("patronymic")
    passport_family = name_field("family")
    passport_given = name_field("given")

    tags: ClassVar[dict[str, str]] = {"latin": "en", "russian": "ru", "passport": "en"}
    """The fixed language of spellings whose language is not asked for."""
    groups = (
        ("native", _("In your own script"), _("As you write it yourself. It appears at the top of your profile.")),
        ("latin", _("In Latin letters"), _("For readers abroad. Leave it empty if your own script is Latin.")),
        ("russian", _("In Russian"), _("If it is written differently in Russian.")),
        ("passport", _("As in the passport"), _("For visas and tickets; only you and coordinators see it.")),
    )

    @classmethod
    def initial_of(cls, profile: ExpertProfile | None) -> dict[str, str]:
        names = {name.kind: name for name in profile.names.all()} if profile else {}
        initial = {f"{kind}_whole": name.whole for kind, name in names.items() if name.whole}
        for field in cls.base_fields:
            kind, _dash, part = field.partition("_")
            if kind in names and hasattr(names[NameKind(kind)], part):
                initial[field] = getattr(names[NameKind(kind)], part)
        return initial

    def fieldsets(self) -> list[dict[str, Any]]:
        """For the page: each spelling with its fields, and the unsplit name of an imported table."""
        return [
            {
                "kind": kind,
                "title": title,
                "help": help_text,
                "whole": self.initial.get(f"{kind}_whole", ""),
                "fields": [self[name] for name in self.fields if name.startswith(f"{kind}_")],
            }
            for kind, title, help_text in self.groups
            if f"{kind}_family" in self.fields
        ]

    def names(self) -> dict[str, dict[str, str]]:
        """The arguments of the action: parts by kind."""
        found: dict[str, dict[str, str]] = {
            kind: {"language": tag} for kind, tag in self.tags.items() if f"{kind}_family" in self.fields
        }
        for field, value in self.cleaned_data.items():
            kind, _dash, part = field.partition("_")
            if kind in NameKind.values:
                found.setdefault(kind, {})[part] = value
        for kind, parts in found.items():
            parts["whole"] = self.initial.get(f"{kind}_whole", "")
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for kind in ("latin", "passport"):
            for part in ("given", "family"):
                if not is_latin(data.get(f"{kind}_{part}") or ""):
                    self.add_error(f"{kind}_{part}", LATIN_ONLY)
        native = [data.get("native_given") or "", data.get("native_family") or ""]
        if not any(native):
            self.add_error("native_given", _("A profile needs a name."))
        elif not is_latin("".join(native)) and not (data.get("latin_given") or data.get("latin_family")):
            self.add_error("latin_given", _("Write your name in Latin letters too: invitation letters and tickets need it."))
        return data


class StartForm(NamesForm):
    """The first form of a new expert: country and name."""

    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose")), *Country.choices])
    native_language = None  # type: ignore[assignment]
    russian_family = russian_given = russian_patronymic = None  # type: ignore[assignment]
    passport_family = passport_given = None  # type: ignore[assignment]

    field_order = ("country",)


def affiliation_choices() -> list[tuple[Any, Any]]:
    """Public institutions, grouped by country."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in Institution.objects.visible_to(None).only("pk", "name", "country", "city"):
        groups.setdefault(row.country, []).append((row.pk, str(row.name)))
    rows = [(str(Country(code).label), sorted(names, key=lambda row: row[1].casefold())) for code, names in groups.items()]
    return [("", _("None, or not in this list")), *sorted(rows)]


class WorkForm(forms.ModelForm[ExpertProfile]):
    """Affiliation, place, headline and biography."""

    city = LineField(label=_("City"), max_length=120, required=False)
    headline = LineField(
        label=_("What you do, in one line"),
        max_length=160,
        required=False,
        help_text=_("It appears beside your name in every list: “Conservator of silk and embroidery”."),
    )
    affiliation = forms.TypedChoiceField(label=_("Where you work"), coerce=int, empty_value=None, required=False)
    phone = forms.RegexField(r"^[0-9+() .\-]{5,40}$", label=_("Phone number"), required=False, strip=True, widget=forms.TextInput)

    class Meta:
        model = ExpertProfile
        fields = ("country", "city", "affiliation", "headline", "biography", "biography_language", "experience_years", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].required = True
        self.fields["affiliation"].choices = affiliation_choices()  # type: ignore[attr-defined]
        self.fields["affiliation"].widget.choices = self.fields["affiliation"].choices  # type: ignore[attr-defined]
        self.fields["affiliation"].widget.attrs |= searchable("institutions")
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        self.fields["phone"].help_text = _("Hidden from everybody until you choose who may see it.")
        self.fields["experience_years"].widget.attrs |= {"inputmode": "numeric"}

    def clean_affiliation(self) -> Institution | None:
        chosen = self.cleaned_data["affiliation"]
        return Institution.objects.visible_to(None).filter(pk=chosen).first() if chosen else None

    def clean_biography(self) -> str:
        return str(self.cleaned_data["biography"]).replace("\x00", "").strip()


class AvailabilityForm(forms.Form):
    """The fields next to the availability windows."""

    lead_time_days = forms.IntegerField(
        label=_("Notice you need, in days"), min_value=0, max_value=MAX_LEAD_DAYS, initial=DEFAULT_LEAD_DAYS
    )
    longest_stay_days = forms.IntegerField(
        label=_("Longest stay, in days"),
        min_value=1,
        max_value=MAX_STAY_DAYS,
        required=False,
        help_text=_("Empty means: no limit."),
    )


class FilesForm(forms.Form):
    """The photograph and the CV."""

    photo = UploadField(upload_kind=PHOTOGRAPH, label=_("Photograph"), required=False, widget=forms.FileInput)
    remove_photo = forms.BooleanField(label=_("Remove the photograph"), required=False)
    cv = UploadField(upload_kind=DOCUMENT, label=_("CV"), required=False, widget=forms.FileInput)
    remove_cv = forms.BooleanField(label=_("Remove the CV"), required=False)

    def __init__(self, *args: Any, profile: ExpertProfile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("photo", "cv"):
            if not getattr(profile, name):
                del self.fields[f"remove_{name}"]
        self.fields["photo"].help_text = _("It is made smaller here, and where and when it was taken is removed from it.")


class VisibilityForm(forms.Form):
    """Who may see the profile, and each part of it."""

    audience = forms.ChoiceField(
        label=_("Who may see this profile"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "This decides who sees your name, country, fields and the line about what you do. Each part below can be "
            "limited further."
        ),
    )

    def __init__(self, *args: Any, profile: ExpertProfile, **kwargs: Any) -> None:
        stored = {part: profile.audience_of(part) for part in Part.values}
        kwargs["initial"] = {"audience": profile.audience} | {f"part_{part}": value for part, value in stored.items()}
        super().__init__(*args, **kwargs)
        mixed = ("", pgettext_lazy("who may see a group of parts", "different for each part"))
        for code, _title, parts in PART_GROUPS:
            field = forms.ChoiceField(label=_("All of these"), choices=[mixed, *Audience.choices], required=False)
            field.initial = next(iter(held)) if len(held := {stored[part] for part in parts}) == 1 else ""
            self.fields[f"group_{code}"] = field
        for part, label in Part.choices:
            choices = [(audience.value, audience.label) for audience in audiences_of_part(part)]
            self.fields[f"part_{part}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the page: each group with its one choice and its parts; open when a part differs from the others."""
        return [
            {
                "title": title,
                "choice": self[f"group_{code}"],
                "parts": [self[f"part_{part}"] for part in parts],
                "mixed": not self[f"group_{code}"].value(),
            }
            for code, title, parts in PART_GROUPS
        ]

    def audiences(self) -> dict[str, str]:
        """By part. A new choice for a group holds for its parts, but for those that were changed themselves; never wider than a part allows."""
        found = {part: self.cleaned_data[f"part_{part}"] or DEFAULT_AUDIENCES[part] for part in Part.values}
        for code, _title, parts in PART_GROUPS:
            chosen = self.cleaned_data[f"group_{code}"]
            if chosen and f"group_{code}" in self.changed_data:
                found |= {
                    part: narrower(chosen, audiences_of_part(part)[0]) for part in parts if f"part_{part}" not in self.changed_data
                }
        return found


class PreviewForm(forms.Form):
    """The audience whose view the owner previews."""

    reader = forms.ChoiceField(
        choices=[choice for choice in Audience.choices if choice[0] != Audience.ONLY_ME],
        required=False,
        label=pgettext_lazy("preview", "As"),
    )
