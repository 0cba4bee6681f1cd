"""What the users of the demonstration logins have done: created by the actions of the apps.

Each part first checks whether it exists already. On purpose nobody from Uzbekistan has applied to the textile semester in Winterthur,
so that both Uzbek logins can.
"""

import datetime
from collections.abc import Collection
from random import Random
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.access import forget_access
from accounts.domain.coordinators import appoint_coordinator
from accounts.models import CoordinatorAppointment, User
from accounts.states import Role
from applications.domain.decisions import shortlist
from applications.domain.drafts import attach_file, save_draft, start_draft
from applications.domain.offers import accept_offer, select_application
from applications.domain.reviews import save_review
from applications.domain.submissions import submit_application
from applications.models import Application
from exchange.core.spoken_languages import Level
from exchange.demo.answers import answer, document, document_name
from exchange.demo.records import add_records
from exchange.demo.staff import staff_hosts
from exchange.demo.users import COORDINATORS, EXPERTS, HOSTS, WINTERTHUR, DemoUser
from institutions.domain.institutions import answer_invitation, invite_to_team, set_roles
from institutions.models import Institution, Membership
from matching.domain.choices import save_program
from matching.domain.invitations import invite_expert
from matching.domain.needs import NeedFacts, create_need
from matching.models import Need
from messaging.domain.threads import post_message
from partnerships.domain.agreements import create_agreement
from partnerships.models import Agreement
from placements.domain.decisions import approve_placement
from placements.models import Approval, Placement
from profiles.domain import profiles
from profiles.domain.files import save_cv
from profiles.models import ExpertProfile
from profiles.states import Audience, Part
from programs.models import Program
from programs.states import QuestionKind
from vocabulary.domain.vocabulary import vocabulary

TEXTILES, WALLS = "demo-textile-conservation-semester", "demo-wall-painting-conservators-exchange"
FELT, FINDS, SUZANI = "demo-felt-making-masterclass", "demo-organic-finds-masterclass", "demo-ikat-suzani-residency"
People = dict[str, User]
DAY = datetime.timedelta(days=1)


# ---- roles and profiles ---------------------------------------------------------------------------------------------


@transaction.atomic
def take_posts(people: People) -> None:
    """Coordinators are appointed by the secretariat; owners take their teams, and the others join by invitation."""
    for demo_user in COORDINATORS:
        user = people[demo_user.login]
        if not CoordinatorAppointment.objects.filter(user=user).exists():
            appoint_coordinator(user, country=demo_user.country, by=people["secretariat"])
    for demo_user in HOSTS:
        for slug, roles in demo_user.teams.items():
            _join(Institution.objects.get(slug=slug), people[demo_user.login], roles)


def _join(institution: Institution, user: User, roles: tuple[str, ...]) -> None:
    if Membership.objects.filter(institution=institution, user=user).exists():
        return
    if Role.OWNER in roles:
        Membership.objects.create(institution=institution, user=user, role=Role.OWNER)
        forget_access(user)
        set_roles(institution, user, roles, by=user)
        return
    owner = User.objects.get(memberships__institution=institution, memberships__role=Role.OWNER, email__startswith="owner.")
    for role in roles:
        answer_invitation(invite_to_team(institution, email=user.email, role=role, by=owner), accept=True, by=user)


def make_profiles(people: People, *, but: Collection[str] = ()) -> None:
    """Create a profile for every expert without one, except those logins."""
    for demo_user in EXPERTS:
        user = people[demo_user.login]
        if demo_user.login not in but and not ExpertProfile.objects.filter(user=user).exists():
            with transaction.atomic():
                _make_profile(demo_user, user)


def _make_profile(demo_user: DemoUser, user: User) -> None:
    portrait = demo_user.portrait
    if portrait is None:
        return
    words, today = vocabulary(), timezone.now().date()
    spelled = {
        each.kind: {"given": each.given, "family": each.family, "patronymic": each.patronymic, "language": each.language}
        for each in demo_user.names
    }
    profile = profiles.create_profile(user, by=user, country=demo_user.country, names=spelled)
    profiles.save_work(
        profile,
        by=user,
        city=portrait.city,
        affiliation=Institution.objects.get(slug=portrait.affiliation),
        headline=portrait.headline,
        biography=portrait.biography,
        biography_language=portrait.biography_language,
        experience_years=portrait.years,
        phone=portrait.phone,
    )
    profiles.save_fields(profile, [(words.by_slug(slug).id, primary) for slug, primary in portrait.fields], by=user)
    names = ("technique_id", "material_id", "object_type_id")
    rows = [
        dict(zip(names, (words.by_slug(slug).id if slug else None for slug in triple), strict=True))
        | {"level": level, "last_year": today.year}
        for triple, level in portrait.competences
    ]
    profiles.save_competences(profile, rows, by=user)
    skills = [
        {"language": code, "level": level, "can_teach": code in portrait.can_teach} for code, level in portrait.languages.items()
    ]
    profiles.save_languages(profile, skills, by=user)
    profiles.save_availability(profile, [(today - 30 * DAY, today + 720 * DAY)], by=user, lead_time_days=21, longest_stay_days=None)
    audience = Audience.EVERYONE if demo_user.login in {"expert.uz", "expert.us"} else Audience.MEMBERS
    profiles.save_audiences(profile, by=user, audience=audience, audiences={Part.CONTACT: Audience.COORDINATORS})
    add_records(profile, demo_user, by=user)
    save_cv(profile, ContentFile(_cv(demo_user), name=f"CV {demo_user.names[-1].family}.pdf"), by=user)


def _cv(demo_user: DemoUser) -> bytes:
    """A CV of one page, as PDF; its text is passed to the template as data."""
    portrait = demo_user.portrait
    lines = [demo_user.name, portrait.headline, portrait.biography] if portrait else [demo_user.name]
    inputs = {f"line{number}": text for number, text in enumerate(lines)} | {"count": str(len(lines))}
    source = (
        '#set page(paper: "a4", margin: 25mm)\n#set text(font: "Libertinus Serif", size: 11pt)\n'
        '#text(size: 18pt, sys.inputs.line0)\n#parbreak()\n#for n in range(1, int(sys.inputs.count)) [ #sys.inputs.at("line" + str(n)) \n\n ]\n'
        "#v(1fr)\n#text(size: 8pt)[Demonstration record / Демонстрационная запись]\n"
    )
    pdf: bytes = typst.compile(source.encode(), sys_inputs=inputs, ignore_system_fonts=True)
    return pdf


# ---- applications, placements ----------------------------------------------------------------------------------------


def act(people: People) -> bool:
    """Create applications, offers, placements and threads of the logins, in one transaction; False when they exist already.

    Does nothing when their programmes are no longer open, as in an old data folder.
    """
    programs = {program.slug: program for program in Program.objects.filter(slug__in=(TEXTILES, WALLS, FELT, FINDS, SUZANI))}
    begun = Application.objects.filter(expert__user__in=people.values()).exists()
    if begun or len(programs) < 5 or not all(program.is_open for program in programs.values()):
        return False
    staff_hosts([programs[FELT].institution_id, programs[FINDS].institution_id])
    with transaction.atomic():
        _agree(people)
        _at_winterthur(people, programs[TEXTILES])
        _at_dushanbe(people, programs[WALLS])
        _of_dilnoza(people, programs)
        _seek(people)
    return True


def _agree(people: People) -> None:
    """The agreement that covers the placement from Dushanbe."""
    if not Agreement.objects.filter(reference="DEMO-WINTERTHUR-DUSHANBE").exists():
        starts = timezone.now().date() - 400 * DAY
        first, second = (Institution.objects.get(slug=slug) for slug in (WINTERTHUR, "tj-national-museum"))
        agreement = Agreement(
            reference="DEMO-WINTERTHUR-DUSHANBE",
            title={
                "en": "Memorandum of understanding on exchanges of conservators (demonstration record)",
                "ru": "Меморандум о взаимопонимании по обмену реставраторами (демонстрационная запись)",
            },
            first=first,
            second=second,
            valid_from=starts,
            valid_until=starts + datetime.timedelta(days=5 * 365),
            yearly_places=2,
            is_demo=True,
        )
        create_agreement(agreement, by=people["secretariat"])


def _at_winterthur(people: People, program: Program) -> None:
    """Four applications: one to read, one shortlisted, one waiting for two countries, one confirmed."""
    owner, editor, reviewer = (people[f"{role}.winterthur"] for role in ("owner", "editor", "reviewer"))
    fresh = _apply(people["expert.tm"], program, "a seventeenth-century carpet fragment that has never been washed", "en")
    _say(fresh, people["expert.tm"], "Good afternoon! May I bring two wool samples with natural dyes for analysis?")

    promising = _apply(people["expert.kz"], program, "wool textiles from a Saka kurgan, lifted in a block", "en")
    _score(promising, owner, (5, 4, 4), "The excavation records are exemplary. The question suits the wet-cleaning weeks.")
    _score(promising, reviewer, (4, 4, 5), "Convincing plan for teaching at home.")
    shortlist(promising, by=editor)
    _say(promising, editor, "We read your application with pleasure. Could you send a photograph of the block as it is stored now?")

    waiting = _apply(people["expert.kg"], program, "three shyrdaks damaged by insects", "en")
    _score(waiting, reviewer, (5, 4, 5), "")
    select_application(waiting, by=owner)
    _say(waiting, owner, "We are glad to offer you the place. Please look at the dates with your museum.")
    accept_offer(waiting, by=people["expert.kg"])
    _say(waiting, people["expert.kg"], "Thank you! My director has agreed. Now we wait for both coordinators.")

    going = _apply(people["expert.tj"], program, "a chakan dress with earlier repairs", "en")
    _score(going, owner, (5, 5, 4), "Brings a living craft into the studio.")
    _score(going, reviewer, (5, 4, 4), "")
    select_application(going, by=owner)
    accept_offer(going, by=people["expert.tj"])
    for country in ("TJ", "US"):
        _approve(going, people, country)
    _say(going, owner, "Both countries have agreed. The invitation letter is ready; please book the consulate early.")


def _at_dushanbe(people: People, program: Program) -> None:
    """An offer to answer, two placements on their way, one application to read."""
    owner, editor, reviewer = (people[f"{role}.dushanbe"] for role in ("owner", "editor", "reviewer"))
    unread = _apply(people["expert.us"], program, "fragments of painted clay plaster treated in the 1960s", "en")
    _score(unread, reviewer, (4, 5, 3), "Хороший опыт с многоспектральной съёмкой.")
    _say(unread, people["expert.us"], "Hello! I can bring a portable camera for multispectral imaging if that is useful.")

    for login, thing in (
        ("expert.kz", "роспись по глиняной штукатурке из городища"),
        ("expert.tm", "фрагменты росписи из загородной усадьбы"),
    ):
        application = _apply(people[login], program, thing, "ru")
        _score(application, owner, (4, 4, 4), "Подходит.")
        select_application(application, by=editor)
        accept_offer(application, by=people[login])
        _say(application, editor, "Ждём согласования стран. Жильё рядом с музеем, инструменты есть.")
    _approve(application, people, "TJ")

    offered = _apply(people["expert.uz"], program, "росписи жилого дома XIX века в Бухаре", "ru")
    _score(offered, owner, (5, 4, 5), "Сильная заявка, полная документация.")
    _score(offered, reviewer, (5, 5, 4), "")
    select_application(offered, by=owner)
    _say(offered, owner, "Здравствуйте, Дилноза! Рады предложить вам место. Ответьте, пожалуйста, до указанного срока.")


def _of_dilnoza(people: People, programs: dict[str, Program]) -> None:
    """A draft, an application under way and a placement that waits for two countries; and an invitation for Jasur."""
    dilnoza = people["expert.uz"]
    draft = start_draft(programs[SUZANI], by=dilnoza)
    beginning = "I have worked with suzani for twelve years, and the terms of our masters are missing in every catalogue I know."
    save_draft(draft, by=dilnoza, version=draft.version, statement=beginning)

    sent = _apply(dilnoza, programs[FELT], "войлочная основа сюзане с утратами", "ru")
    _say(sent, _decider(programs[FELT]), "Спасибо за заявку! Мы пишем всем в начале следующего месяца.")

    accepted = _apply(dilnoza, programs[FINDS], "шёлковые ткани из погребения, взятые монолитом", "ru")
    select_application(accepted, by=_decider(programs[FINDS]))
    accept_offer(accepted, by=dilnoza)
    _say(accepted, _decider(programs[FINDS]), "Прекрасно, ждём вас. Осталось согласие двух стран.")

    jasur = ExpertProfile.objects.get(user=people["expert.samarkand"])
    words = "Your work on dyes is close to our programme. A place for Uzbekistan is still open: please have a look."
    invite_expert(jasur, programs[TEXTILES], by=people["editor.winterthur"], words=words)
    save_program(programs[TEXTILES], by=dilnoza)


def _seek(people: People) -> None:
    """A need of Winterthur: whom it seeks without a call."""
    institution, today = Institution.objects.get(slug=WINTERTHUR), timezone.now().date()
    if Need.objects.filter(institution=institution).exists():
        return
    facts = NeedFacts(
        title="A textile conservator with experience of silk embroidery (demonstration record)",
        text="For four weeks beside our own conservators: wet cleaning and mounting of suzani from Bukhara and Nurata.",
        text_language="en",
        starts=today + 90 * DAY,
        ends=today + 118 * DAY,
        concepts=[vocabulary().by_slug("textile-conservation").id],
        languages={"en": Level.B1},
    )
    create_need(institution, facts, by=people["owner.winterthur"])


# ---- steps ----------------------------------------------------------------------------------------------------------


def _apply(user: User, program: Program, thing: str, language: str) -> Application:
    """Create and submit an application."""
    application = start_draft(program, by=user)
    text = STATEMENTS[language].format(thing=thing)
    save_draft(application, by=user, version=application.version, statement=text, answers=_answers(program, user, thing, language))
    for question in program.questions.filter(kind=QuestionKind.FILE, required=True):
        upload = SimpleUploadedFile(document_name(language), document(language))
        attach_file(application, by=user, upload=upload, question_id=question.pk)
    return submit_application(application, by=user)


STATEMENTS = {
    "en": (
        "What I would like to work on: {thing}. I have documented its condition over two years and made first tests on samples.\n\n"
        "From the programme I hope for three things: to see how you decide how far to clean, to compare mounting methods, and to have my plan "
        "criticised by people who have made the same mistakes before me.\n\nAfterwards I will write a procedure in my own language and teach it "
        "in two seminars for museums of our region."
    ),
    "ru": (
        "Над чем я хочу работать: {thing}. Два года веду наблюдения за состоянием, сделаны первые пробы на образцах.\n\n"
        "От программы жду трёх вещей: увидеть, как вы решаете, где остановиться в расчистке, сравнить способы укрепления и услышать критику "
        "моего плана от тех, кто уже прошёл этот путь.\n\nПосле возвращения напишу методику на родном языке и проведу два семинара для музеев "
        "нашего региона."
    ),
}


def _answers(program: Program, user: User, thing: str, language: str) -> dict[str, Any]:
    random, today = Random(f"{user.email}:{program.slug}"), timezone.now().date()
    questions = [question for question in program.questions.all() if question.kind != QuestionKind.FILE]
    return {str(question.pk): answer(question, thing, language, random, today) for question in questions}


def _score(application: Application, by: User, scores: tuple[int, ...], comment: str) -> None:
    keys = [str(row.pk) for row in application.program.criteria.all()]
    save_review(application, by=by, scores=dict(zip(keys, scores, strict=True)), comment=comment)


def _say(application: Application, by: User, words: str) -> None:
    if application.thread is not None:
        post_message(application.thread, by=by, body=words)


def _approve(application: Application, people: People, country: str) -> None:
    placement = Placement.objects.get(application=application)
    approval = Approval.objects.get(placement=placement, country=country)
    approve_placement(approval, by=people[f"coordinator.{country.lower()}"])


def _decider(program: Program) -> User:
    rows = Membership.objects.filter(institution_id=program.institution_id, role=Role.OWNER).select_related("user").order_by("pk")
    return rows[0].user
