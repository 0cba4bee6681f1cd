"""Dates and numbers as each of the seven languages writes them, names as labels."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from accounts.forms.settings import zone_choices
from exchange.core import date_format
from exchange.core.interface_languages import BY_CODE, INTERFACE_LANGUAGES
from exchange.core.zones import other_zones, zone_title
from search.domain.facets import month_title

AUG, DEC, JAN = dt.date(2027, 8, 30), dt.date(2027, 12, 17), dt.date(2028, 1, 3)
JUN_7, JUN_18 = dt.date(2027, 6, 7), dt.date(2027, 6, 18)


def draw(source, **context):
    return Template(source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("language", "day", "month", "term", "years"),
    [
        ("en", "30 August 2027", "7 – 18 Jun 2027", "30 Aug – 17 Dec 2027", "17 Dec 2027 – 3 Jan 2028"),
        ("ru", "30 августа 2027", "7 – 18 июн. 2027", "30 авг. – 17 дек. 2027", "17 дек. 2027 – 3 янв. 2028"),
        ("kk", "2027 ж. 30 тамыз", "2027 ж. 7 – 18 мау.", "2027 ж. 30 там. – 17 жел.", "2027 ж. 17 жел. – 2028 ж. 3 қаң."),
        ("ky", "2027-ж., 30-август", "2027-ж., 7 – 18-июн.", "2027-ж., 30-авг. – 17-дек.", "2027-ж., 17-дек. – 2028-ж., 3-янв."),
        ("uz", "30-avgust, 2027", "7 – 18-iyn, 2027", "30-avg – 17-dek, 2027", "17-dek, 2027 – 3-yan, 2028"),
        ("tg", "30 августи 2027", "7 – 18 июн 2027", "30 авг – 17 дек 2027", "17 дек 2027 – 3 янв 2028"),
        ("tk", "30 awgust 2027", "7 – 18 iýun 2027", "30 awg – 17 dek 2027", "17 dek 2027 – 3 ýan 2028"),
    ],
)
def test_dates_follow_the_language(language, day, month, term, years):
    with translation.override(language):
        assert date_format.write_date(AUG, long=True) == day
        assert date_format.write_range(JUN_7, JUN_18) == month
        assert date_format.write_range(AUG, DEC) == term
        assert date_format.write_range(DEC, JAN) == years


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_numbers_follow_the_language(language):
    """As CLDR has them: a comma and narrow thousands everywhere but in English."""
    source = "{% load humanize %}{{ many|intcomma }} {{ part|floatformat:1 }}"
    with translation.override(language):
        shown = draw(source, many=12345, part=2.5)

    assert shown == ("12,345 2.5" if language == "en" else "12\xa0345 2,5")


def test_range_of_one_day_or_one_end_is_a_day():
    assert date_format.write_range(AUG, AUG) == "30 Aug 2027"
    assert date_format.write_range(None, AUG) == "30 Aug 2027"
    assert date_format.write_range(AUG, None, long=True) == "30 August 2027"
    assert date_format.write_range(None, None) == ""


def test_every_language_has_twelve_months():
    for code, *_, how in INTERFACE_LANGUAGES:
        assert len(how.long) == len(how.short) == 12, code


def test_unknown_language_is_written_as_english():
    assert date_format.write_date(AUG, language="de") == "30 Aug 2027"
    assert date_format.write_month(AUG, language="uz") == "avg, 2027"


def test_a_month_without_a_day_is_not_inflected():
    may = dt.date(2027, 5, 1)

    assert date_format.write_month(may, language="ru") == "май 2027"
    assert date_format.month_name(5, language="ru") == "май"
    assert date_format.write_date(may, language="ru") == "1 мая 2027"


@pytest.mark.parametrize("language", [language.code for language in INTERFACE_LANGUAGES])
def test_month_names_are_those_of_cldr(language):
    """In small letters. Tajik long names carry the izafat before a year, which CLDR does not know."""
    how, months = BY_CODE[language].dates, Locale.parse(language).months

    def cldr(kind, width):
        return [months[kind][width][number].casefold() for number in range(1, 13)]

    def ours(names):
        return [name.casefold() for name in names]

    assert ours(how.long_alone or how.long) == cldr("format", "wide")
    assert ours(how.short) == cldr("format", "abbreviated")
    if language == "tg":
        assert how.long == tuple(f"{name}и" for name in how.long_alone)
    if language == "ru":
        assert ours(how.short_alone) == cldr("stand-alone", "abbreviated")


@pytest.mark.parametrize(
    ("language", "month"),
    [
        ("en", "May 2027"),
        ("ru", "май 2027"),
        ("kk", "2027 ж. мам."),
        ("ky", "2027-ж., май"),
        ("uz", "may, 2027"),
        ("tg", "май 2027"),
        ("tk", "maý 2027"),
    ],
)
def test_a_month_is_written_as_its_language_does_everywhere(language, month):
    with translation.override(language):
        assert date_format.write_month(dt.date(2027, 5, 1)) == month
        strip = draw("{% months windows start %}", windows=[(dt.date(2027, 5, 1), dt.date(2027, 5, 31))], start=dt.date(2027, 5, 1))
        assert month in strip
        assert month_title("2027-05") == month


def test_no_template_writes_a_date_in_its_own_way():
    """Only formats for machines and times of day are left to Django's filter; everything with a month goes through date_format."""
    names = re.compile(r"""\|(?:date|time)\b(?::"([^"]*)")?""")
    found = [
        (path.name, match[0])
        for path in (settings.BASE_DIR / "templates").rglob("*.*")
        for match in names.finditer(path.read_text(encoding="utf-8"))
        if match[1] is None or not set(match[1]) <= set("cYmdHi-: ")
    ]

    assert found == []


def test_no_template_shows_a_town_a_zone_or_a_size_as_it_is_stored():
    """They are shown through the town filter and the tags when, filesize, country and language_name."""
    raw = re.compile(
        r"""(?<!=")\{\{ *[\w.]+\.(?:city|time_zone|deadline_zone|size|max_bytes|country|biography_language) *(?:\|(?!town\b)[^}]*)?\}\}"""
    )
    found = [
        (path.name, match[0])
        for path in (settings.BASE_DIR / "templates").rglob("*.*")
        for match in raw.finditer(path.read_text(encoding="utf-8"))
        if not re.search(r"""(?:=|-)[^"\s<>]*$""", path.read_text(encoding="utf-8")[: match.start()])
    ]

    assert found == []


def test_a_tajik_month_joins_the_year_that_follows_only():
    assert date_format.write_range(AUG, dt.date(2027, 12, 17), long=True, language="tg") == "30 август – 17 декабри 2027"
    assert date_format.write_date(AUG, long=True, language="tg") == "30 августи 2027"


def test_offset_is_short():
    moment = dt.datetime(2027, 3, 31, 21, 0, tzinfo=dt.UTC)

    assert date_format.write_offset(moment, ZoneInfo("America/New_York")) == "UTC−4"
    assert date_format.write_offset(moment, ZoneInfo("Asia/Samarkand")) == "UTC+5"
    assert date_format.write_offset(moment, ZoneInfo("Asia/Kolkata")) == "UTC+5:30"


def test_zone_is_known_by_its_name_or_by_itself():
    zone = ZoneInfo("Asia/Dushanbe")

    assert date_format.zone_of("Asia/Dushanbe") is zone
    assert date_format.zone_of(zone) is zone
    assert date_format.zone_of("") is None
    assert date_format.zone_of("../etc/passwd") is None


def test_naive_moment_is_taken_as_it_stands():
    assert date_format.write_moment(dt.datetime.fromisoformat("2027-03-31T21:00")) == "31 March 2027, 21:00"


@pytest.mark.parametrize(
    ("language", "berlin", "kolkata", "tashkent"),
    [
        ("en", "Berlin", "Kolkata", "Tashkent"),
        ("ru", "Берлин", "Калькутта", "Ташкент"),
        ("kk", "Берлин", "Калькутта", "Ташкент"),
        ("ky", "Берлин", "Калькутта", "Ташкент"),
        ("uz", "Berlin", "Kalkutta", "Toshkent"),
        ("tg", "Берлин", "Колката", "Тошканд"),
        ("tk", "Berlin", "Kolkata", "Daşkent"),
    ],
)
def test_zones_are_named_by_their_cities_in_the_readers_language(language, berlin, kolkata, tashkent):
    with translation.override(language):
        assert [zone_title(name) for name in ("Europe/Berlin", "Asia/Kolkata", "Asia/Tashkent", "UTC")] == [
            berlin,
            kolkata,
            tashkent,
            "",
        ]
        options = dict(zone_choices()[-1][1])
        assert options["Europe/Berlin"].startswith(f"{berlin}, UTC+")
        assert not [label for label in options.values() if "/" in label or "_" in label]


@pytest.mark.parametrize("language", ["ru", "kk", "ky", "tg"])
def test_most_zones_have_a_name_in_cyrillic(language):
    with translation.override(language):
        names = [zone_title(name) for name in other_zones()]

    assert sum(re.search("[А-яЁё]", name) is not None for name in names) > 0.9 * len(names)


def test_when_shows_the_place_first_and_the_reader_next():
    moment = dt.datetime(2027, 3, 31, 21, 0, tzinfo=dt.UTC)

    with timezone.override(ZoneInfo("Asia/Samarkand")):
        html = draw("{% when moment 'America/New_York' %}", moment=moment)

    assert html.index("31 March 2027, 17:00") < html.index("1 April 2027, 02:00")
    assert "New York" in html
    assert "UTC−4" in html
    assert 'datetime="2027-03-31T21:00:00+00:00"' in html


def test_when_says_it_once_to_a_reader_on_the_same_clock():
    moment = dt.datetime(2027, 3, 31, 21, 0, tzinfo=dt.UTC)

    with timezone.override(ZoneInfo("Asia/Tashkent")):
        html = draw("{% when moment 'Asia/Samarkand' place='Самарқанд' %}", moment=moment)

    assert html.count("<time") == 1
    assert "Самарқанд" in html


def test_when_survives_a_missing_moment_and_an_unknown_zone():
    moment = dt.datetime(2027, 3, 31, 21, 0, tzinfo=dt.UTC)

    assert draw("{% when None %}") == ""
    assert "31 March 2027, 21:00" in draw("{% when moment 'Mars/Base' %}", moment=moment)


def test_closes_counts_days_where_the_deadline_is():
    zone = ZoneInfo("Asia/Tashkent")
    noon = timezone.localtime(timezone.now(), zone).replace(hour=23, minute=59, second=59)

    def badge(deadline):
        return draw("{% deadline_badge deadline 'Asia/Tashkent' %}", deadline=deadline)

    assert badge(noon) == '<span class="badge warning">Closes today</span>'
    assert badge(noon + dt.timedelta(days=1)) == '<span class="badge warning">Closes tomorrow</span>'
    assert badge(noon + dt.timedelta(days=14)) == '<span class="badge warning">Deadline in 14 days</span>'
    assert badge(noon + dt.timedelta(days=15)) == '<span class="badge success">Deadline in 15 days</span>'
    assert badge(noon - dt.timedelta(days=2)) == '<span class="badge">Closed</span>'
    assert badge(None) == '<span class="badge success">Open</span>'


def test_moments_and_days_stand_in_time_elements():
    moment = dt.datetime(2027, 3, 19, 18, 41, tzinfo=dt.UTC)

    assert draw("{% date day %}", day=AUG) == '<time datetime="2027-08-30">30 Aug 2027</time>'
    assert draw("{% date None %}{% moment None %}") == ""
    assert draw("{% moment moment %}", moment=moment) == '<time datetime="2027-03-19T18:41:00+00:00">19 Mar 2027, 18:41</time>'
    assert draw("{% daterange a b %}", a=AUG, b=DEC) == '<span class="num">30 Aug – 17 Dec 2027</span>'


def test_names_are_labels_and_unknown_codes_stand_for_themselves():
    assert draw("{% country 'UZ' %}") == "Uzbekistan"
    assert draw("{% country 'us' %}") == "United States of America"
    assert draw("{% country 'US' short=True %}") == "USA"
    assert draw("{% country 'DE' %}{% country None %}") == "DE"
    assert draw("{% language_name 'tg' %}") == "Tajik"
    assert draw("{% language_name 'uk' %}") == "Ukrainian"
    assert draw("{% language_name 'xx' %}") == "xx"
    assert draw("{% filesize 1234567 %}").replace("\xa0", " ") == "1.2 MB"
