"""Requests a second of the logged-in programme page, beside a bare logged-in Django page on the same server."""

import statistics

from bench.rig import get, hammer, login, manage, served, stack, table

DEMAND = 0.5
ROUNDS = 3


def run() -> bool:
    with stack():
        manage("load_demo")
        from accounts.models import User
        from programs.models import Program

        program = Program.objects.open().order_by("pk").first()
        user = User.objects.filter(expert_profiles__isnull=False, is_demo=True, memberships__isnull=True).order_by("pk").first()
        path, cookie = f"/programs/{program.slug}/", login(user)
        ours, bare = [], []
        with served("exchange.asgi:application") as our_port, served("bench.bare:application") as bare_port:
            for port in (our_port, bare_port):
                assert get(port, path, cookie)[0] == 200
                hammer(port, path, cookie, seconds=2)
            for _ in range(ROUNDS):
                bare.append(hammer(bare_port, path, cookie))
                ours.append(hammer(our_port, path, cookie))
    mine, other = statistics.median(ours), statistics.median(bare)
    ratio = mine / other
    return table(
        "Logged-in programme page",
        [("requests a second", f"{mine:.0f}", f"{other:.0f} bare page", f"{ratio:.2f} (>= {DEMAND})", ratio >= DEMAND)],
    )
