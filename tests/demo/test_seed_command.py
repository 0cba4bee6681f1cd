from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from applications.models import Application
from exchange.demo.seeding import seed_demo

pytestmark = pytest.mark.django_db


def test_quiet_hosts_have_applicants_and_no_decisions(reference):
    seed_demo(experts=150, programs=0, seed=7, quiet={"us-winterthur-delaware"})

    applications = Application.objects.filter(program__institution__slug="us-winterthur-delaware")
    assert applications.exists()
    assert not applications.filter(state__in=["offered", "accepted"]).exists()


def test_seed_demo_needs_the_reference_tables(db):
    with pytest.raises(CommandError, match="import_reference"):
        call_command("seed_demo", "--experts", "1", verbosity=0)


def test_seed_demo_has_no_place_on_a_public_site(reference, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="no place"):
        call_command("seed_demo", "--experts", "1", verbosity=0)
    assert not User.objects.exists()


def test_seed_demo_command_says_what_it_added(reference):
    out = StringIO()

    call_command("seed_demo", "--experts", "12", "--programs", "2", "--seed", "5", stdout=out)
    call_command("seed_demo", "--experts", "12", "--programs", "2", "--seed", "5", stdout=out)

    assert "Added: 12 experts, 2 programmes" in out.getvalue()
    assert "nothing was added" in out.getvalue()
