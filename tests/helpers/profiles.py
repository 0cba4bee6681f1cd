"""Profiles as the database has them."""

from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile, PersonName
from profiles.states import NameKind


def named(profile, given, family, kind=NameKind.NATIVE):
    """The profile with one more spelling of its name."""
    PersonName.objects.create(profile=profile, kind=kind, given=given, family=family)
    return indexed(profile)


def indexed(profile):
    """The profile with its index columns renewed."""
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    return ExpertProfile.objects.get(pk=profile.pk)


def again(row):
    """The row as it stands in the database now."""
    return type(row).objects.get(pk=row.pk)
