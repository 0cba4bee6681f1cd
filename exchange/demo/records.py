"""Positions, diplomas and one work with a picture, for the demonstration users."""

import io
import math
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from exchange.demo.users import DemoUser
from institutions.models import Institution
from profiles.domain.career import save_career
from profiles.domain.portfolio import add_picture, save_case
from profiles.models import ExpertProfile
from vocabulary.domain.vocabulary import vocabulary

DIPLOMA = {"ru": "Диплом реставратора", "en": "Diploma in conservation"}
WORK = {"ru": "Сюзане, укрепление шёлка", "en": "A suzani, silk consolidated"}
STORY = {
    "ru": "Вышивка держалась на отдельных нитях. Подведена новая основа, швы укреплены шёлком, пыль снята без воды.",
    "en": "The embroidery hung by single threads. A new ground was laid under it, stitches were secured with silk, dust was taken off dry.",
}
SEEN = {"ru": "Рисунок: круглые цветы сюзане на светлой ткани", "en": "A drawing: round flowers of a suzani on pale cloth"}


def add_records(profile: ExpertProfile, demo_user: DemoUser, *, by: User) -> None:
    """Add a position and a diploma to each profile with a portrait, and a work with a picture to those who work with textiles."""
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
    if "textile-conservation" in dict(portrait.fields):
        concept = vocabulary().by_slug("silk").id
        about: dict[str, Any] = {"title": WORK[language], "story": STORY[language], "year": begun + 3, "material_id": concept}
        case = save_case(profile, by=by, object_type_id=None, technique_id=None, **about)
        add_picture(
            profile,
            case.pk,
            ContentFile(draw_suzani(), name="suzani.png"),
            by=by,
            alt=SEEN[language],
            caption="",
            holder=demo_user.name,
            licence="cc0",
        )


def draw_suzani(side: int = 1200) -> bytes:
    """Round flowers in rows: a drawing, so that nobody takes it for a photograph of a real cloth."""
    image = Image.new("RGB", (side, side * 3 // 4), "#f3ead7")
    pen = ImageDraw.Draw(image)
    for row in range(3):
        for column in range(4):
            x, y, reach = (column * 2 + 1) * side // 8, (row * 2 + 1) * side // 8, side // 11
            for petal in range(12):
                angle = math.tau * petal / 12
                px, py = x + reach * 0.72 * math.cos(angle), y + reach * 0.72 * math.sin(angle)
                pen.ellipse(
                    (px - reach / 4, py - reach / 4, px + reach / 4, py + reach / 4), fill=("#a12b3b", "#1f4b8f")[petal % 2]
                )
            pen.ellipse((x - reach / 2, y - reach / 2, x + reach / 2, y + reach / 2), fill="#7a2231", outline="#e0b04b", width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
