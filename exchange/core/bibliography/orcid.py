"""ORCID: the check digit of an iD, and a person's works through the public API."""

import contextlib
import json
import re
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from exchange.core.bibliography.works import Work, read_year
from exchange.core.errors import DomainError

FORM = re.compile(r"([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9Xx])")
MAX_ANSWER = 8 * 1024 * 1024
MAX_WORKS = 300
AT_ONCE = 50


def clean_orcid(text: str) -> str:
    """The iD as 0000-0002-1825-0097, from an iD or its URL. Raises DomainError when its form or its check digit is wrong."""
    found = FORM.fullmatch(text.strip().rstrip("/").rpartition("/")[2])
    digits = "".join(found.groups()).upper() if found else ""
    if not digits or check_digit(digits[:15]) != digits[15]:
        raise DomainError(
            _("This is not an ORCID iD: a digit is wrong or missing. It looks like 0000-0002-1825-0097."), code="orcid"
        )
    return "-".join(digits[n : n + 4] for n in (0, 4, 8, 12))


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 mod 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def fetch_works(orcid: str) -> list[Work]:
    """The public works of this iD. Raises DomainError `orcid-unknown` for an unknown iD, `orcid-away` (503) for any other failure.

    Authors are fetched by further requests; when those fail, the works are returned without them.
    """
    with httpx.Client(timeout=settings.ORCID_TIMEOUT, headers={"Accept": "application/json"}, follow_redirects=False) as client:
        summaries = _summaries(_ask(client, f"{settings.ORCID_API_URL}/{orcid}/works"))[:MAX_WORKS]
        authors: dict[Any, str] = {}
        codes = [str(summary["put-code"]) for summary in summaries if isinstance(summary.get("put-code"), int)]
        for begin in range(0, len(codes), AT_ONCE):
            with contextlib.suppress(DomainError):
                address = f"{settings.ORCID_API_URL}/{orcid}/works/{','.join(codes[begin : begin + AT_ONCE])}"
                authors |= _authors(_ask(client, address))
    works = [_work_of(summary, authors.get(summary.get("put-code"), "")) for summary in summaries]
    return [work for work in works if work.title]


def _ask(client: httpx.Client, address: str) -> Any:
    away = DomainError(_("ORCID does not answer now. Nothing was changed; try again in a while."), code="orcid-away", status=503)
    try:
        with client.stream("GET", address) as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise DomainError(_("ORCID knows no public record with this iD."), code="orcid-unknown")
            if answer.status_code != httpx.codes.OK:
                raise away
            content = b""
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MAX_ANSWER:
                    raise away
        return json.loads(content)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise away from error


def _summaries(document: Any) -> list[dict[str, Any]]:
    """The preferred summary of each group of the same work."""
    return [rows[0] for group in _rows(document, "group") if (rows := _rows(group, "work-summary"))]


def _authors(document: Any) -> dict[Any, str]:
    found = {}
    for row in _rows(document, "bulk"):
        work = row.get("work")
        names = [str(_dig(person, "credit-name", "value") or "") for person in _rows(_dig(work, "contributors"), "contributor")]
        found[_dig(work, "put-code")] = "; ".join(family_first(name) for name in names if name.strip())
    return found


def family_first(name: str) -> str:
    """The name as “Family, Given”: in a credit name the family name is usually last."""
    words = name.replace(";", " ").split()
    return name if "," in name or len(words) < 2 else f"{words[-1]}, {' '.join(words[:-1])}"


def _work_of(summary: dict[str, Any], authors: str) -> Work:
    ids = {str(row.get("external-id-type", "")).lower(): row for row in reversed(_rows(summary.get("external-ids"), "external-id"))}
    return Work(
        title=str(_dig(summary, "title", "title", "value") or ""),
        authors=authors,
        year=read_year(str(_dig(summary, "publication-date", "year", "value") or "")),
        container=str(_dig(summary, "journal-title", "value") or ""),
        doi=str(_dig(ids.get("doi"), "external-id-value") or ""),
        url=str(_dig(summary, "url", "value") or ""),
        source="orcid",
    ).cleaned()


def _rows(document: Any, name: str) -> list[dict[str, Any]]:
    """The items of that list that are mappings: the response is not trusted."""
    rows = document.get(name) if isinstance(document, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _dig(document: Any, *names: str) -> Any:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document
