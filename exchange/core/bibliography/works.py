"""Published works, cleaned to be stored."""

import re
import unicodedata
from dataclasses import dataclass

from exchange.core.lines import clean_line

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


@dataclass(frozen=True)
class Work:
    """A published work."""

    title: str
    authors: str
    year: int | None
    container: str
    doi: str
    url: str
    source: str

    @property
    def keys(self) -> set[str]:
        """Keys that identify the work: its DOI, and its title with the year."""
        letters = "".join(char for char in unicodedata.normalize("NFKD", self.title).casefold() if char.isalnum())
        return {f"title:{letters}:{self.year or ''}"} | ({f"doi:{self.doi}"} if self.doi else set())

    def cleaned(self) -> "Work":
        """A copy with each field cleaned and cut to its column; an implausible year or address is dropped."""
        address = clean_line(self.url[:2000], 500)
        return Work(
            title=clean_line(self.title[:5000], 500),
            authors=clean_line(self.authors[:10_000], 1000),
            year=self.year if self.year is not None and 1900 <= self.year <= 2100 else None,
            container=clean_line(self.container[:3000], 300),
            doi=clean_doi(self.doi[:1000]),
            url=address if re.match(r"https?://[^\s/]+", address) else "",
            source=self.source,
        )


def read_year(text: str) -> int | None:
    """The year, if the text is a number of at most four digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def clean_doi(text: str) -> str:
    """The DOI in lower case, from a DOI, its URL or a label; empty when there is none."""
    found = DOI.search(text.strip().lower())
    return found.group().rstrip(".,;")[:200] if found else ""
