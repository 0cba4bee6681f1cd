"""Phones of 320 and 360 px, in the languages with the longest words: no label is cut, no text stands over another."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.domain.compute import match_expert
from matching.models import Match
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    LanguageSkillFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    WindowFactory,
)
from tests.helpers.layout import unreadable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 360, 480, 800)


@pytest.fixture
def looked_at(chromium, live_server, client):
    """What cannot be read on a page of this user, at each width."""
    contexts = []

    def look(user, address, language):
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, locale=language)
        contexts.append(context)
        if user is not None:
            user.language = language
            user.save(update_fields=["language"])
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        response = page.goto(address)
        assert response.status == 200
        found = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            found += [(width, fault) for fault in unreadable(page)]
        return found

    yield look
    for context in contexts:
        context.close()


@pytest.fixture
def expert():
    me = ExpertFactory()
    this_year = timezone.now().date()
    WindowFactory(profile=me, starts=this_year, ends=this_year + datetime.timedelta(days=300))
    LanguageSkillFactory(profile=me)
    long = {"ru": "консервация археологических находок", "kk": "археологиялық олжаларды консервациялау", "en": "archaeology"}
    CompetenceFactory(profile=me, technique=ConceptFactory(slug="finds", scheme="technique", label=long))
    return me


@pytest.mark.parametrize("language", ["ru", "kk", "tg"])
def test_explanation_of_a_match_is_readable(looked_at, expert, language):
    program = ProgramFactory(title={"en": "Finds", "ru": "Находки"})
    program.concepts.add(*(row.technique_id for row in expert.competences.all()))
    RequiredLanguageFactory(program=program, language="en", level=4)
    match_expert(expert.pk)
    assert Match.objects.filter(expert=expert, program=program).exists()

    assert looked_at(expert.user, reverse("matches"), language) == []
    assert looked_at(expert.user, program.get_absolute_url(), language) == []


@pytest.mark.parametrize("language", ["ru", "kk", "tg"])
def test_months_of_a_profile_are_readable(looked_at, expert, language):
    assert looked_at(expert.user, expert.get_absolute_url(), language) == []


@pytest.mark.parametrize("name", ["account_signup", "account_login", "account_reset_password", "privacy", "search", "programs"])
def test_buttons_and_headings_of_public_pages_keep_their_words_whole(looked_at, name):
    assert looked_at(None, f"{reverse(name)}?lang=ru", "ru") == []


@pytest.mark.parametrize(
    "name", ["profile_visibility", "profile_competences", "profile_availability", "notification_settings", "settings"]
)
def test_forms_are_readable(looked_at, expert, name):
    assert looked_at(expert.user, f"{reverse(name)}", "ru") == []


@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        (".button { width: 4rem; overflow-wrap: anywhere }", "a cut word"),
        ("main h2, main h1 { position: absolute; top: 200px; left: 1rem }", "text over text"),
        ("main { width: 120vw }", "scrolls sideways"),
        (".facts dd, .meter span { width: 1ch }", "a letter wide"),
    ],
)
def test_faults_are_found(chromium, live_server, client, expert, spoiled, fault):
    """The check itself: a page that is spoiled on purpose has the fault."""
    client.force_login(expert.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(expert.get_absolute_url())

    page.add_style_tag(content=spoiled)

    assert any(found.startswith(fault) for found in unreadable(page))
    context.close()
