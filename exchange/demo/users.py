"""The users one can log in as in the demonstration: their profiles, roles and teams."""

from dataclasses import dataclass, field

from accounts.states import Role
from exchange.core.spoken_languages import Level
from exchange.demo.names import Spelling
from exchange.demo.occupations import Triple
from profiles.states import NameKind, SkillLevel

EXPERT, HOST, COORDINATOR, SECRETARIAT, ADMIN = "expert", "host", "coordinator", "secretariat", "admin"
WINTERTHUR, DUSHANBE = "us-winterthur-delaware", "tj-museum-of-antiquities"
NATIVE, LATIN, RUSSIAN = NameKind.NATIVE, NameKind.LATIN, NameKind.RUSSIAN


@dataclass(frozen=True)
class Portrait:
    """What an expert's profile says."""

    city: str
    affiliation: str
    headline: str
    biography: str
    biography_language: str
    years: int
    fields: tuple[tuple[str, bool], ...]
    """Concept, and whether it is primary."""
    competences: tuple[tuple[Triple, SkillLevel], ...]
    languages: dict[str, int]
    can_teach: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True)
class DemoUser:
    """One login."""

    login: str
    role: str
    country: str
    names: tuple[Spelling, ...]
    language: str
    time_zone: str
    portrait: Portrait | None = None
    teams: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.names[0].short


def _in(native: Spelling, latin: tuple[str, str, str], russian: tuple[str, str, str] | None = None) -> tuple[Spelling, ...]:
    given, family, patronymic = latin
    spelled = (native, Spelling(LATIN, "en", given, family, patronymic))
    return (*spelled, Spelling(RUSSIAN, "ru", *russian)) if russian else spelled


EXPERTS: tuple[DemoUser, ...] = (
    DemoUser(
        "expert.uz",
        EXPERT,
        "UZ",
        _in(
            Spelling(NATIVE, "uz", "Дилноза", "Раҳимова", "Карим қизи"),
            ("Dilnoza", "Rahimova", "Karim qizi"),
            ("Дилноза", "Рахимова", "Каримовна"),
        ),
        "ru",
        "Asia/Samarkand",
        Portrait(
            city="Bukhara",
            affiliation="uz-bukhara-museum-reserve",
            headline="Реставратор тканей и настенной живописи",
            biography=(
                "Двенадцать лет работаю с тканями XIX века: сюзане, икаты, придворная одежда. Последние четыре сезона — росписи жилых домов "
                "Бухары: укрепление, расчистка, документирование. Веду практику у студентов и мечтаю о лаборатории красителей в нашем музее."
            ),
            biography_language="ru",
            years=12,
            fields=(("textile-conservation", True), ("wall-painting-conservation", True), ("traditional-crafts", False)),
            competences=(
                (("loss-compensation", "silk", "traditional-costume"), SkillLevel.LEADS),
                (("suzani", "cotton", None), SkillLevel.TEACHES),
                (("consolidation", "pigment", "wall-painting"), SkillLevel.LEADS),
                (("natural-dyeing", "natural-dyes", None), SkillLevel.PRACTISES),
            ),
            languages={"uz": Level.NATIVE, "tg": Level.C1, "ru": Level.C1, "en": Level.B2},
            can_teach=("uz", "ru"),
            phone="+998 00 000 00 00",
        ),
    ),
    DemoUser(
        "expert.samarkand",
        EXPERT,
        "UZ",
        _in(
            Spelling(NATIVE, "uz", "Jasur", "Toʻxtayev", "Anvar oʻgʻli"),
            ("Jasur", "Tokhtayev", "Anvar ogli"),
            ("Джасур", "Тухтаев", "Анварович"),
        ),
        "uz",
        "Asia/Samarkand",
        Portrait(
            city="Samarkand",
            affiliation="uz-samarkand-museum-reserve",
            headline="Textile conservator, Samarkand State Museum-Reserve",
            biography=(
                "I look after four thousand textiles, most of them suzani and ikat robes. I trained as a chemist and came to conservation through "
                "dyes: identification, light fastness, cleaning tests. I document every treatment and teach two younger colleagues."
            ),
            biography_language="en",
            years=8,
            fields=(("textile-conservation", True), ("conservation", True), ("preventive-conservation", False)),
            competences=(
                (("consolidation", "silk", "traditional-costume"), SkillLevel.LEADS),
                (("natural-dyeing", "natural-dyes", None), SkillLevel.LEADS),
                (("condition-reporting", "textile", "traditional-costume"), SkillLevel.LEADS),
            ),
            languages={"uz": Level.NATIVE, "tg": Level.NATIVE, "ru": Level.C1, "en": Level.C1},
            can_teach=("uz",),
        ),
    ),
    DemoUser(
        "expert.kz",
        EXPERT,
        "KZ",
        _in(Spelling(NATIVE, "kk", "Айгүл", "Сейтқалиева", "Маратқызы"), ("Aigul", "Seitkaliyeva", "Maratkyzy")),
        "kk",
        "Asia/Almaty",
        Portrait(
            city="Almaty",
            affiliation="kz-central-state-museum",
            headline="Археологиялық олжалар мен тоқыма реставраторы",
            biography=(
                "Реставрирую органику из курганов: войлок, кожу, дерево, шерстяные ткани. Десять полевых сезонов, пять выставок за рубежом. "
                "Сейчас занимаюсь текстилем сакского времени и ищу лабораторию, где можно сравнить способы консервации."
            ),
            biography_language="ru",
            years=14,
            fields=(("archaeological-conservation", True), ("textile-conservation", True), ("archaeology", False)),
            competences=(
                (("consolidation", "felt", "archaeological-find"), SkillLevel.LEADS),
                (("consolidation", "wood", "kurgan"), SkillLevel.TEACHES),
                (("3d-scanning", "bone", "archaeological-find"), SkillLevel.PRACTISES),
            ),
            languages={"kk": Level.NATIVE, "ru": Level.C2, "en": Level.B2},
            can_teach=("kk", "ru"),
        ),
    ),
    DemoUser(
        "expert.kg",
        EXPERT,
        "KG",
        _in(Spelling(NATIVE, "ky", "Бермет", "Осмонова", "Талантовна"), ("Bermet", "Osmonova", "Talantovna")),
        "ky",
        "Asia/Bishkek",
        Portrait(
            city="Bishkek",
            affiliation="kg-national-historical-museum",
            headline="Кийиз жана токума буюмдарынын реставратору",
            biography=(
                "Храню и реставрирую войлок и ткани: шырдаки, ала-кийизы, тушкийизы. Вместе с мастерицами описываю приёмы, которые в музейных "
                "карточках обычно не названы."
            ),
            biography_language="ru",
            years=9,
            fields=(("felt-conservation", True), ("textile-conservation", True), ("ethnology", False)),
            competences=(
                (("shyrdak-making", "felt", "carpet"), SkillLevel.TEACHES),
                (("consolidation", "felt", "carpet"), SkillLevel.LEADS),
                (("embroidery", "wool", "traditional-costume"), SkillLevel.PRACTISES),
            ),
            languages={"ky": Level.NATIVE, "ru": Level.C1, "en": Level.B2},
            can_teach=("ky",),
        ),
    ),
    DemoUser(
        "expert.tj",
        EXPERT,
        "TJ",
        _in(Spelling(NATIVE, "tg", "Фирдавс", "Назаров", "Рустамович"), ("Firdavs", "Nazarov", "Rustamovich")),
        "tg",
        "Asia/Dushanbe",
        Portrait(
            city="Dushanbe",
            affiliation="tj-national-museum",
            headline="Таъмиргари матоъ ва қоғаз",
            biography=(
                "Работаю с вышивкой и бумагой: чаканы, рукописи, фотографии. Учился у мастеров старшего поколения; хочу передать их приёмы "
                "вместе с современной документацией."
            ),
            biography_language="ru",
            years=11,
            fields=(("textile-conservation", True), ("manuscript-conservation", True), ("traditional-crafts", False)),
            competences=(
                (("chakan-embroidery", "silk", "traditional-costume"), SkillLevel.LEADS),
                (("loss-compensation", "paper", "manuscript"), SkillLevel.LEADS),
                (("consolidation", "textile", "traditional-costume"), SkillLevel.PRACTISES),
            ),
            languages={"tg": Level.NATIVE, "fa": Level.C1, "ru": Level.C1, "en": Level.B2},
            can_teach=("tg", "ru"),
        ),
    ),
    DemoUser(
        "expert.tm",
        EXPERT,
        "TM",
        _in(Spelling(NATIVE, "tk", "Gözel", "Annaýewa", "Myradowna"), ("Gozel", "Annayeva", "Myradovna")),
        "tk",
        "Asia/Ashgabat",
        Portrait(
            city="Ashgabat",
            affiliation="tm-carpet-museum",
            headline="Haly we dokma rejeleýji",
            biography=(
                "I restore knotted carpets and woollen textiles: foundations, selvedges, dye matching. Four generations of my family wove; I keep their "
                "patterns and learn to treat old pieces so that the treatment can be undone."
            ),
            biography_language="en",
            years=16,
            fields=(("carpet-conservation", True), ("textile-conservation", True), ("wall-painting-conservation", False)),
            competences=(
                (("carpet-weaving", "wool", "carpet"), SkillLevel.TEACHES),
                (("loss-compensation", "wool", "carpet"), SkillLevel.LEADS),
                (("natural-dyeing", "natural-dyes", "carpet"), SkillLevel.LEADS),
            ),
            languages={"tk": Level.NATIVE, "ru": Level.B2, "en": Level.B2, "tr": Level.B1},
            can_teach=("tk",),
        ),
    ),
    DemoUser(
        "expert.us",
        EXPERT,
        "US",
        (Spelling(NATIVE, "en", "Emily", "Carter"),),
        "en",
        "America/New_York",
        Portrait(
            city="Philadelphia",
            affiliation="us-penn-museum",
            headline="Conservator of archaeological materials and wall painting",
            biography=(
                "I treat painted plaster and unfired clay from excavations in Iran and Central Asia, and have worked beside colleagues in Panjakent and "
                "Termez for three seasons. I read Russian reports slowly and would like to read them faster."
            ),
            biography_language="en",
            years=13,
            fields=(("wall-painting-conservation", True), ("archaeological-conservation", True), ("archaeology", False)),
            competences=(
                (("consolidation", "pigment", "wall-painting"), SkillLevel.TEACHES),
                (("multispectral-imaging", "pigment", "wall-painting"), SkillLevel.LEADS),
                (("consolidation", "mudbrick", "ancient-town-site"), SkillLevel.PRACTISES),
            ),
            languages={"en": Level.NATIVE, "ru": Level.B2, "fr": Level.B1},
            can_teach=("en",),
        ),
    ),
)

HOSTS: tuple[DemoUser, ...] = (
    DemoUser(
        "owner.winterthur",
        HOST,
        "US",
        (Spelling(NATIVE, "en", "Laura", "Bennett"),),
        "en",
        "America/New_York",
        teams={WINTERTHUR: (Role.OWNER, Role.SIGNATORY)},
    ),
    DemoUser(
        "editor.winterthur",
        HOST,
        "US",
        (Spelling(NATIVE, "en", "Daniel", "Foster"),),
        "en",
        "America/New_York",
        teams={WINTERTHUR: (Role.EDITOR,)},
    ),
    DemoUser(
        "reviewer.winterthur",
        HOST,
        "US",
        (Spelling(NATIVE, "en", "Grace", "Kim"),),
        "en",
        "America/New_York",
        teams={WINTERTHUR: (Role.REVIEWER,)},
    ),
    DemoUser(
        "owner.dushanbe",
        HOST,
        "TJ",
        (Spelling(NATIVE, "tg", "Парвина", "Саидова"),),
        "ru",
        "Asia/Dushanbe",
        teams={DUSHANBE: (Role.OWNER, Role.SIGNATORY)},
    ),
    DemoUser(
        "editor.dushanbe",
        HOST,
        "TJ",
        (Spelling(NATIVE, "tg", "Далер", "Ҳакимов"),),
        "tg",
        "Asia/Dushanbe",
        teams={DUSHANBE: (Role.EDITOR,)},
    ),
    DemoUser(
        "reviewer.dushanbe",
        HOST,
        "TJ",
        (Spelling(NATIVE, "tg", "Манижа", "Холова"),),
        "ru",
        "Asia/Dushanbe",
        teams={DUSHANBE: (Role.REVIEWER,)},
    ),
)

COORDINATORS: tuple[DemoUser, ...] = (
    DemoUser("coordinator.kz", COORDINATOR, "KZ", (Spelling(NATIVE, "kk", "Данияр", "Оспанов"),), "ru", "Asia/Almaty"),
    DemoUser("coordinator.kg", COORDINATOR, "KG", (Spelling(NATIVE, "ky", "Азамат", "Исаков"),), "ru", "Asia/Bishkek"),
    DemoUser("coordinator.tj", COORDINATOR, "TJ", (Spelling(NATIVE, "tg", "Зарина", "Ҷӯраева"),), "tg", "Asia/Dushanbe"),
    DemoUser("coordinator.tm", COORDINATOR, "TM", (Spelling(NATIVE, "tk", "Serdar", "Orazow"),), "tk", "Asia/Ashgabat"),
    DemoUser("coordinator.uz", COORDINATOR, "UZ", (Spelling(NATIVE, "uz", "Nodira", "Yusupova"),), "uz", "Asia/Tashkent"),
    DemoUser("coordinator.us", COORDINATOR, "US", (Spelling(NATIVE, "en", "Michael", "Reed"),), "en", "America/New_York"),
)

SECRETARIES: tuple[DemoUser, ...] = (
    DemoUser("secretariat", SECRETARIAT, "KZ", (Spelling(NATIVE, "kk", "Алия", "Омарова"),), "ru", "Asia/Almaty"),
)

ADMINS: tuple[DemoUser, ...] = (
    DemoUser("admin", ADMIN, "UZ", (Spelling(NATIVE, "uz", "Rustam", "Karimov"),), "ru", "Asia/Tashkent"),
)

USERS: tuple[DemoUser, ...] = (*EXPERTS, *HOSTS, *COORDINATORS, *SECRETARIES, *ADMINS)
