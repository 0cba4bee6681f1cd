"""Names by their beginning, for suggestions. Always read from PostgreSQL, which has every name whichever engine answers searches."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.engines.base import Scope
from search.engines.postgres import PostgresEngine

WRITTEN = "(n.medium || ' ' || n.loose)"
"""What the index of trigrams is made on."""


@dataclass(frozen=True)
class Started:
    """A name that goes on from what was typed."""

    object_id: int
    text: str
    strict: str
    medium: str
    quality: int
    shown: bool


class Prefixes(PostgresEngine):
    """Two ways to look: into the words of names, by trigrams; and, for the first letters, along the order of names."""

    def by_words(self, scope: Scope, words: Sequence[Sequence[str]], limit: int) -> list[Started]:
        """Names with a word for each of `words`: each is a set of alternatives, the last may go on."""
        conditions, values = [], []
        for number, alternatives in enumerate(words):
            end = "%" if number == len(words) - 1 else " %"
            conditions.append(f"({' OR '.join([f'{WRITTEN} LIKE %s OR {WRITTEN} LIKE %s'] * len(alternatives))})")
            for word in alternatives:
                values += [f"{_literal(word)}{end}", f"% {_literal(word)}{end}"]
        sql = (
            "SELECT d.object_id, n.text, n.strict, n.medium, d.quality, n.position = 0 FROM search_searchname n"  # noqa: S608 -- names of our own columns alone
            " JOIN search_searchdocument d ON d.id = n.document_id"
            f" WHERE n.sounds AND {' AND '.join(conditions)} AND n.level <= %s AND d.generation = %s AND d.kind = %s AND d.level <= %s"
            " LIMIT %s"
        )
        return [Started(*row) for row in self._ask(sql, [*values, scope.level, scope.generation, scope.kind, scope.level, limit])]

    def by_order(self, scope: Scope, heads: Sequence[str], limit: int) -> list[Started]:
        """The first documents whose name, as lists order it, begins with one of `heads`."""
        found: list[Started] = []
        for head in heads:
            sql = (
                "SELECT d.object_id, n.text, n.strict, n.medium, d.quality, TRUE FROM search_searchdocument d"
                " JOIN search_searchname n ON n.document_id = d.id AND n.position = 0"
                " WHERE d.generation = %s AND d.kind = %s AND d.sort_name LIKE %s AND d.level <= %s"
                " ORDER BY d.sort_name, d.object_id LIMIT %s"
            )
            rows = self._ask(sql, [scope.generation, scope.kind, f"{_literal(head)}%", scope.level, limit])
            found += [Started(*row) for row in rows]
        return found


def _literal(text: str) -> str:
    """Text in which LIKE sees no sign of its own."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
