"""Needs of a host: written, changed, deleted, and made into a programme draft in one step."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.countries import Country
from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import enqueue
from institutions.models import Institution
from matching.domain.jobs import SETTLE
from matching.domain.model import current_reader
from matching.models import Need, NeedLanguage
from programs.domain.drafts import NewProgram, create_program
from programs.domain.editing import MAX_TOPICS, ProgramTexts, edit_needs, edit_places, edit_texts, edit_topics
from programs.models import Program
from programs.rules import may_edit
from programs.states import ProgramKind
from vocabulary.domain.vocabulary import vocabulary

MAX_NEEDS = 50
"""Needs of one institution."""


@dataclass(frozen=True)
class NeedFacts:
    """What a host says about a need. `languages`: minimum CEFR level by language; `countries` empty: all but the host's own."""

    title: str
    text: str
    text_language: str
    starts: datetime.date
    ends: datetime.date
    concepts: Collection[int] = ()
    languages: Mapping[str, int] | None = None
    countries: Collection[str] = ()
    minimum_experience: int = 0


@transaction.atomic
def create_need(institution: Institution, facts: NeedFacts, *, by: User) -> Need:
    """Write down a need; experts are proposed within moments. Concepts that the text names are added to the chosen ones.

    Refuses users who may not edit the institution's programmes; raises DomainError for dates in the wrong order, unknown or too many
    concepts, no concept at all, and more than MAX_NEEDS needs.
    """
    _require_editor(institution.pk, by)
    if Need.objects.filter(institution=institution).count() >= MAX_NEEDS:
        raise DomainError(_("Delete a need first: there are %(most)s already.") % {"most": MAX_NEEDS}, code="too-many")
    return _write(Need(institution=institution, by=by), facts)


@transaction.atomic
def change_need(need: Need, facts: NeedFacts, *, by: User) -> Need:
    """Change a need; its people are computed again. Refuses as `create_need`."""
    _require_editor(need.institution_id, by)
    return _write(Need.objects.select_for_update(of=("self",)).select_related("institution").get(pk=need.pk), facts)


def delete_need(need: Need, *, by: User) -> None:
    """Delete a need with its proposals; a draft that was made of it stays. Refuses as `create_need`."""
    _require_editor(need.institution_id, by)
    need.delete()


@transaction.atomic
def draft_from_need(need: Need, *, by: User, kind: str = ProgramKind.EXCHANGE) -> Program:
    """Make a programme draft of a need: title, text, concepts, languages, days, countries, years of practice. A second call returns the same draft.

    Refuses users who may not edit, and institutions that may not post programmes.
    """
    _require_editor(need.institution_id, by)
    locked: Need = Need.objects.select_for_update(of=("self",)).select_related("institution", "program").get(pk=need.pk)
    if locked.program is not None:
        return locked.program
    language = locked.text_language or get_language() or "en"
    facts = NewProgram(kind=kind, title={language: locked.title}, starts=locked.starts, ends=locked.ends, seats=1)
    program = create_program(locked.institution, facts, by=by)
    text = {language: locked.text[:1500]} if locked.text else {}
    texts = ProgramTexts(kind=kind, title=program.title, summary=text, description={}, funding={})
    edit_texts(program, texts, by=by, version=None)
    edit_topics(program, by=by, version=None, concepts=[concept.pk for concept in locked.concepts.all()])
    asked = {row.language: row.level for row in locked.languages.all()}
    edit_needs(program, by=by, version=None, minimum_experience=locked.minimum_experience, languages=asked)
    edit_places(program, by=by, version=None, seats=1, eligible_countries=locked.countries, quotas={})
    Need.objects.filter(pk=locked.pk).update(program=program)
    return program


def _require_editor(institution_id: int, by: User) -> None:
    require(may_edit(by, institution_id), _("Only owners and editors of the institution can describe whom it seeks."))


def _write(need: Need, facts: NeedFacts) -> Need:
    if facts.ends < facts.starts:
        raise DomainError(_("The end date is before the start date."), code="dates")
    concepts = set(facts.concepts) | {
        int(str(key)) for key, _words in current_reader().places([(f"{facts.title}. {facts.text}", facts.text_language)])
    }
    if any(pk not in vocabulary() for pk in concepts):
        raise DomainError(_("One of these is no longer in the vocabulary. Choose again."), code="unknown")
    if not concepts:
        raise DomainError(_("Name at least one field, material or technique, in the list or in your text."), code="no-concepts")
    if len(concepts) > MAX_TOPICS:
        raise DomainError(_("Choose at most %(most)s.") % {"most": MAX_TOPICS}, code="too-many")
    need.title, need.text, need.text_language = facts.title, facts.text, facts.text_language
    need.starts, need.ends, need.minimum_experience = facts.starts, facts.ends, facts.minimum_experience
    need.countries = sorted(facts.countries) or sorted(set(Country.values) - {need.institution.country})
    need.changed_at = timezone.now()
    need.save()
    need.concepts.set(concepts)
    need.languages.all().delete()
    NeedLanguage.objects.bulk_create(
        NeedLanguage(need=need, language=language, level=level) for language, level in sorted((facts.languages or {}).items())
    )
    enqueue("match-need", delay=SETTLE, bulk=True, need_id=need.pk)
    return need
