"""Positions, diplomas and works with pictures, for the demonstration logins."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from exchange.core.jobs.outbox import enqueue_many
from exchange.core.pictures import Licence
from exchange.demo.drawings import drawing
from exchange.demo.users import DemoUser
from exchange.demo.works import WORKS, Work
from institutions.models import Institution
from profiles.domain.career import save_career
from profiles.models import CasePicture, ExpertProfile, PortfolioCase
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
    _add_works(profile, WORKS[demo_user.login], demo_user.name)


def _add_works(profile: ExpertProfile, works: tuple[Work, ...], holder: str) -> None:
    """As `save_case` and `add_picture` would, in few queries; the index is refreshed with the CV."""
    words, this_year = vocabulary(), timezone.now().year
    cases = []
    for place, work in enumerate(works):
        technique, material, thing = (words.by_slug(slug).id if slug else None for slug in work.concepts)
        cases.append(
            PortfolioCase(
                profile=profile,
                place=place,
                title=work.title,
                story=work.story,
                year=this_year - work.years_ago,
                technique_id=technique,
                material_id=material,
                object_type_id=thing,
            )
        )
    PortfolioCase.objects.bulk_create(cases)
    pictures = CasePicture.objects.bulk_create(
        [
            CasePicture(
                case=case,
                upload=ContentFile(drawing(work.picture), name=f"{work.picture}.png"),
                alt=work.alt,
                holder=holder,
                licence=Licence.CC0,
            )
            for case, work in zip(cases, works, strict=True)
        ]
    )
    enqueue_many("profiles.make_sizes", [{"picture_id": picture.pk} for picture in pictures])
