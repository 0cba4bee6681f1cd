"""The lists of programmes and experts at 10,000 rows beside 100 rows: p95 over every facet, through the server."""

import time

from bench.rig import get, login, manage, p95, served, stack, table

DEMAND = 2.0
REPEATS = 10
PAGES = {
    "programmes": [
        "/programs/",
        "/programs/?open=all",
        "/programs/?country=US",
        "/programs/?kind=training&kind=exchange",
        "/programs/?language=en",
        "/programs/?field={field}",
        "/programs/?sort=new",
    ],
    "experts": [
        "/experts/",
        "/experts/?country=UZ",
        "/experts/?language=ru",
        "/experts/?field={field}",
        "/experts/?country=KZ&language=en",
        "/experts/?sort=fresh",
    ],
}


def run() -> bool:
    with stack():
        manage("import_reference")
        from accounts.models import User
        from vocabulary.models import Concept

        field = Concept.objects.get(slug="restoration").pk
        reader = login(User.objects.create_user("bench@demo.miras.example"))
        figures = {}
        with served("exchange.asgi:application") as port:
            for rows in (100, 10_000):
                manage("seed_demo", "--experts", str(rows), "--programs", "100", "--seed", "7")
                _multiply_programs(rows)
                _analyse()
                figures[rows] = {
                    name: _p95(port, [path.format(field=field) for path in paths], reader) for name, paths in PAGES.items()
                }
    rows = []
    for name in PAGES:
        small, large = figures[100][name], figures[10_000][name]
        ratio = large / small
        rows.append(
            (
                f"{name}, p95",
                f"{large * 1000:.1f} ms at 10,000",
                f"{small * 1000:.1f} ms at 100",
                f"{ratio:.2f} (<= {DEMAND})",
                ratio <= DEMAND,
            )
        )
    return table("Lists with facets", rows)


def _multiply_programs(rows: int) -> None:
    """Copies of the seeded programmes until there are `rows`: their applications are not what is measured."""
    from django.db import connection

    from programs.models import Program

    times = rows // Program.objects.count()
    columns = [field.column for field in Program._meta.concrete_fields if field.column not in {"id", "slug"}]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO programs_program (slug, {names})"
            f" SELECT slug || '-' || n, {names} FROM programs_program, generate_series(1, %s) n",
            [max(0, times - 1)],
        )


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _p95(port: int, paths: list[str], cookie: str) -> float:
    took = []
    for round_ in range(REPEATS + 2):
        for path in paths:
            started = time.perf_counter()
            status, _body = get(port, path, cookie)
            assert status == 200, path
            if round_ >= 2:
                took.append(time.perf_counter() - started)
    return p95(took)
