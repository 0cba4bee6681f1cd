"""Queries for matches: one query per page.

What a host reads never depends on hidden parts of a profile: its score, whether it is listed, and whether the person is eligible come from what
members see. People who are not proposed to hosts are in no list, count or answer of the API.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from accounts.access import access_of
from applications.models import Application
from applications.states import SUBMITTED_ONCE, ApplicationState
from matching.domain.people import SEEN_BY_HOSTS
from matching.models import Invitation, Match, MatchSettings, PersonChoice, ProgramChoice
from matching.models.matches import MIN_SHOWN, among_the_best
from matching.states import Choice, DismissReason, InvitationState
from profiles.models import AvailabilityWindow, ExpertProfile
from profiles.states import DEFAULT_AUDIENCES, Part
from programs.models import Program

SHOWN = 6
LOWERED = 200
"""Points by which a programme falls in the list of an expert who dismissed similar ones; its score stays as it is."""


# ---- an expert's list ------------------------------------------------------------------------------------------------


def matches_for_expert(user: Any) -> "QuerySet[Any]":
    """Open programmes for this person to which they have not applied and that they did not dismiss, eligible ones before others, then by `rank`.

    `rank` is the score, less for programmes like those dismissed as another field, kind or country: `lowered_field`, `lowered_kind` and
    `lowered_country` say which. `saved` says whether the programme is saved, `invited` whether its host invited this person.
    """
    rows: Any = Match.objects.visible_to(user)
    rows = rows.filter(expert__user=user, score__gte=MIN_SHOWN, program__in=Program.objects.visible_to(user).open())
    applied = Application.objects.of(user).exclude(state__in=(ApplicationState.DRAFT, ApplicationState.WITHDRAWN))
    return (
        with_tuning(rows.exclude(program__in=applied.values("program")), access_of(user).expert_id)
        .filter(dismissed=False)
        .select_related("program", "program__institution")
        .order_by("-eligible", "-rank", "pk")
    )


def with_tuning(rows: "QuerySet[Any]", expert_id: int | None) -> "QuerySet[Any]":
    """Annotate what this expert's choices say about each programme; see `matches_for_expert`."""
    mine = ProgramChoice.objects.filter(expert_id=expert_id)
    gone = mine.filter(choice=Choice.DISMISSED)
    here = mine.filter(program=OuterRef("program"))
    return rows.annotate(
        dismissed=Exists(here.filter(choice=Choice.DISMISSED)),
        saved=Exists(here.filter(choice=Choice.SAVED)),
        invited=Exists(Invitation.objects.filter(program=OuterRef("program"), expert_id=expert_id, declined_at=None)),
        lowered_field=_mostly_another_field(expert_id),
        lowered_kind=_whether(Q(program__kind__in=gone.filter(reason=DismissReason.KIND).values("program__kind"))),
        lowered_country=_whether(Q(program__country__in=gone.filter(reason=DismissReason.COUNTRY).values("program__country"))),
    ).annotate(
        rank=ExpressionWrapper(
            F("score")
            - LOWERED * sum((_one(name) for name in ("lowered_field", "lowered_kind", "lowered_country")), start=Value(0)),
            output_field=IntegerField(),
        )
    )


# More than half of what the programme asks for is asked by programmes dismissed as "not my field", and is neither in the profile nor asked
# by a saved programme. As SQL, because Django takes many times longer to write this query than PostgreSQL to answer it.
ANOTHER_FIELD_SQL = """EXISTS (
    SELECT 1 FROM programs_program_concepts asked WHERE asked.program_id = matching_match.program_id
    HAVING 2 * count(*) FILTER (WHERE asked.concept_id IN (
        SELECT other.concept_id FROM programs_program_concepts other JOIN matching_programchoice choice USING (program_id)
            WHERE choice.expert_id = %s AND choice.choice = 'dismissed' AND choice.reason = 'field'
        EXCEPT (
            SELECT concept_id FROM profiles_profilefield WHERE profile_id = %s
            UNION ALL SELECT unnest(ARRAY[technique_id, material_id, object_type_id]) FROM profiles_competence WHERE profile_id = %s
            UNION ALL SELECT kept.concept_id FROM programs_program_concepts kept JOIN matching_programchoice choice USING (program_id)
                WHERE choice.expert_id = %s AND choice.choice = 'saved'
        )
    )) > count(*)
)"""


def _mostly_another_field(expert_id: int | None) -> RawSQL:
    return RawSQL(ANOTHER_FIELD_SQL, [expert_id] * 4, output_field=BooleanField())  # noqa: S611 -- constant SQL, the id is a parameter


def _whether(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _one(name: str) -> Case:
    return Case(When(**{name: True}, then=1), default=0, output_field=IntegerField())


# ---- a host's list ---------------------------------------------------------------------------------------------------


def matches_for_program(program: Program, user: Any) -> "QuerySet[Any]":
    """People for this programme whom this host may see and did not dismiss, eligible by what they show, the best first."""
    kept = ~Q(choice=Choice.DISMISSED) | Q(choice__isnull=True)  # NULL is not unequal in SQL
    return people_for_program(program, user).filter(kept, shown_eligible=True)


def people_for_program(program: Program, user: Any) -> "QuerySet[Any]":
    """The best of this programme by the host's score, and whomever its host invited or chose, as far as this user may see them; the best first.

    Each with `invitation` (its state, or None), `invited`, `applied`, `choice` (of the host, or None), `shown_eligible` (no requirement is unmet
    by what members see), `spoken` (languages shown) and `available` (shows to be free on all days).
    """
    rows = _with_what_is_shown(proposed_to_hosts(Match.objects.filter(program=program), user), program)
    rows = rows.filter(among_the_best() | Q(invited=True) | Q(choice__isnull=False))
    return rows.select_related("expert").defer("expert__biography").order_by("-host_score", "pk")


def programs_for_person(profile: ExpertProfile, user: Any) -> "QuerySet[Any]":
    """This host's open programmes for which a person is proposed and to which they may be invited, the best fit first."""
    rows = Match.objects.for_hosts().filter(
        expert=profile, program__institution__in=access_of(user).edited_institutions, program__in=Program.objects.open()
    )
    known = Q(Exists(Invitation.objects.filter(program=OuterRef("program"), expert=profile)))
    known |= Q(Exists(received(program=OuterRef("program"), expert=profile)))
    return proposed_to_hosts(rows.exclude(known), user).select_related("program").order_by("-host_score", "pk")


def received(**filters: Any) -> "QuerySet[Application]":
    """Applications the host has received, whatever became of them. Drafts are not the host's to know."""
    found: QuerySet[Application] = Application.objects.filter(
        state__in=SUBMITTED_ONCE, submitted_at__isnull=False, **filters
    ).order_by()
    return found


def proposed_to_hosts(rows: "QuerySet[Any]", user: Any) -> "QuerySet[Any]":
    """Those of the rows (each with an `expert`) whose person this user may see and who is proposed to hosts."""
    return proposed_to_anybody(rows).filter(expert__in=ExpertProfile.objects.visible_to(user))


def proposed_to_anybody(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those of the rows (each with an `expert`) whose person did not switch proposals to hosts off."""
    return rows.filter(~Exists(MatchSettings.objects.filter(proposed=False, expert=OuterRef("expert"))))


def _with_what_is_shown(rows: "QuerySet[Any]", program: Program) -> "QuerySet[Any]":
    invitations = Invitation.objects.filter(program=program, expert=OuterRef("expert"))
    choices = PersonChoice.objects.filter(program=program, expert=OuterRef("expert"))
    windows = AvailabilityWindow.objects.filter(profile=OuterRef("expert"), starts__lte=program.starts, ends__gte=program.ends)
    codes: Any = ArrayField(CharField(max_length=5))
    shown = {f"shown_{part}": audience_of_part(part) for part in (Part.LANGUAGES, Part.AVAILABILITY, Part.COMPETENCES)}
    return rows.annotate(**shown).annotate(
        invitation=Subquery(with_state(invitations).values("state")[:1]),
        invited=Exists(invitations),
        applied=Exists(received(program=program, expert=OuterRef("expert"))),
        choice=Subquery(choices.values("choice")[:1]),
        spoken=Case(
            When(shown_languages__in=SEEN_BY_HOSTS, then=F("expert__language_codes")),
            default=Value([], output_field=codes),
            output_field=codes,
        ),
        available=_whether(Q(shown_availability__in=SEEN_BY_HOSTS) & Exists(windows)),
        shown_eligible=F("host_eligible"),
    )


def audience_of_part(part: str, column: str = "expert__audiences") -> Coalesce:
    """Who may see this part, as SQL; `column` is that of the chosen audiences."""
    chosen = KeyTextTransform(str(part), column)
    return Coalesce(NullIf(chosen, Value("")), Value(str(DEFAULT_AUDIENCES[part])), output_field=TextField())


def with_state(invitations: "QuerySet[Any]") -> "QuerySet[Any]":
    """Annotate `state` of each invitation. Who applies after all has applied, whatever they answered before."""
    applied = received(program=OuterRef("program"), expert=OuterRef("expert"))
    return invitations.annotate(
        state=Case(
            When(Exists(applied), then=Value(str(InvitationState.APPLIED))),
            When(declined_at__isnull=False, then=Value(str(InvitationState.DECLINED))),
            When(opened_at__isnull=False, then=Value(str(InvitationState.OPENED))),
            default=Value(str(InvitationState.INVITED)),
            output_field=CharField(max_length=10),
        )
    )


# ---- the page of a programme -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MyFit:
    """What the page of a programme shows an expert: their match, invitation and choice, each None where there is none."""

    match: Match | None
    invitation: Invitation | None
    choice: ProgramChoice | None

    @property
    def saved(self) -> bool:
        return self.choice is not None and self.choice.choice == Choice.SAVED


def fit_for_expert(program: Program, expert_id: int) -> MyFit:
    """All of it in one query."""
    names = {"my_match": "matches", "my_invitation": "invitations", "my_choice": "expert_choices"}
    mine = {name: FilteredRelation(path, condition=Q(**{f"{path}__expert_id": expert_id})) for name, path in names.items()}
    row: Any = Program.objects.filter(pk=program.pk).annotate(**mine).select_related(*names).first()
    return MyFit(*(getattr(row, name, None) for name in names))
