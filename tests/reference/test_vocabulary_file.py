"""The vocabulary file itself: what people type in seven languages leads to one concept, and nothing else."""

import csv
import re

import pytest

from bench import subjects_lab
from exchange.core.text import normalise_text
from exchange.reference.importing import DATA, import_reference
from exchange.reference.tables import TableError
from exchange.reference.vocabulary import FILE, LANGUAGES
from vocabulary.models import Concept
from vocabulary.subjects import Labels

CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN = re.compile("[A-Za-z\u00c0-\u017e]")
WRITTEN_IN_LATIN = {"en", "uz", "tk"}
ACRONYMS = re.compile(r"\b(?:3D|QR|RTI|IIIF|XRF)\b")
UNNAMED = {"iiif", "rti-imaging"}
"""Concepts that are only called by their English acronym in kk, ky, uz, tg and tk."""


def table():
    with (DATA / FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hidden(row):
    """(language, text) of each hidden label of a row."""
    return [tuple(part.strip() for part in label.split(":", 1)) for label in row["hidden"].split(";") if label.strip()]


def shown(row):
    """All labels of a row that are not in the column `hidden`."""
    synonyms = [text.strip() for column in ("alt_en", "alt_ru", "alt_other") for text in row[column].split(";") if text.strip()]
    return [row[code] for code in LANGUAGES if row[code]] + synonyms


@pytest.fixture(scope="module")
def rows():
    return table()


@pytest.fixture(scope="module")
def labels():
    return Labels.build(subjects_lab.rows())


# ---- the file --------------------------------------------------------------------------------------------------------


def test_a_hidden_label_is_no_label_of_another_concept(rows):
    owners = {}
    for row in rows:
        for text in [*shown(row), *(text for _code, text in hidden(row))]:
            owners.setdefault(normalise_text(text), set()).add(row["id"])

    shared = {text: owners[normalise_text(text)] for row in rows for _code, text in hidden(row)}

    assert {text: ids for text, ids in shared.items() if len(ids) > 1} == {}


def test_a_hidden_label_repeats_no_label_of_its_concept(rows):
    for row in rows:
        texts = [normalise_text(text) for _code, text in hidden(row)]
        assert len(texts) == len(set(texts)), row["id"]
        assert not set(texts) & {normalise_text(text) for text in shown(row)}, row["id"]


def test_every_concept_has_words_that_people_type(rows):
    assert [
        row["id"] for row in rows if not {"en", "ru"} <= {code for code, _text in hidden(row)} and row["id"] != "keteni-weaving"
    ] == []


def test_hidden_labels_are_written_in_the_letters_of_their_language(rows):
    for row in rows:
        for code, text in hidden(row):
            bare = ACRONYMS.sub("", text)
            wrong = CYRILLIC if code in WRITTEN_IN_LATIN else LATIN
            assert not wrong.search(bare), (row["id"], code, text)
            assert not re.search(r"['`\u2018\u2019]", text) or code == "en", (row["id"], text)


def test_every_concept_has_a_label_in_seven_languages_or_a_reason(rows):
    empty = {row["id"]: [code for code in LANGUAGES if not row[code]] for row in rows if not all(row[code] for code in LANGUAGES)}

    assert set(empty) == UNNAMED
    for row in rows:
        assert all(code in row["note"] for code in empty.get(row["id"], [])), row["id"]


def test_no_two_concepts_share_a_preferred_label_in_one_language(rows):
    for code in LANGUAGES:
        texts = [normalise_text(row[code]) for row in rows if row[code]]
        assert len(texts) == len(set(texts)), sorted(text for text in texts if texts.count(text) > 1)


# ---- what people type ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("rug; ковры; килемдер; gilamlar; қолӣ; halyça", "carpet"),
        ("glassware; стеклянный; shisha; шыны; айнек; шиша; aýna", "glass"),
        ("photo; фото; surat; сурат; акс; фотосуреттер", "photograph"),
        ("book; книга; kitob; кітап; китеп; китоб; kitap", "book"),
        ("cinema; кино; movies; филмҳо; фильмдер", "motion-picture"),
        ("coins; монеты; tanga; теңге; тыйын; сикка; teňňe", "coin"),
        ("dolls; куклы; игрушки; қуыршақ; куурчак; qo'g'irchoq; лӯхтак; gurjak", "doll-and-toy"),
        ("clothes; одежда; киім; кийим; kiyim; либос; egin-eşik", "traditional-costume"),
        ("graves; могилы; қабір; мүрзө; qabr; гӯр; gubur", "burial"),
        ("jeweller; jeweler; ювелир; зергер; zargar; заргар; zergär", "jewellery-making"),
        ("potter; гончар; құмырашы; көзеші; карапачы; kulol; кулол; küýzegär", "pottery"),
        ("restorer; реставратор; таъмиргар; ta'mirchi; қалпына келтіруші; rejeleýji", "restoration"),
        ("weaver; ткач; тоқымашы; токуучу; to'quvchi; бофанда; dokmaçy", "weaving"),
        ("carpet weaver; ковровщица; кілемші; килемчи; gilamdo'z; қолинбоф; halyçy", "carpet-weaving"),
        ("embroiderer; вышивальщица; кестеші; каштачы; kashtachi; гулдӯз; keşdeçi", "embroidery"),
        ("blacksmith; кузнец; темірші; темирчи; temirchi; оҳангар; demirçi", "blacksmithing"),
        ("woodcarver; резчик по дереву; жыгач уста; дуредгар; agaç ussasy", "woodcarving"),
        ("bookbinder; переплётчик; түптеуші; түптөөчү; muqovasoz; саҳҳоф; sahapçy", "bookbinding"),
        ("archaeologist; археолог; arxeolog; бостоншинос; arheolog", "archaeology"),
        ("librarian; библиотекарь; кітапханашы; китепканачы; kutubxonachi; китобдор; kitaphanaçy", "library-science"),
        ("archivist; архивист; arxivchi; бойгонидор; arhiwçi", "archival-science"),
        ("photographer; фотограф; suratkash; суратгир; suratçy", "object-photography"),
        ("architect; архитектор; сәулетші; me'mor; меъмор; binagär", "architecture"),
        ("museum registrar; регистратор; тіркеуші", "collections-registration"),
        ("conservator of paper; реставратор бумаги; кагаз реставратору", "paper-conservation"),
        ("conservator of paintings; реставратор живописи", "easel-painting-conservation"),
        ("mud brick; adobe; саман; сырец; кам кыш", "mudbrick"),
        ("digitization; оцифровка; raqamlashtirish; цифрландыру; санариптештирүү; рақамикунонӣ; sanlaşdyrmak", "digitisation"),
        ("fundraising; фандрайзинг", "grant-writing"),
        ("guide; гид; экскурсовод; роҳнамо; ýolbelet", "heritage-guiding"),
        ("XRF; РФА", "xrf-analysis"),
        ("GIS; ГИС; ГАЖ; ГМС", "gis"),
        ("ICH; НКН", "intangible-cultural-heritage"),
        ("rug repair; ремонт ковров", "carpet-conservation"),
    ],
)
def test_what_people_type_is_a_label_of_one_concept(labels, words, concept):
    for word in words.split("; "):
        best = labels.rank(word, 1)[0]
        assert best.concept_id == concept, word
        assert best.score > 0.9, word


@pytest.mark.parametrize(
    "words",
    [
        "restore; restoring; restorer; restoration; repair",
        "реставрация; реставрировать; реставратор; восстановление; восстановить",
        "қалпына келтіру; қалпына келтіруші; реставрациялау; жөндеу",
        "калыбына келтирүү; калыбына келтирүүчү; реставрациялоо; оңдоо",
        "ta'mirlash; restavratsiya; restavratsiya qilish; tiklash; ta'mirchi",
        "тармим; барқарорсозӣ; таъмир; таъмиргар; барқарор кардан",
        "rejelemek; rejeleýiş; dikeltmek; dikeldiş; bejermek",
    ],
)
def test_restoration_is_found_by_its_nouns_and_verbs(labels, words):
    for word in words.split("; "):
        assert labels.rank(word, 1)[0].concept_id == "restoration", word
        assert labels.rank(word, 1)[0].score > 0.99, word


@pytest.mark.parametrize(
    "query",
    [
        "restore ceramics",
        "реставрировать керамику",
        "керамиканы қалпына келтіру",
        "керамиканы калыбына келтирүү",
        "keramikani ta'mirlash",
        "тармими сафол",
        "keramikany rejelemek",
    ],
)
def test_a_composition_needs_no_label_of_its_own(labels, query):
    named = {span.concept_id for span in labels.resolve(query).spans}

    assert named in ({"ceramics-conservation"}, {"ceramics", "restoration"})


# ---- the import ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("rug", "'rug' is not of the form key:value"),
        ("en:", "'en:' is not of the form key:value"),
        ("de:Teppich", "'de' in 'de:Teppich' is none of en, ru, kk, ky, uz, tg, tk"),
        ("ru:" + "к" * 201, "has 201 characters, at most 200 fit"),
    ],
)
@pytest.mark.django_db
def test_import_refuses_a_hidden_label_without_a_known_language(tables, cell, said):
    row = tables.edit("vocabulary.csv", "carpet", hidden=f"ru:ковры; {cell}")

    with pytest.raises(TableError) as refused:
        import_reference(tables.path)

    [problem] = refused.value.problems
    assert (problem.row, problem.column) == (row, "hidden")
    assert said in problem.text
    assert not Concept.objects.exists()


@pytest.mark.django_db
def test_import_adds_hidden_labels_and_removes_those_that_left_the_file(tables):
    tables.edit("vocabulary.csv", "carpet", hidden="ru:ковры; en: rugs ;ru:ковры", alt_other="")
    import_reference(tables.path)
    tagged = Concept.objects.get(slug="carpet").labels.filter(kind="hidden")
    assert set(tagged.values_list("language", "text")) == {("ru", "ковры"), ("en", "rugs")}
    kept = tagged.get(language="ru").pk

    tables.edit("vocabulary.csv", "carpet", hidden="ru:ковры; uz:gilamlar")
    assert import_reference(tables.path).concepts.changed == {"carpet"}

    assert set(tagged.values_list("language", "text")) == {("ru", "ковры"), ("uz", "gilamlar")}
    assert tagged.get(language="ru").pk == kept
    assert not import_reference(tables.path).wrote
