"""Positions, diplomas and works with pictures, for the demonstration logins."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from exchange.demo.drawings import drawing
from exchange.demo.users import DemoUser
from exchange.demo.works import WORKS, Work
from institutions.models import Institution
from profiles.domain.career import save_career
from profiles.domain.portfolio import add_picture, save_case
from profiles.models import ExpertProfile
from vocabulary.domain.vocabulary import vocabulary

DIPLOMA = {"ru": "Диплом реставратора", "en": "Diploma in conservation"}


def add_records(profile: ExpertProfile, demo_user: DemoUser, *, by: User) -> None:
    """Add a position, a diploma and works with pictures to the profile of a login with a portrait."""
    portrait = demo_user.portrait
    if portrait is None:
        return
    language = portrait.biography_language if portrait.biography_language in DIPLOMA else "en"
    begun = timezone.now().year - portrait.years
    place = str(Institution.objects.get(slug=portrait.affiliation).name)
    save_career(
        profile,
        by=by,
        positions=[{"title": portrait.headline[:160], "place": place, "starts": begun, "ends": None}],
        education=[{"degree": DIPLOMA[language], "place": "", "year": begun}],
        accreditations=[],
    )
    for work in WORKS[demo_user.login]:
        _add_work(profile, work, demo_user.name, by=by)


def _add_work(profile: ExpertProfile, work: Work, holder: str, *, by: User) -> None:
    words = vocabulary()
    technique, material, thing = (words.by_slug(slug).id if slug else None for slug in work.concepts)
    year = timezone.now().year - work.years_ago
    case = save_case(
        profile,
        by=by,
        title=work.title,
        story=work.story,
        year=year,
        technique_id=technique,
        material_id=material,
        object_type_id=thing,
    )
    upload = ContentFile(drawing(work.picture), name=f"{work.picture}.png")
    add_picture(profile, case.pk, upload, by=by, alt=work.alt, caption="", holder=holder, licence="cc0")
