"""Occupations of demonstration users: combinations of field, material, object and technique that exist in workshops and museums.

Over 400 lines because it is one table of data.
"""

from dataclasses import dataclass, field

Triple = tuple[str | None, str | None, str | None]
"""Technique or skill, material, object or site: ids of the vocabulary."""

MUSEUM, UNIVERSITY, INSTITUTE, CENTRE, ARCHIVE, AGENCY, NGO = (
    "museum",
    "university",
    "research-institute",
    "conservation-centre",
    "library-archive",
    "heritage-agency",
    "ngo",
)


@dataclass(frozen=True)
class Occupation:
    """An occupation. `main` is shown on the profile's card; `thing` is what such a person would bring to a workshop."""

    main: str
    fields: tuple[str, ...]
    competences: tuple[Triple, ...]
    thing: dict[str, str]
    employers: tuple[str, ...] = (MUSEUM,)
    countries: dict[str, int] = field(default_factory=dict)
    """Weight by country; 1 for others."""
    craft: bool = False
    """Learnt from a master rather than at a university."""


OCCUPATIONS: tuple[Occupation, ...] = (
    Occupation(
        "textile-conservation",
        ("conservation", "traditional-crafts"),
        (
            ("loss-compensation", "silk", "traditional-costume"),
            ("consolidation", "cotton", "traditional-costume"),
            ("embroidery", "silk", None),
            ("natural-dyeing", "natural-dyes", None),
        ),
        {"en": "a nineteenth-century suzani with losses in the silk", "ru": "сюзане XIX века с утратами шёлка"},
        (MUSEUM, CENTRE),
        {"UZ": 4, "TJ": 2, "US": 2},
    ),
    Occupation(
        "carpet-conservation",
        ("traditional-crafts", "conservation"),
        (
            ("carpet-weaving", "wool", "carpet"),
            ("loss-compensation", "wool", "carpet"),
            ("natural-dyeing", "natural-dyes", "carpet"),
            ("flat-weaving", "wool", "carpet"),
        ),
        {"en": "a Teke carpet with a worn foundation", "ru": "текинский ковёр с изношенной основой"},
        (MUSEUM,),
        {"TM": 12, "KZ": 1, "KG": 1},
    ),
    Occupation(
        "felt-conservation",
        ("traditional-crafts", "ethnology"),
        (
            ("shyrdak-making", "felt", "carpet"),
            ("ala-kiyiz-making", "felt", "carpet"),
            ("yurt-making", "felt", "yurt"),
            ("consolidation", "felt", "carpet"),
        ),
        {"en": "a felt hanging damaged by insects", "ru": "войлочное панно, повреждённое насекомыми"},
        (MUSEUM, NGO),
        {"KG": 8, "KZ": 4, "UZ": 0, "TJ": 0, "US": 0},
    ),
    Occupation(
        "ceramics-conservation",
        ("restoration", "conservation"),
        (
            ("loss-compensation", "ceramics", "ceramic-vessel"),
            ("consolidation", "terracotta", "archaeological-find"),
            ("xrf-analysis", "ceramics", "ceramic-vessel"),
            ("pottery", "ceramics", "ceramic-vessel"),
        ),
        {"en": "a glazed bowl in forty fragments", "ru": "поливная чаша из сорока фрагментов"},
        (MUSEUM, INSTITUTE),
        {"UZ": 3, "KZ": 2, "US": 2},
    ),
    Occupation(
        "wall-painting-conservation",
        ("conservation", "archaeology"),
        (
            ("consolidation", "pigment", "wall-painting"),
            ("multispectral-imaging", "pigment", "wall-painting"),
            ("loss-compensation", "pigment", "wall-painting"),
            ("consolidation", "mudbrick", "ancient-town-site"),
        ),
        {"en": "fragments of a Sogdian wall painting on clay plaster", "ru": "фрагменты согдийской росписи по глиняной штукатурке"},
        (MUSEUM, INSTITUTE),
        {"TJ": 5, "UZ": 4, "KG": 0},
    ),
    Occupation(
        "manuscript-conservation",
        ("restoration", "archival-science"),
        (
            ("loss-compensation", "paper", "manuscript"),
            ("bookbinding", "leather", "rare-book"),
            ("papermaking", "paper", "manuscript"),
            ("consolidation", "parchment", "manuscript"),
        ),
        {"en": "a manuscript with a torn binding and insect holes", "ru": "рукопись с порванным переплётом и следами насекомых"},
        (ARCHIVE, INSTITUTE, MUSEUM),
        {"UZ": 4, "TJ": 3, "KZ": 2},
    ),
    Occupation(
        "paper-conservation",
        ("conservation", "archival-science"),
        (
            ("consolidation", "paper", "archival-document"),
            ("loss-compensation", "paper", "lithographed-book"),
            ("anoxia-disinfestation", "paper", "archival-document"),
        ),
        {"en": "a set of brittle maps on tracing paper", "ru": "комплект ломких карт на кальке"},
        (ARCHIVE, CENTRE, MUSEUM),
        {"US": 4, "KZ": 2, "KG": 2},
    ),
    Occupation(
        "metals-conservation",
        ("restoration", "archaeology"),
        (
            ("consolidation", "bronze", "archaeological-find"),
            ("xrf-analysis", "gold", "jewellery"),
            ("loss-compensation", "silver", "jewellery"),
            ("consolidation", "iron", "archaeological-find"),
        ),
        {"en": "a bronze cauldron with active corrosion", "ru": "бронзовый котёл с активной коррозией"},
        (MUSEUM, INSTITUTE),
        {"KZ": 4, "TM": 2},
    ),
    Occupation(
        "archaeological-conservation",
        ("archaeology", "conservation"),
        (
            ("consolidation", "wood", "kurgan"),
            ("consolidation", "leather", "archaeological-find"),
            ("3d-scanning", "bone", "archaeological-find"),
            ("photogrammetry", None, "archaeological-find"),
        ),
        {"en": "organic finds lifted in a block of soil", "ru": "органические находки, взятые монолитом"},
        (CENTRE, INSTITUTE, MUSEUM),
        {"KZ": 5, "KG": 2},
    ),
    Occupation(
        "earthen-architecture-conservation",
        ("heritage-site-management", "architecture"),
        (
            ("traditional-building", "mudbrick", "ancient-town-site"),
            ("consolidation", "rammed-earth", "fortress"),
            ("measured-survey", "mudbrick", "caravanserai"),
            ("drone-survey", "mudbrick", "ancient-town-site"),
        ),
        {"en": "a mudbrick tower that loses a hand's breadth a year", "ru": "сырцовая башня, теряющая по ладони в год"},
        (AGENCY, MUSEUM),
        {"TM": 6, "UZ": 4, "TJ": 2},
    ),
    Occupation(
        "architectural-restoration",
        ("architecture", "restoration"),
        (
            ("measured-survey", "fired-brick", "mausoleum"),
            ("seismic-strengthening", "fired-brick", "minaret"),
            ("3d-scanning", "fired-brick", "madrasa"),
            ("traditional-building", "fired-brick", "architectural-monument"),
        ),
        {"en": "a brick mausoleum with rising damp", "ru": "кирпичный мавзолей с подъёмом влаги"},
        (AGENCY, CENTRE, UNIVERSITY),
        {"UZ": 4, "KZ": 3},
    ),
    Occupation(
        "tilework-restoration",
        ("architecture", "decorative-applied-arts"),
        (
            ("tile-making", "majolica", "madrasa"),
            ("loss-compensation", "majolica", "mausoleum"),
            ("photogrammetry", "majolica", "architectural-monument"),
        ),
        {"en": "tile panels detached by salt", "ru": "изразцовые панели, отслоившиеся от солей"},
        (AGENCY, MUSEUM, CENTRE),
        {"UZ": 7, "KZ": 2, "US": 0, "KG": 0},
    ),
    Occupation(
        "ganch-restoration",
        ("architecture", "traditional-crafts"),
        (
            ("ganch-carving", "ganch", "mosque"),
            ("woodcarving", "wood", "mosque"),
            ("decorative-painting-naqqoshlik", "pigment", "architectural-monument"),
        ),
        {"en": "a carved ganch niche with old repairs", "ru": "резная ганчевая ниша с поздними починками"},
        (CENTRE, AGENCY, NGO),
        {"UZ": 5, "TJ": 5, "US": 0, "KG": 0},
        craft=True,
    ),
    Occupation(
        "archaeological-excavation",
        ("archaeology", "digitisation"),
        (
            ("photogrammetry", None, "kurgan"),
            ("gpr-survey", None, "ancient-town-site"),
            ("drone-survey", None, "necropolis"),
            ("gis", None, "archaeological-site"),
        ),
        {"en": "the records of a kurgan dug over three seasons", "ru": "документация кургана, раскопанного за три сезона"},
        (INSTITUTE, UNIVERSITY, MUSEUM),
        {"KZ": 4, "KG": 3, "UZ": 2, "US": 2},
    ),
    Occupation(
        "rock-art-studies",
        ("archaeology", "heritage-site-management"),
        (
            ("photogrammetry", "stone", "petroglyphs"),
            ("rti-imaging", "stone", "petroglyphs"),
            ("gis", "stone", "petroglyphs"),
        ),
        {"en": "a cliff with some two hundred petroglyphs", "ru": "скала с двумя сотнями петроглифов"},
        (INSTITUTE, MUSEUM, UNIVERSITY),
        {"KZ": 4, "KG": 5},
    ),
    Occupation(
        "collections-registration",
        ("museology", "exhibition-loans"),
        (
            ("condition-reporting", None, "painting"),
            ("collections-databases", None, "archaeological-find"),
            ("object-photography", None, "jewellery"),
            ("metadata", None, "photograph"),
        ),
        {
            "en": "the accession books of a collection of six thousand objects",
            "ru": "книги поступлений фонда из шести тысяч предметов",
        },
        (MUSEUM,),
        {"US": 3, "KZ": 2, "UZ": 2},
    ),
    Occupation(
        "curatorship",
        ("art-history", "exhibition-organisation"),
        (
            ("virtual-exhibitions", None, "painting"),
            ("project-management", None, "painting"),
            ("object-photography", None, "sculpture"),
        ),
        {
            "en": "a collection of avant-garde drawings never shown together",
            "ru": "собрание авангардной графики, которое никогда не показывали целиком",
        },
        (MUSEUM,),
        {"US": 3, "KZ": 2, "UZ": 2, "TM": 2},
    ),
    Occupation(
        "museum-courier",
        ("exhibition-organisation", "collections-registration"),
        (
            ("condition-reporting", None, "traditional-costume"),
            ("condition-reporting", None, "sculpture"),
            ("project-management", None, "jewellery"),
        ),
        {"en": "a loan of forty costumes to three venues", "ru": "выдача сорока костюмов на три площадки"},
        (MUSEUM,),
        {"US": 2, "KG": 2},
    ),
    Occupation(
        "provenance-research",
        ("combating-illicit-trafficking", "art-history"),
        (
            ("archival-research", "paper", "archival-document"),
            ("metadata", None, "photograph"),
            ("archival-research", None, "archaeological-find"),
        ),
        {
            "en": "a group of objects that came without papers in the 1930s",
            "ru": "группа предметов, поступивших без документов в 1930-е годы",
        },
        (MUSEUM, INSTITUTE),
        {"US": 4, "UZ": 2},
    ),
    Occupation(
        "digitisation",
        ("library-science", "archival-science"),
        (
            ("manuscript-digitisation", "paper", "manuscript"),
            ("iiif", None, "manuscript"),
            ("digital-preservation", None, "photograph"),
            ("handwritten-text-recognition", "paper", "archival-document"),
        ),
        {"en": "three hundred lithographed books without a catalogue", "ru": "триста литографированных книг без каталога"},
        (ARCHIVE, UNIVERSITY, INSTITUTE),
        {"US": 2, "KZ": 2, "TJ": 2},
    ),
    Occupation(
        "archival-science",
        ("exchange-of-archival-copies", "digitisation"),
        (
            ("archival-description", "paper", "archival-document"),
            ("archival-research", "paper", "archival-document"),
            ("film-scanning", "cine-film", "motion-picture"),
            ("audio-digitisation", None, "sound-recording"),
        ),
        {"en": "expedition files divided between two archives", "ru": "дела экспедиций, разделённые между двумя архивами"},
        (ARCHIVE,),
        {"KG": 3, "KZ": 2},
    ),
    Occupation(
        "ethnomusicology",
        ("traditional-music", "intangible-cultural-heritage"),
        (
            ("audio-digitisation", None, "sound-recording"),
            ("musical-instrument-making", "wood", "musical-instrument"),
            ("ich-inventorying", None, "sound-recording"),
        ),
        {"en": "tapes of singers recorded in the 1970s", "ru": "плёнки с записями певцов 1970-х годов"},
        (UNIVERSITY, INSTITUTE),
        {"TJ": 3, "KG": 3, "UZ": 2, "KZ": 2},
    ),
    Occupation(
        "ethnology",
        ("traditional-culture", "museum-education"),
        (
            ("ich-inventorying", None, "traditional-costume"),
            ("object-photography", "silver", "jewellery"),
            ("archival-research", None, "photograph"),
        ),
        {"en": "field notes and photographs from mountain villages", "ru": "полевые записи и фотографии из горных сёл"},
        (INSTITUTE, MUSEUM, UNIVERSITY),
        {"KG": 2, "TJ": 2},
    ),
    Occupation(
        "traditional-crafts",
        ("decorative-applied-arts", "traditional-culture"),
        (
            ("ikat-weaving", "silk", "traditional-costume"),
            ("natural-dyeing", "natural-dyes", None),
            ("mentoring", "silk", None),
            ("craft-business-development", None, "traditional-costume"),
        ),
        {"en": "a loom and samples of hand-dyed silk", "ru": "станок и образцы шёлка ручной окраски"},
        (NGO,),
        {"UZ": 6, "TJ": 2, "US": 0, "KZ": 0, "KG": 0},
        craft=True,
    ),
    Occupation(
        "decorative-applied-arts",
        ("traditional-crafts", "traditional-culture"),
        (
            ("jewellery-making", "silver", "jewellery"),
            ("metal-chasing", "silver", "jewellery"),
            ("leatherworking", "leather", None),
            ("mentoring", "silver", None),
        ),
        {"en": "a bridal set in silver and carnelian", "ru": "свадебный гарнитур из серебра и сердолика"},
        (NGO, UNIVERSITY),
        {"KZ": 4, "TM": 3, "KG": 2},
        craft=True,
    ),
    Occupation(
        "heritage-site-management",
        ("cultural-tourism", "disaster-risk-management"),
        (
            ("management-planning", None, "world-heritage-site"),
            ("gis", None, "archaeological-site"),
            ("nomination-dossiers", None, "historic-city"),
            ("remote-sensing", None, "silk-road-site"),
        ),
        {
            "en": "the management plan of a serial World Heritage property",
            "ru": "план управления серийным объектом всемирного наследия",
        },
        (AGENCY, MUSEUM),
        {"KG": 2, "KZ": 2, "UZ": 2, "TM": 2},
    ),
    Occupation(
        "museum-education",
        ("museology", "english-for-tourism-creative-industries"),
        (
            ("training-delivery", None, "museum-reserve"),
            ("heritage-guiding", None, "museum-reserve"),
            ("curriculum-development", None, "traditional-costume"),
        ),
        {
            "en": "lessons for village schools on what lies under their fields",
            "ru": "уроки для сельских школ о том, что лежит под их полями",
        },
        (MUSEUM, UNIVERSITY),
        {"US": 2, "KG": 2},
    ),
    Occupation(
        "expert-examination",
        ("combating-illicit-trafficking", "heritage-law"),
        (
            ("object-photography", None, "archaeological-find"),
            ("xrf-analysis", "metal", "coin"),
            ("condition-reporting", None, "archaeological-find"),
        ),
        {"en": "a hoard of coins stopped at the border", "ru": "клад монет, задержанный на границе"},
        (AGENCY, MUSEUM),
        {"UZ": 2, "TJ": 2, "TM": 2},
    ),
    Occupation(
        "codicology-palaeography",
        ("archival-science", "library-science"),
        (
            ("reading-arabic-script", "paper", "manuscript"),
            ("persian-language", "paper", "manuscript"),
            ("chagatai-language", "paper", "manuscript"),
            ("calligraphy", "paper", "manuscript"),
        ),
        {
            "en": "a miscellany in Persian and Chagatai without a colophon",
            "ru": "сборник на персидском и чагатайском языках без колофона",
        },
        (INSTITUTE, ARCHIVE),
        {"UZ": 5, "TJ": 4, "KZ": 1},
    ),
    Occupation(
        "easel-painting-conservation",
        ("restoration", "art-history"),
        (
            ("consolidation", "pigment", "painting"),
            ("multispectral-imaging", "pigment", "painting"),
            ("loss-compensation", "pigment", "painting"),
        ),
        {"en": "a canvas of the 1920s with flaking paint", "ru": "холст 1920-х годов с осыпями красочного слоя"},
        (MUSEUM, UNIVERSITY),
        {"US": 3, "UZ": 3, "KZ": 3},
    ),
    Occupation(
        "photograph-conservation",
        ("audiovisual-heritage", "conservation"),
        (
            ("consolidation", "photographic-film", "photograph"),
            ("digital-preservation", "photographic-film", "photograph"),
            ("archival-description", "photographic-film", "photograph"),
        ),
        {"en": "boxes of glass negatives stuck together", "ru": "коробки слипшихся стеклянных негативов"},
        (ARCHIVE, CENTRE, MUSEUM),
        {"US": 4, "KG": 2, "KZ": 2},
    ),
    Occupation(
        "preventive-conservation",
        ("conservation", "museology"),
        (
            ("anoxia-disinfestation", "textile", "traditional-costume"),
            ("condition-reporting", None, "museum-reserve"),
            ("training-delivery", None, "museum-reserve"),
        ),
        {"en": "a store where summer brings forty degrees", "ru": "хранилище, где летом бывает сорок градусов"},
        (MUSEUM, ARCHIVE),
        {"TM": 3, "TJ": 2, "US": 2},
    ),
)
