"""`load_demo`: load all demonstration data once."""

from collections.abc import Callable

from exchange.demo.acts import act, make_profiles, take_posts
from exchange.demo.login_programs import add_login_programs
from exchange.demo.logins import Passwords, make_accounts, set_passwords, write_logins
from exchange.demo.matches import refresh_matches
from exchange.demo.pictures import add_pictures
from exchange.demo.seeding import seed_demo
from exchange.demo.users import HOSTS
from exchange.reference.importing import import_reference
from partnerships.domain.reminders import warn_of_endings
from placements.domain.reminders import remind_countries

EXPERTS, PROGRAMS, SEED = 220, 6, 1
STEPS = 6
Say = Callable[[str], None]


def load_demo(say: Say = lambda step: None) -> bool:
    """Load reference tables, logins with their activity, generated users and programmes, matches. Returns whether anything was added.

    An interrupted run is continued by the next one; a complete one adds nothing. Logins are written to the data folder last, so that an
    existing file is always complete.
    """
    keys = Passwords()
    say("vocabulary, institutions, programmes")
    added = import_reference(demo=True).wrote
    say("accounts")
    people = make_accounts()
    take_posts(people)
    make_profiles(people)
    say("what they have done")
    added |= act(people)
    say("other experts and programmes")
    added |= bool(add_login_programs())
    added |= bool(add_pictures())
    # Programmes of the hosts with a login get applicants but no decisions, which are left to the user.
    quiet = {slug for demo_user in HOSTS for slug in demo_user.teams}
    added |= seed_demo(experts=EXPERTS, programs=PROGRAMS, seed=SEED, quiet=quiet).anything
    if added:
        remind_countries()
        warn_of_endings()
        say("matches")
        refresh_matches()
    if not keys.complete:
        say("passwords")
        set_passwords(keys.hashes())
        write_logins(keys.logins())
        added = True
    return added
