"""Universities, museums, institutes, and the people who act for them."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import access_of
from accounts.states import Role
from exchange.core.countries import Country
from exchange.core.pictures import VisiblePicture
from exchange.core.transitions import StatefulModel, Transition
from exchange.core.translated import TranslatedField
from institutions.states import INSTITUTION_TRANSITIONS, InstitutionState

if TYPE_CHECKING:
    from accounts.models.users import User


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: Any) -> "InstitutionQuerySet":
        """Institutions that are not suspended; suspended ones only for the team, coordinators of the country and the secretariat."""
        access = access_of(user)
        if access.secretariat:
            return self
        return self.filter(
            ~models.Q(state=InstitutionState.SUSPENDED)
            | models.Q(pk__in=access.institutions)
            | models.Q(country__in=access.countries)
        )

    def for_cards(self) -> "InstitutionQuerySet":
        """With what a card shows besides its own row: the picture, one of the fields for the ornament. No further query.

        It is always the same one, but not always the first: the institutions of a country have much the same fields, and their ornaments should differ.
        """
        rows = Institution.fields.through._default_manager.filter(institution=models.OuterRef("pk"))  # noqa: SLF001 -- documented
        spread = (models.F("concept_id") * 37 + models.F("institution_id") * 11) % 101
        field = rows.order_by(spread, "concept_id").values("concept__slug")[:1]
        return self.select_related("picture").annotate(card_field=models.Subquery(field))


class InstitutionKind(models.TextChoices):
    """The kind of organisation: the values of the institutions file."""

    MUSEUM = "museum", pgettext_lazy("kind of institution", "museum")
    UNIVERSITY = "university", pgettext_lazy("kind of institution", "university")
    RESEARCH_INSTITUTE = "research-institute", pgettext_lazy("kind of institution", "research institute")
    CONSERVATION_CENTRE = "conservation-centre", pgettext_lazy("kind of institution", "conservation centre")
    LIBRARY_ARCHIVE = "library-archive", pgettext_lazy("kind of institution", "library or archive")
    HERITAGE_AGENCY = "heritage-agency", pgettext_lazy("kind of institution", "heritage agency")
    NGO = "ngo", pgettext_lazy("kind of institution", "non-governmental organisation")
    OTHER = "other", pgettext_lazy("kind of institution", "other")


class Institution(StatefulModel):
    """An organisation that hosts or sends experts."""

    slug = models.SlugField(max_length=80, unique=True)
    name: Any = TranslatedField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=InstitutionKind.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices, db_index=True)
    city = models.CharField(_("city"), max_length=120)
    website = models.URLField(_("website"), blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    description: Any = TranslatedField(_("description"), max_length=5000, blank=True, widget="textarea")
    facilities: Any = TranslatedField(
        _("laboratories, equipment, housing, visa help"), max_length=5000, blank=True, widget="textarea"
    )
    fields = models.ManyToManyField("vocabulary.Concept", verbose_name=_("fields"), blank=True, related_name="institutions")
    source = models.TextField(blank=True, help_text=_("Where this record comes from."))
    state = models.CharField(max_length=12, choices=InstitutionState.choices, default=InstitutionState.UNVERIFIED, db_index=True)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    card_field: str | None = None
    """The field of the ornament on a card; set by `for_cards`, not stored."""

    transitions = INSTITUTION_TRANSITIONS
    objects: ClassVar[Any] = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=InstitutionState.values), name="institution_state_known"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("institution", args=[self.slug])

    @property
    def shown_picture(self) -> VisiblePicture | None:
        """The picture as readers see it, or None. A query unless the picture was read with the institution."""
        picture = getattr(self, "picture", None)
        return picture.shown("institution_picture_file", slug=self.slug) if picture else None

    def roles_of(self, user: "User") -> set[str]:
        """Roles in the transition table and in rules: team roles, coordinator of the country, secretariat."""
        access = access_of(user)
        roles = set(access.roles_in(self.pk))
        if self.country in access.countries:
            roles.add("coordinator")
        if access.secretariat:
            roles.add("secretariat")
        return roles

    def blocked_reason(self, transition: Transition, user: "User") -> Any:
        """Members of the team may not verify their own institution."""
        if transition.name == "verify" and access_of(user).roles_in(self.pk):
            return _("You belong to this institution: another coordinator has to verify it.")
        return None


class Membership(models.Model):
    """A user in an institution's team; one row per role."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(fields=["institution", "user", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.institution_id}"
