"""Experts with exactly the names a test is about, and the index brought up to date."""

from django.contrib.auth.models import AnonymousUser

from exchange.core.jobs.outbox import process_outbox
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile, PersonName
from profiles.states import Audience
from search.domain.query import SearchRequest
from search.domain.ranking import search
from tests.factories import ExpertFactory

ANONYMOUS = AnonymousUser()


def person(*names, audience=Audience.EVERYONE, **fields):
    """An expert with names given as (kind, given, family); the documents are made at the next `process_outbox`."""
    profile = ExpertFactory(named=False, shown_name="", latin_name="", sort_name="", audience=audience, **fields)
    for kind, given, family in names:
        PersonName.objects.create(profile=profile, kind=kind, given=given, family=family)
    changed(profile)
    return profile


def changed(profile):
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())


def indexed():
    process_outbox()


def found(words="", user=ANONYMOUS, kind="expert", **more):
    """The ids of the first page."""
    return [hit.object_id for hit in search(user, SearchRequest(kind, words, **more)).hits]
