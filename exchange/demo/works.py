"""Works in the portfolios of the demonstration logins, each with a drawing."""

from dataclasses import dataclass

from exchange.demo.occupations import Triple


@dataclass(frozen=True)
class Work:
    """One work. `alt` says what the drawing shows."""

    picture: str
    title: str
    story: str
    alt: str
    concepts: Triple
    years_ago: int


WORKS: dict[str, tuple[Work, ...]] = {
    "expert.uz": (
        Work(
            "suzani",
            "Сюзане, укрепление шёлка",
            "Вышивка держалась на отдельных нитях. Подведена новая основа, швы укреплены шёлком, пыль снята без воды.",
            "Рисунок: круглые цветы сюзане на светлой ткани",
            ("consolidation", "silk", "traditional-costume"),
            9,
        ),
        Work(
            "wall",
            "Фрагмент росписи жилого дома, укрепление",
            "Красочный слой шелушился после протечки. Слой уложен, утраты оставлены открытыми и обмерены.",
            "Рисунок: фрагмент росписи с утратами и масштабной линейкой",
            ("consolidation", "pigment", "wall-painting"),
            3,
        ),
        Work(
            "ikat",
            "Халат из иката, пробы красителей",
            "Взяты пробы семи нитей. Красный оказался мареной, жёлтый устойчив к свету хуже остальных.",
            "Рисунок: полосы иката с ромбами",
            ("natural-dyeing", "silk", "traditional-costume"),
            1,
        ),
    ),
    "expert.samarkand": (
        Work(
            "ikat",
            "Ikat robe, cleaning tests",
            "Seven dyes were tested on threads from the seams before anything touched the robe. Two bleed in water; it was cleaned dry.",
            "A drawing: bands of ikat with lozenges",
            ("natural-dyeing", "silk", "traditional-costume"),
            2,
        ),
        Work(
            "suzani",
            "Suzani, mounted for display",
            "A padded board with a slope of ten degrees carries the weight. The cloth can be taken off without unpicking a stitch.",
            "A drawing: round flowers of a suzani on pale cloth",
            ("consolidation", "cotton", None),
            4,
        ),
    ),
    "expert.kz": (
        Work(
            "felt",
            "Войлок из кургана, расчистка монолита",
            "Войлок поднят вместе с грунтом и расчищен в лаборатории за четыре месяца. Сохранились два цвета и шов.",
            "Рисунок: узор из бараньих рогов на двух цветах войлока",
            ("consolidation", "felt", "archaeological-find"),
            6,
        ),
        Work(
            "bowl",
            "Чаша из погребения, склейка",
            "Сорок фрагментов, одна утрата. Клей обратим, восполнение тонировано чуть светлее оригинала.",
            "Рисунок: чаша в плане и в разрезе, линии склейки",
            ("loss-compensation", "ceramics", "archaeological-find"),
            2,
        ),
    ),
    "expert.kg": (
        Work(
            "felt",
            "Шырдак, защита от насекомых",
            "Три недели при минус тридцати градусах, затем чистка и укрепление края. Мастерица назвала каждый узор.",
            "Рисунок: узор шырдака из двух цветов",
            ("consolidation", "felt", "carpet"),
            3,
        ),
        Work(
            "carpet",
            "Ворсовый ковёр, укрепление кромки",
            "Кромка обвита новой нитью по старым следам, окраска подобрана по изнанке.",
            "Рисунок: восьмиугольники в рядах на красном поле",
            ("loss-compensation", "wool", "carpet"),
            5,
        ),
    ),
    "expert.tj": (
        Work(
            "manuscript",
            "Рукопись, восполнение бумаги",
            "Следы насекомых на двенадцати листах. Восполнено бумагой из шелковицы, отлитой в мастерской.",
            "Рисунок: страница рукописи с рамкой и оторванным углом",
            ("loss-compensation", "paper", "manuscript"),
            4,
        ),
        Work(
            "suzani",
            "Чакан, укрепление вышивки",
            "Платье носили и чинили. Старая починка оставлена: она рассказывает о вещи не меньше, чем вышивка.",
            "Рисунок: вышитые круглые цветы",
            ("chakan-embroidery", "silk", "traditional-costume"),
            2,
        ),
    ),
    "expert.tm": (
        Work(
            "carpet",
            "Carpet fragment, new foundation",
            "The warps had gone in two places. New ones were laid beside them, and the knots that were left were not moved.",
            "A drawing: octagons in rows on a red field",
            ("loss-compensation", "wool", "carpet"),
            3,
        ),
        Work(
            "tiles",
            "Dye chart for blues and greens",
            "Forty samples of wool, dyed twice each and kept in the light for a year. The pattern of a tiled wall served as the test card.",
            "A drawing: stars and crosses of a tiled wall",
            ("natural-dyeing", "natural-dyes", None),
            1,
        ),
    ),
    "expert.us": (
        Work(
            "wall",
            "Painted plaster from an excavation, facing and lifting",
            "Three fragments were faced with tissue, lifted and cleaned from the back. The losses were recorded and left open.",
            "A drawing: a fragment of wall painting with losses and a scale",
            ("consolidation", "pigment", "wall-painting"),
            5,
        ),
        Work(
            "bowl",
            "Glazed bowl, drawing and join plan",
            "Every sherd was numbered on the drawing first, so that the order of joining could be discussed before it was done.",
            "A drawing: a bowl in plan and section, with the joins",
            ("loss-compensation", "ceramics", "ceramic-vessel"),
            7,
        ),
    ),
}
