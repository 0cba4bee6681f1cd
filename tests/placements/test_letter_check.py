"""The letter in its reader's language, who signs it, and the public page that checks it."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from exchange.core.history import record_transition
from exchange.core.latin import in_latin
from placements.domain.letters import check_code, write_letter
from placements.models import Placement
from tests.factories import MembershipFactory, UserFactory
from tests.placements.test_letters import placed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def placement():
    found = placed()
    program = found.program
    program.funding = {"en": "Travel and housing are paid.", "uz": "Yoʻl va turar joy toʻlanadi."}
    program.city = "Tashkent"
    program.save()
    program.institution.city = "Samarkand"
    program.institution.save()
    return Placement.objects.get(pk=found.pk)


def address(placement):
    return f"/letters/{placement.reference}/{check_code(placement)}/"


@pytest.mark.parametrize(
    ("language", "funding", "town", "seat"),
    [("en", "Travel and housing", "Tashkent,", "Samarkand,"), ("uz", "turar joy", "Toshkent,", "Samarqand,")],
)
def test_funding_and_town_are_in_the_readers_language(placement, language, funding, town, seat):
    text = text_of(write_letter(placement, language))

    for words in (funding, town, seat):
        assert words in text


@pytest.mark.parametrize(
    ("language", "name"), [("en", "F. Nazarov"), ("ru", "Ф. Назаров"), ("tg", "Ф. Назаров"), ("tk", "F. Nazarov")]
)
def test_coordinators_are_named_in_latin_letters_in_english(placement, language, name):
    text = text_of(write_letter(placement, language))

    assert name in text
    assert (re.search("[а-яА-Я]", text.replace("Дилноза Раҳимова", "")) is None) == (language == "en")


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Артём Щёголев", "Artem Shchegolev"),
        ("Юлия Хажиева", "Iuliia Khazhieva"),
        ("Әсел Ғабитқызы", "Asel Ghabitqyzy"),
        ("Ҷамшед Ҳақназаров", "Jamshed Haqnazarov"),
        ("Oʻgʻiloy O’Brien", "Oʻgʻiloy O’Brien"),
    ],
)
def test_names_in_latin_letters(name, latin):
    assert in_latin(name) == latin


def test_who_offered_the_place_signs_else_the_first_owner(placement):
    owner = MembershipFactory(institution=placement.program.institution, user__name="Мария Оуэн").user
    assert "For the host institution: Mariia Ouen, Museum" in text_of(write_letter(placement, "en"))
    editor = UserFactory(name="Grace Lee")
    record_transition(placement.application, "select", by=editor, states=("submitted", "offered"))

    text = text_of(write_letter(placement, "en"))

    assert "For the host institution: Grace Lee" in text
    assert owner.name not in text


def test_the_letter_names_an_address_that_opens_without_a_login(client, placement):
    text = text_of(write_letter(placement, "en")).replace(" ", "")
    assert address(placement) in text

    page = client.get(address(placement))

    assert page.status_code == 200
    assert "This letter is genuine and valid." in page.content.decode()
    assert "Dilnoza Rahimova" in page.content.decode()


def test_the_page_shows_nothing_beyond_the_letter(client, placement):
    placement.application.statement = "Secret statement."
    placement.application.save()
    text = text_of(write_letter(placement, "en")).replace(" ", "")

    page = client.get(address(placement)).content.decode()
    facts = re.findall(r"<dd[^>]*>(.*?)</dd>", page.split("<main", 1)[1].split("</main>", 1)[0], re.DOTALL)

    assert len(facts) >= 8
    assert all("".join(fact.split()) in text for fact in facts)
    for hidden in ("Secret statement.", placement.expert.user.email, "/placements/", placement.expert.get_absolute_url()):
        assert hidden not in page


@pytest.mark.parametrize("change", ["reference", "code", "year", "number", "nonsense", "long"])
def test_an_unknown_code_has_a_clear_answer(client, placement, change):
    reference, code = placement.reference, check_code(placement)
    tried = {
        "reference": (placed().reference, code),
        "code": (reference, "AAAA-BBBB-CCCC"),
        "year": (reference.replace(str(placement.created_at.year), "1999"), code),
        "number": ("MIRAS-2026-999999999999", code),
        "nonsense": ("x", "y"),
        "long": ("M" * 5000, "x" * 5000),
    }[change]

    page = client.get("/letters/{}/{}/".format(*tried))

    assert page.status_code == 404
    assert "There is no letter with this reference and check code." in page.content.decode()
    assert "Rahimova" not in page.content.decode()


@pytest.mark.parametrize("state", ["pending", "cancelled", "rejected", "returned"])
def test_a_letter_of_a_stay_that_is_not_confirmed_is_no_longer_valid(client, placement, state):
    Placement.objects.update(state=state)

    page = client.get(address(placement)).content.decode()

    assert "This letter is no longer valid" in page
    assert "Rahimova" not in page


def test_the_form_finds_a_letter_however_it_is_typed(client, placement):
    assert 'name="code"' in client.get("/letters/").content.decode()

    page = client.get("/letters/", {"reference": f" {placement.reference.lower()} ", "code": check_code(placement).lower()})

    assert "This letter is genuine and valid." in page.content.decode()


def test_a_changed_name_on_the_profile_keeps_the_letter_valid_and_changed_dates_do_not(client, placement):
    url = address(placement)
    Placement.objects.update(ends=placement.ends + timezone.timedelta(days=1))

    assert client.get(url).status_code == 404


def test_checks_are_limited(client, placement, settings):
    settings.ACCOUNT_RATE_LIMITS = {"check_letter": "20/m/ip"}

    answers = [client.get("/letters/MIRAS-2026-000001/AAAA-BBBB-CCCC/").status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]
    assert client.get("/letters/").status_code == 200
