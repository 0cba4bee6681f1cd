"""Which pages each role walks, with real ids from the demonstration data."""

from accounts.models import User
from institutions.models import Institution
from placements.models import Placement
from placements.states import PlacementState
from profiles.models import ExpertProfile
from programs.models import Program

PUBLIC = [
    ("home", "/"),
    ("programmes", "/programs/"),
    ("programmes-all", "/programs/?open=all&country=US"),
    ("experts", "/experts/"),
    ("institutions", "/institutions/"),
    ("search", "/search/?q=museum"),
    ("search-empty", "/search/?q=zzzz"),
    ("search-programmes", "/search/?type=programs&q=ceramics&open=now"),
    ("about-data", "/about/data/"),
    ("terms", "/terms/"),
    ("privacy", "/privacy/"),
    ("log-in", "/accounts/login/"),
    ("sign-up", "/accounts/signup/"),
    ("reset", "/accounts/password/reset/"),
    ("not-found", "/programs/no-such-programme/"),
]
SIGNED_IN = [
    ("home", "/"),
    ("messages", "/messages/"),
    ("notifications", "/notifications/"),
    ("waiting", "/waiting/"),
    ("settings", "/settings/"),
    ("settings-notifications", "/settings/notifications/"),
    ("settings-searches", "/settings/searches/"),
    ("search-experts", "/search/?type=experts&q=textile"),
    ("settings-privacy", "/settings/privacy/"),
    ("settings-data", "/settings/data/"),
    ("settings-delete", "/settings/delete/"),
    ("second-factor", "/accounts/2fa/"),
    ("addresses", "/accounts/email/"),
]
HEAVY = ("home", "programmes", "programme", "apply", "desk")
"""Pages held to the budget of a first load."""


def pages_of(role: str, email: str) -> list[tuple[str, str]]:
    """Name and address of every page this person walks."""
    if role == "anonymous":
        return [*PUBLIC, ("programme", open_program().get_absolute_url()), *one_of_each()]
    user = User.objects.get(email=email)
    return [*SIGNED_IN, ("programmes", "/programs/"), ("experts", "/experts/"), *threads(user), *OWN[role](user)]


def open_program() -> Program:
    return Program.objects.open().filter(institution__slug="us-winterthur-delaware").order_by("pk").first()


def one_of_each() -> list[tuple[str, str]]:
    return [("institution", Institution.objects.get(slug="us-winterthur-delaware").get_absolute_url())]


def threads(user: User) -> list[tuple[str, str]]:
    found = user.participations.filter(left_at__isnull=True).order_by("-thread__last_at").first()
    return [("thread", f"/messages/{found.thread_id}/")] if found else []


def expert_pages(user: User) -> list[tuple[str, str]]:
    expert = user.expert_profiles.get()
    fresh = Program.objects.open().filter(eligible_countries__contains=[expert.country]).exclude(applications__expert=expert)
    draft = expert.applications.filter(state="draft").first()
    return [
        ("applications", "/applications/"),
        ("matches", "/matches/"),
        ("matches-saved", "/matches/?show=saved"),
        ("matches-settings", "/matches/settings/"),
        ("profile", "/profile/"),
        ("profile-names", "/profile/names/"),
        ("profile-work", "/profile/work/"),
        ("profile-competences", "/profile/competences/"),
        ("profile-from-text", "/profile/from-text/"),
        ("profile-languages", "/profile/languages/"),
        ("profile-availability", "/profile/availability/"),
        ("profile-career", "/profile/career/"),
        ("profile-publications", "/profile/publications/"),
        ("profile-bibtex", "/profile/publications/bibtex/"),
        ("profile-portfolio", "/profile/portfolio/"),
        ("profile-work-new", "/profile/portfolio/new/"),
        ("profile-files", "/profile/files/"),
        ("profile-visibility", "/profile/visibility/"),
        ("expert", expert.get_absolute_url()),
        ("programme", fresh.order_by("pk").first().get_absolute_url()),
        ("ask", f"{fresh.order_by('pk').first().get_absolute_url()}ask/"),
        ("apply", f"/programs/{draft.program.slug}/apply/" if draft else f"/programs/{fresh.first().slug}/apply/"),
        ("placements", "/placements/"),
        *((f"application-{row.state}", row.get_absolute_url()) for row in expert.applications.exclude(state="draft")),
        *((f"placement-{row.state}", row.get_absolute_url()) for row in Placement.objects.filter(expert=expert)),
    ]


def host_pages(user: User) -> list[tuple[str, str]]:
    program = Program.objects.filter(institution__memberships__user=user).exclude(applications=None).order_by("-deadline").first()
    application = program.applications.exclude(state="draft").order_by("pk").first()
    slug = program.slug
    pages = [
        ("desk", "/desk/"),
        ("host-programme", f"/programs/{slug}/"),
        ("host-applications", f"/programs/{slug}/applications/"),
        ("host-review", application.get_absolute_url()),
        ("host-institution", program.institution.get_absolute_url()),
        ("expert", ExpertProfile.objects.visible_to(user).order_by("pk").first().get_absolute_url()),
    ]
    if program.institution_id in user.access.edited_institutions:
        pages += [
            ("host-edit", f"/programs/{slug}/edit/"),
            ("host-people", f"/programs/{slug}/people/"),
            ("host-coverage", f"/programs/{slug}/people/coverage/"),
            ("host-new", f"/institutions/{program.institution.slug}/programs/new/"),
            ("host-needs", f"/institutions/{program.institution.slug}/needs/"),
            ("host-need-new", f"/institutions/{program.institution.slug}/needs/new/"),
            ("host-partners", f"/institutions/{program.institution.slug}/partners/"),
        ]
    return pages


def coordinator_pages(user: User) -> list[tuple[str, str]]:
    waiting = Placement.objects.visible_to(user).filter(state=PlacementState.PENDING).order_by("pk").first()
    return [
        ("desk", "/desk/"),
        ("agreements", "/agreements/"),
        ("placements", "/placements/"),
        *([("placement-pending", waiting.get_absolute_url())] if waiting else []),
        *([("fairness", "/desk/fairness/")] if user.access.secretariat else []),
    ]


OWN = {
    "expert": expert_pages,
    "host": host_pages,
    "reviewer": host_pages,
    "coordinator": coordinator_pages,
    "secretariat": coordinator_pages,
}
