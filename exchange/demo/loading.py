"""`load_demo`: everything a first look at the platform needs, once."""

from collections.abc import Callable

from exchange.demo.acts import act, make_profiles, take_posts
from exchange.demo.logins import Passwords, make_accounts, set_passwords, write_logins
from exchange.demo.matches import refresh_matches
from exchange.demo.seeding import seed_demo
from exchange.demo.users import HOSTS
from exchange.reference.importing import import_reference

EXPERTS, PROGRAMS, SEED = 300, 14, 1
STEPS = 6
Say = Callable[[str], None]


def load_demo(say: Say = lambda step: None) -> bool:
    """Reference tables, logins with all they have done, a lively seed, matches. Returns whether anything was added.

    Interrupted, it goes on where it was; complete, it adds nothing. Logins are written to the data folder last, so that a file that
    is there tells the truth.
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
    # Who logs in as a host decides for themselves: their programmes get applicants, and no decisions.
    quiet = {slug for demo_user in HOSTS for slug in demo_user.teams}
    added |= seed_demo(experts=EXPERTS, programs=PROGRAMS, seed=SEED, quiet=quiet).anything
    if added:
        say("matches")
        refresh_matches()
    if not keys.complete:
        say("passwords")
        set_passwords(keys.hashes())
        write_logins(keys.logins())
        added = True
    return added
