"""Keyset pages."""

import datetime

import pytest

from exchange.core.errors import DomainError
from exchange.core.paging import capped_count, keyset_page
from institutions.models import Institution
from programs.models import Program
from tests.factories import InstitutionFactory, ProgramFactory

pytestmark = pytest.mark.django_db


def walk(rows, order, size):
    seen, cursor = [], None
    while True:
        page = keyset_page(rows, order, cursor=cursor, size=size)
        seen += [row.pk for row in page.items]
        cursor = page.next
        if not cursor:
            return seen


def test_keyset_page_walks_every_row_once_in_order():
    made = [InstitutionFactory(city=city) for city in "cabbaab"]

    seen = walk(Institution.objects.all(), ("city", "-id"), 2)

    assert seen == [row.pk for row in sorted(made, key=lambda row: (row.city, -row.pk))]


def test_keyset_page_walks_dates():
    made = [ProgramFactory(starts=datetime.date(2027, month, 1), ends=datetime.date(2027, 12, 1)) for month in (5, 3, 5, 9)]

    seen = walk(Program.objects.all(), ("-starts", "id"), 1)

    assert seen == [row.pk for row in sorted(made, key=lambda row: (-row.starts.month, row.pk))]


def test_keyset_page_is_not_shifted_by_a_row_that_arrives():
    for city in "bcd":
        InstitutionFactory(city=city)
    first = keyset_page(Institution.objects.all(), ("city", "id"), size=2)

    InstitutionFactory(city="a")
    second = keyset_page(Institution.objects.all(), ("city", "id"), cursor=first.next, size=2)

    assert [row.city for row in second.items] == ["d"]


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WyJhIl0", "WzEsMiwzXQ", "bnVsbA", "WyJhIixbMV1d", "\x00", "WyJhIiwieCJd"])
def test_keyset_page_refuses_a_foreign_cursor(cursor):
    with pytest.raises(DomainError) as refusal:
        keyset_page(Institution.objects.all(), ("city", "id"), cursor=cursor)

    assert refusal.value.status == 400


def test_capped_count_counts_no_further_than_the_cap():
    InstitutionFactory.create_batch(4)

    assert capped_count(Institution.objects.all(), cap=2) == 3
    assert capped_count(Institution.objects.all(), cap=10) == 4
