"""Texts of demonstration users in English and Russian: profiles, applications, reviews and messages.

Inserted words follow a colon or are subjects, so that they need no case endings.
"""

from random import Random

Text = dict[str, str]

ABOUT: tuple[Text, ...] = (
    {
        "en": "I have worked in this field for {years} years. Lately on my table: {thing}.",
        "ru": "Стаж в профессии (лет): {years}. Сейчас на моём рабочем столе: {thing}.",
    },
    {
        "en": "Years of practice: {years}. I document every step and share what I learn with younger colleagues. Current work: {thing}.",
        "ru": "Лет практики: {years}. Документирую каждый шаг и делюсь опытом с молодыми коллегами. Текущая работа: {thing}.",
    },
    {
        "en": "I began as an apprentice and stayed: {years} years now. I would like to compare our methods with those of other laboratories.",
        "ru": "Начало — ученичество; лет практики с тех пор: {years}. Хочу сопоставить наши методы с методами других лабораторий.",
    },
    {
        "en": "Fieldwork in summer, the laboratory in winter, for {years} years. What I care about now: {thing}.",
        "ru": "Летом полевые работы, зимой лаборатория; лет практики: {years}. Что меня занимает сейчас: {thing}.",
    },
)
ABOUT_CRAFT: tuple[Text, ...] = (
    {
        "en": "I learnt the craft in the family workshop and have practised it for {years} years. I teach two apprentices.",
        "ru": "Ремесло — из семейной мастерской. Лет практики: {years}. Обучаю двух учеников.",
    },
    {
        "en": "Years at the bench: {years}. I work after old pieces in museums and write down what the masters of my town still know.",
        "ru": "Лет за верстаком: {years}. Работаю по старым музейным образцам и записываю то, что ещё помнят мастера моего города.",
    },
)
STATEMENT: tuple[Text, ...] = (
    {
        "en": (
            "I would bring to the programme: {thing}. In my institution we have done first tests, but we lack the equipment and, above all, "
            "colleagues to discuss the results with.\n\nI expect to learn how you decide between treatment and leaving well alone, and to return "
            "with a written procedure that my department can follow. I will teach it to my colleagues in two seminars within half a year."
        ),
        "ru": (
            "С чем я хочу приехать: {thing}. У себя мы провели первые пробы, но нам не хватает оборудования и прежде всего коллег, "
            "с которыми можно обсудить результат.\n\nХочу понять, как вы выбираете между вмешательством и наблюдением, и вернуться с "
            "письменной методикой для нашего отдела. В течение полугода проведу два семинара для коллег."
        ),
    },
    {
        "en": (
            "For several years I have been responsible for {thing}. The programme is close to my daily work: I can take part from the first day "
            "and share our documentation.\n\nAfterwards I want to set up a small working group with museums of our region and to publish the "
            "terms we agree on in our language."
        ),
        "ru": (
            "Уже несколько лет за мной закреплена эта работа: {thing}. Программа близка к моим ежедневным задачам: могу участвовать с первого "
            "дня и поделиться нашей документацией.\n\nПосле возвращения хочу собрать рабочую группу музеев нашего региона и опубликовать "
            "согласованные термины на нашем языке."
        ),
    },
    {
        "en": (
            "What brings me here: {thing}. We have tried what books recommend; part of it does not work in our climate.\n\nI ask for the chance "
            "to work beside people who meet the same material under other conditions. My director supports the trip and keeps my post."
        ),
        "ru": (
            "Что привело меня сюда: {thing}. Мы испытали то, что советуют книги; часть этого в нашем климате не работает.\n\nПрошу возможности "
            "поработать рядом с теми, кто имеет дело с тем же материалом в других условиях. Директор поддерживает поездку и сохраняет за "
            "мной место."
        ),
    },
    {
        "en": (
            "I teach and I practise, and both need fresh air. The case I would like to discuss: {thing}.\n\nIn return I can show our methods of "
            "documentation and bring samples of local materials with analyses."
        ),
        "ru": (
            "Я преподаю и практикую, и тому и другому нужен свежий взгляд. Случай, который хочу обсудить: {thing}.\n\nСо своей стороны покажу "
            "наши приёмы документирования и привезу образцы местных материалов с анализами."
        ),
    },
)
ANSWER: tuple[Text, ...] = (
    {
        "en": "The case is this: {thing}. Earlier treatment is documented in part; photographs and two analyses can be shown.",
        "ru": "Случай такой: {thing}. Прежние работы описаны частично; есть фотографии и два анализа.",
    },
    {
        "en": "We will change our written procedure, train four colleagues and repeat the survey after a year.",
        "ru": "Мы изменим письменную методику, обучим четырёх коллег и через год повторим обследование.",
    },
    {
        "en": "I compare two ways of treatment on samples and would like to see how you judge the result over time.",
        "ru": "Сравниваю два способа обработки на образцах и хочу увидеть, как вы оцениваете результат во времени.",
    },
)
SHORT_ANSWER: tuple[Text, ...] = (
    {"en": "My main work: {thing}.", "ru": "Основная работа: {thing}."},
    {"en": "Please see the statement: {thing}.", "ru": "См. текст заявки: {thing}."},
)
REVIEW: tuple[Text, ...] = (
    {"en": "Solid practice, a clear plan. The samples are convincing.", "ru": "Уверенная практика, ясный план. Образцы убеждают."},
    {"en": "Strong applicant; the question is close to ours.", "ru": "Сильный заявитель; вопрос близок к нашему."},
    {"en": "The plan is general; ask for documentation.", "ru": "План общий; стоит попросить документацию."},
    {"en": "Good experience, less clear how it will be used at home.", "ru": "Опыт хороший, менее ясно, как он пригодится дома."},
    {"en": "Early in the career, yet careful and curious.", "ru": "Начало карьеры, но внимательность и интерес заметны."},
)
REJECTION: tuple[Text, ...] = (
    {
        "en": "Thank you for a thoughtful application. Others were closer to the subject this time; please apply again.",
        "ru": "Спасибо за содержательную заявку. В этот раз другие были ближе к теме; подавайте снова.",
    },
    {
        "en": "We had many more strong applications than places.",
        "ru": "Сильных заявок было намного больше, чем мест.",
    },
)
HOST_SAYS: tuple[Text, ...] = (
    {
        "en": "Thank you for your application. Could you send two photographs of the present condition?",
        "ru": "Спасибо за заявку. Пришлите, пожалуйста, две фотографии нынешнего состояния.",
    },
    {
        "en": "We are reading the applications now and will write within three weeks.",
        "ru": "Мы читаем заявки и напишем в течение трёх недель.",
    },
    {
        "en": "Which languages would you like to work in with the team?",
        "ru": "На каких языках вам удобнее работать с группой?",
    },
)
EXPERT_SAYS: tuple[Text, ...] = (
    {"en": "Good afternoon! I will send them by Friday.", "ru": "Добрый день! Пришлю до пятницы."},
    {
        "en": "Thank you for the quick answer. Is it possible to bring samples in hand luggage?",
        "ru": "Спасибо за быстрый ответ. Можно ли привезти образцы в ручной клади?",
    },
    {"en": "I understand everything, thank you.", "ru": "Всё понятно, спасибо."},
)
OFFER_TALK: tuple[tuple[Text, Text], ...] = (
    (
        {
            "en": "We are glad to offer you a place. Housing is ten minutes from the laboratory.",
            "ru": "Рады предложить вам место. Жильё в десяти минутах от лаборатории.",
        },
        {
            "en": "This is wonderful news, thank you! I am talking to my director today.",
            "ru": "Прекрасная новость, спасибо! Сегодня говорю с директором.",
        },
    ),
    (
        {
            "en": "Please tell us early about visa dates; we prepare the letter as soon as both countries agree.",
            "ru": "Пожалуйста, заранее сообщите сроки визы; письмо готовим, как только согласуют обе страны.",
        },
        {"en": "The consulate needs about four weeks.", "ru": "Консульству нужно около четырёх недель."},
    ),
)
RETURN_NOTE: Text = {"en": "Please attach the consent of the employer.", "ru": "Приложите, пожалуйста, согласие работодателя."}
REFUSAL_NOTE: Text = {
    "en": "The employer has withdrawn the consent for these dates.",
    "ru": "Работодатель отозвал согласие на эти даты.",
}
RESUBMIT_NOTE: Text = {
    "en": "The consent of the employer is attached in the conversation.",
    "ru": "Согласие работодателя приложено в беседе.",
}


def one_of(texts: tuple[Text, ...], random: Random) -> Text:
    return random.choice(texts)


def written(text: Text, language: str, **values: object) -> str:
    """The text in Russian or, for everybody else, in English."""
    return text["ru" if language == "ru" else "en"].format(**values)
