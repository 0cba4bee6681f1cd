import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from exchange.core.errors import DomainError
from placements.domain.letters import check_code, letter_languages, write_letter
from placements.models import Placement
from tests.factories import AgreementFactory, ExpertFactory, InstitutionFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db
LETTERS = {
    "en": "Emily O’Brien–Carter",
    "ru": "Артём Щёголев",
    "kk": "Әсел Ғабитқызы Өмірова Іңкәр һұң ҮҰ",
    "ky": "Жаңыл Өмүрбекова Үмүт",
    "uz": "Oʻgʻiloy Shoʻx Gʻaniyeva",
    "tg": "Ҷамшед Ӯғанӣ Ҳақназаров Қӯчқор",
    "tk": "Ýaşuly Şöhrat Žanna Äşirowa Öwez Ňaly Çary",
}


def text_of(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def placed(name="Дилноза Раҳимова", latin="Dilnoza Rahimova", language="uz", **kwargs):
    expert = ExpertFactory(user=UserFactory(language=language), shown_name=name, latin_name=latin)
    placement = PlacementFactory(application__expert=expert, state="confirmed", confirmed_at=timezone.now(), **kwargs)
    placement.approvals.update(state="approved", decided_at=timezone.now(), decided_by=UserFactory(name="Ф. Назаров"))
    return Placement.objects.get(pk=placement.pk)


@pytest.mark.parametrize(("language", "name"), LETTERS.items())
def test_letter_sets_every_letter_of_each_language(language, name):
    placement = placed(name=name)

    text = text_of(write_letter(placement, language))

    assert " ".join(name.split()) in text
    assert placement.reference in text
    assert check_code(placement) in text
    assert "\ufffd" not in text


def test_letter_names_what_it_is_about():
    home = InstitutionFactory(country="UZ", name={"en": "Institute of Art"})
    placement = placed()
    placement.agreement = AgreementFactory(title={"en": "Memorandum of 2026"}, reference="M/26")
    placement.expert.affiliation = home

    text = text_of(write_letter(placement, "en"))

    for words in (
        "Invitation letter",
        "Dilnoza Rahimova",
        "Дилноза Раҳимова",
        "Uzbekistan",
        "United States of America",
        str(placement.program.title),
        str(placement.program.institution.name),
        "Institute of Art",
        "Memorandum of 2026 (M/26)",
        "F. Nazarov",
    ):
        assert words in text


@pytest.mark.parametrize(
    "name",
    [
        '#import "@preview/tiaoma:0.3.0": qrcode',
        "] #panic(1) [",
        '#read("/etc/passwd")',
        "\\ #sys.inputs *bold* _it_ $x$ `raw` <label> @ref // comment",
        '"}, "title": "Forged',
        "= Heading",
    ],
)
def test_a_name_is_never_markup(name):
    placement = placed(name=name, latin=name)

    text = text_of(write_letter(placement, "en"))

    assert " ".join(name.split()) in text
    assert text.count("Invitation letter") == 1


def test_letter_keeps_the_name_that_was_approved():
    placement = placed(name="Дилноза", latin="Dilnoza")
    snapshot = {"name": "Дилноза", "latin_name": "Dilnoza", "names": [], "country": "UZ", "shape": 1}
    type(placement.application).objects.filter(pk=placement.application_id).update(snapshot=snapshot)
    type(placement.expert).objects.filter(pk=placement.expert_id).update(shown_name="Somebody Else", latin_name="Somebody Else")

    text = text_of(write_letter(Placement.objects.get(pk=placement.pk), "en"))

    assert "Dilnoza" in text
    assert "Somebody Else" not in text


def test_a_demonstration_letter_says_that_it_is_one():
    placement = placed()
    assert "Demonstration" not in text_of(write_letter(placement, "en"))
    placement.is_demo = True
    assert "Demonstration: this letter invites nobody" in text_of(write_letter(placement, "en"))


def test_check_code_depends_on_every_fact():
    placement = placed()
    code = check_code(placement)

    placement.ends = placement.ends.replace(year=placement.ends.year + 1)

    assert check_code(placement) != code


@pytest.mark.parametrize("state", ["pending", "returned", "rejected", "cancelled"])
def test_no_letter_before_both_countries_approved(state):
    placement = placed()
    placement.state = state

    with pytest.raises(DomainError) as error:
        write_letter(placement, "en")

    assert error.value.code == "not-confirmed"


@pytest.mark.parametrize(("language", "offered"), [("tg", ["tg", "en"]), ("en", ["en"]), ("", ["en"])])
def test_letter_is_offered_in_the_experts_language_and_english(language, offered):
    assert letter_languages(placed(language=language)) == offered


# ---- the address -------------------------------------------------------------------------------------------------------


def test_letter_goes_to_those_it_concerns_alone(client, cast):
    Placement.objects.filter(pk=cast.placement.pk).update(state="confirmed", confirmed_at=timezone.now())
    address = f"/placements/{cast.placement.pk}/letter/en.pdf"
    for user in (cast.expert, cast.owner, cast.editor, cast.reviewer, cast.sender, cast.receiver, cast.secretary):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF-")
        assert response.headers["Content-Type"] == "application/pdf"
        assert "no-store" in response.headers["Cache-Control"]
    for user in (cast.outsider, cast.other_country):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_letter_address_refuses_what_is_not_there(client, cast):
    client.force_login(cast.expert)
    assert client.get(f"/placements/{cast.placement.pk}/letter/en.pdf").status_code == 409
    Placement.objects.filter(pk=cast.placement.pk).update(state="confirmed", confirmed_at=timezone.now())
    assert client.get(f"/placements/{cast.placement.pk}/letter/xx.pdf").status_code == 404
    assert client.get(f"/placements/{cast.placement.pk}/letter/ru.pdf").status_code == 200
