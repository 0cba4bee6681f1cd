"""Tables uploaded by hosts and coordinators: who may, what the check says, confirming, the job, and what is left behind."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.jobs.tasks import run_long_handler
from exchange.core.models import OutboxEvent
from importing import periodic
from importing.domain import uploads
from importing.domain.uploads import ImportScope
from importing.models import ExpertImport
from profiles.domain.affiliations import reassign_people
from profiles.models import ExpertProfile, ImportedExpert
from profiles.signals import profiles_imported
from tests.factories import CoordinatorFactory, InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
GOOD = "external_id,name,name_lang\n1,Абай,kk\n2,Абылай,kk\n"
BAD = "external_id,name,country\n1,Абай,KZ\n2,,KZ\n3,Dilnoza,UZ\n"


@pytest.fixture
def museum():
    return InstitutionFactory(slug="museum", country="KZ", name={"en": "Museum of silk"})


@pytest.fixture
def host(museum):
    return MembershipFactory(institution=museum, role="editor").user


@pytest.fixture
def coordinator():
    return CoordinatorFactory(country="KZ").user


@pytest.fixture
def started(monkeypatch):
    """Jobs that were queued, instead of a broker."""
    jobs = []
    monkeypatch.setattr("exchange.core.jobs.outbox.start_job", lambda name, *job, priority: jobs.append(job))
    return jobs


def upload(user, scope, text=GOOD, name="people.csv"):
    return uploads.upload_table(by=user, scope=scope, table=SimpleUploadedFile(name, text.encode()))


def checked(user, scope, text=GOOD):
    job = upload(user, scope, text)
    uploads.check_table(job.pk)
    return ExpertImport.objects.get(pk=job.pk)


def confirmed(user, scope, text=GOOD, **options):
    job = checked(user, scope, text)
    return uploads.confirm_import(job, by=user, **options)


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_grounds_are_verified_institutions_one_edits_and_countries_one_coordinates(host, museum):
    MembershipFactory(user=host, institution=InstitutionFactory(state="unverified"))
    MembershipFactory(user=host, role="reviewer")
    CoordinatorFactory(user=host, country="UZ")

    assert [scope.key for scope in uploads.import_scopes_of(host)] == [f"institution-{museum.pk}", "country-UZ"]
    assert uploads.import_scopes_of(UserFactory()) == []


def test_nobody_uploads_for_others(host, coordinator, museum):
    other = InstitutionFactory()

    for user, scope in [
        (UserFactory(), ImportScope(museum, "KZ")),
        (host, ImportScope(other, "US")),
        (host, ImportScope(None, "KZ")),
        (coordinator, ImportScope(None, "UZ")),
        (coordinator, ImportScope(museum, "KZ")),
    ]:
        with pytest.raises(PermissionDenied):
            upload(user, scope)
    assert not ExpertImport.objects.exists()


def test_other_users_neither_see_nor_confirm_nor_take_the_map(client, host, museum):
    job = confirmed(host, ImportScope(museum, "KZ"))
    uploads.run_table(job.pk)
    client.force_login(CoordinatorFactory(country="KZ").user)

    answers = [client.get(job.get_absolute_url()), client.get(reverse("import_map", args=[job.pk]))]
    answers += [client.post(reverse(name, args=[job.pk])) for name in ("import_confirm", "import_cancel")]

    assert {answer.status_code for answer in answers} == {404}
    with pytest.raises(PermissionDenied):
        uploads.confirm_import(job, by=UserFactory())


def test_pages_want_somebody_with_a_ground(client):
    client.force_login(UserFactory())

    assert client.get("/experts/import/").status_code == 403
    assert client.get("/experts/import/template.csv").status_code == 403
    client.logout()
    assert client.get("/experts/import/").status_code == 302


def test_waiting_tables_are_limited(host, museum):
    for _ in range(uploads.MAX_WAITING):
        upload(host, ImportScope(museum, "KZ"))

    with pytest.raises(DomainError, match="still wait"):
        upload(host, ImportScope(museum, "KZ"))


# ---- checking --------------------------------------------------------------------------------------------------------


def test_a_check_writes_nobody_and_tells_what_would_change(host, museum):
    job = checked(host, ImportScope(museum, "KZ"))

    assert (job.state, job.total, job.done) == ("ready", 2, 2)
    assert job.counts == {"new": 2, "changed": 0, "same": 0, "claimed": 0, "rows": 2, "bad": 0}
    assert not ExpertProfile.objects.exists()


def test_mistakes_are_told_in_the_readers_language_and_keep_everybody_out(host, museum):
    job = checked(host, ImportScope(museum, "KZ"), BAD)

    assert job.problems == [[3, "name", "This cell is empty."]]
    with pytest.raises(DomainError, match="Some rows have errors"):
        uploads.confirm_import(job, by=host)
    uploads.confirm_import(job, by=host, skip_bad_rows=True)
    uploads.run_table(job.pk)
    assert set(ExpertProfile.objects.values_list("shown_name", "country")) == {("Абай", "KZ"), ("Dilnoza", "UZ")}


def test_a_coordinator_is_refused_people_of_other_countries(coordinator):
    job = checked(coordinator, ImportScope(None, "KZ"), BAD)

    assert [4, "country", "You can import only people of your own country: KZ."] in job.problems


def test_a_table_that_cannot_be_read_is_refused(host, museum):
    job = checked(host, ImportScope(museum, "KZ"), 'external_id,name\n1,"Абай\n')

    assert (job.state, job.counts) == ("refused", {})
    assert [(row, column) for row, column, _text in job.problems] == [(2, "")]


def test_a_table_with_unknown_columns_waits_for_answers(host, museum):
    job = checked(host, ImportScope(museum, "KZ"), "nom\nx\n")

    assert (job.state, job.problems) == ("asking", [])
    assert [(column["heading"], column["field"]) for column in job.layout["columns"]] == [("nom", None)]


# ---- confirming and importing ----------------------------------------------------------------------------------------


def test_a_hosts_people_get_their_affiliation_and_their_country(host, museum):
    job = confirmed(host, ImportScope(museum, "KZ"))

    uploads.run_table(job.pk)

    job.refresh_from_db()
    profile = ExpertProfile.objects.get(shown_name="Абай")
    assert (job.state, job.counts["new"]) == ("done", 2)
    assert (profile.affiliation, profile.country, profile.imported.imported_by) == (museum, "KZ", host)
    assert profile.imported.institution == museum
    assert [row.transition for row in history_of(job)] == ["pass_check", "confirm", "finish"]


def test_the_file_goes_when_its_people_are_here_and_the_map_stays(client, host, museum, django_capture_on_commit_callbacks):
    job = confirmed(host, ImportScope(museum, "KZ"))
    stored, name = job.file.storage, job.file.name

    with django_capture_on_commit_callbacks(execute=True):
        uploads.run_table(job.pk)

    client.force_login(host)
    answer = client.get(reverse("import_map", args=[job.pk]))
    ids = dict(ImportedExpert.objects.values_list("external_id", "profile_id"))
    assert not stored.exists(name)
    assert b"".join(answer.streaming_content).decode() == f"external_id,id\n1,{ids['1']}\n2,{ids['2']}\n"


def test_two_clicks_import_once(host, museum):
    job = checked(host, ImportScope(museum, "KZ"))

    for stale in (job, ExpertImport.objects.get(pk=job.pk)):
        uploads.confirm_import(stale, by=host)
    uploads.run_table(job.pk)
    uploads.run_table(job.pk)
    uploads.confirm_import(job, by=host)

    assert OutboxEvent.objects.filter(kind="importing.run").count() == 1
    assert ExpertProfile.objects.count() == 2


def test_an_institution_that_lost_its_verification_brings_nobody(host, museum):
    job = checked(host, ImportScope(museum, "KZ"))
    museum.state = "suspended"
    museum.save()

    with pytest.raises(DomainError, match="verified"):
        uploads.confirm_import(job, by=host)


def test_a_crash_in_the_middle_is_taken_up_where_it_broke(host, museum, monkeypatch):
    monkeypatch.setattr("importing.domain.writing.CHUNK", 1)
    job = confirmed(host, ImportScope(museum, "KZ"))
    seen = []

    def crash(sender, profile_ids, **kwargs):
        seen.append(profile_ids)
        if len(seen) == 2:
            raise RuntimeError("power cut")

    profiles_imported.connect(crash)
    with pytest.raises(RuntimeError):
        uploads.run_table(job.pk)
    first = ExpertProfile.objects.get()
    profiles_imported.disconnect(crash)
    assert (ExpertImport.objects.get(pk=job.pk).state, ExpertImport.objects.get(pk=job.pk).done) == ("importing", 1)

    uploads.run_table(job.pk)

    job.refresh_from_db()
    assert (job.state, job.counts["new"], job.counts["same"], job.attempts) == ("done", 1, 1, 2)
    assert ExpertProfile.objects.filter(pk=first.pk).exists()
    assert ExpertProfile.objects.count() == 2


def test_a_table_spoilt_after_its_check_is_refused(host, museum):
    job = confirmed(host, ImportScope(museum, "KZ"))
    with job.file.storage.open(job.file.name, "wb") as file:
        file.write(b"external_id,name\n1,\n")

    uploads.run_table(job.pk)

    job.refresh_from_db()
    assert (job.state, job.problem_count) == ("refused", 1)


def test_jobs_come_through_the_outbox(host, museum, started):
    job = upload(host, ImportScope(museum, "KZ"))
    process_outbox()
    run_long_handler(*started[-1])
    uploads.confirm_import(job, by=host)
    process_outbox()
    run_long_handler(*started[-1])

    assert started == [("importing.check", {"import_id": job.pk}), ("importing.run", {"import_id": job.pk})]
    assert ExpertImport.objects.get(pk=job.pk).state == "done"


def test_jobs_of_tables_that_are_gone_or_done_do_nothing(host, museum):
    uploads.check_table(0)
    uploads.run_table(0)
    job = checked(host, ImportScope(museum, "KZ"))

    uploads.check_table(job.pk)
    uploads.run_table(job.pk)

    assert not ExpertProfile.objects.exists()


def test_stalled_imports_go_on_and_end_after_some_attempts(host, museum):
    ago = timezone.now() - datetime.timedelta(minutes=10)
    waiting, running, hopeless = (upload(host, ImportScope(museum, "KZ")) for _ in range(3))
    ExpertImport.objects.update(touched_at=ago)
    ExpertImport.objects.filter(pk=running.pk).update(state="importing")
    ExpertImport.objects.filter(pk=hopeless.pk).update(attempts=5)
    upload(host, ImportScope(museum, "KZ"))
    OutboxEvent.objects.all().delete()

    assert periodic.resume_stalled_imports() == 2

    assert set(OutboxEvent.objects.values_list("kind", "payload__import_id")) == {
        ("importing.check", waiting.pk),
        ("importing.run", running.pk),
    }
    assert ExpertImport.objects.get(pk=hopeless.pk).state == "refused"


def test_tables_nobody_confirmed_are_forgotten(host, museum):
    old, fresh, refused = (
        checked(host, ImportScope(museum, "KZ")),
        checked(host, ImportScope(museum, "KZ")),
        checked(host, ImportScope(museum, "KZ"), "x\n"),
    )
    ExpertImport.objects.exclude(pk=fresh.pk).update(touched_at=timezone.now() - datetime.timedelta(days=31))

    assert uploads.delete_unconfirmed_tables() == 2

    kept = {job.pk: (job.state, bool(job.file)) for job in ExpertImport.objects.all()}
    assert kept == {old.pk: ("cancelled", False), fresh.pk: ("ready", True), refused.pk: ("refused", False)}


def test_merged_institutions_keep_their_people_apart_where_ids_meet(museum):
    other = InstitutionFactory()
    for institution, external_id in [(museum, "1"), (other, "1"), (other, "2")]:
        ImportedExpert.objects.create(
            profile=ExpertProfile.objects.create(),
            source=f"institution:{institution.pk}",
            external_id=external_id,
            institution=institution,
        )

    reassign_people(museum.pk, other.pk)

    rows = set(ImportedExpert.objects.values_list("source", "external_id", "institution"))
    mine, theirs = f"institution:{museum.pk}", f"institution:{other.pk}"
    assert rows == {(mine, "1", museum.pk), (theirs, "1", museum.pk), (mine, "2", museum.pk)}


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_from_upload_to_map_by_the_pages(client, host, museum, django_capture_on_commit_callbacks):
    client.force_login(host)
    table = SimpleUploadedFile("people.csv", BAD.encode())

    answer = client.post("/experts/import/", {"scope": f"institution-{museum.pk}", "table": table})
    job = ExpertImport.objects.get()
    waiting = client.get(answer.url).content.decode()
    ExpertImport.objects.update(total=4, done=1)
    working = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    uploads.check_table(job.pk)
    ready = client.get(answer.url).content.decode()
    client.post(reverse("import_confirm", args=[job.pk]), {"skip_bad_rows": "on"})
    uploads.run_table(job.pk)
    done = client.get(answer.url).content.decode()

    assert "is in the queue" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "1 of 4" in working
    assert "<html" not in working
    assert "This cell is empty." in ready
    assert "hx-trigger" not in ready
    assert "Download the list of matching ids" in done
    assert "people.csv" in client.get("/experts/import/").content.decode()


def test_a_wrong_file_is_refused_by_the_form(client, host, museum):
    client.force_login(host)
    table = SimpleUploadedFile("people.xlsx", b"PK")

    answer = client.post("/experts/import/", {"scope": f"institution-{museum.pk}", "table": table})

    assert answer.status_code == 422
    assert not ExpertImport.objects.exists()


def test_a_cancelled_table_is_deleted(client, coordinator, django_capture_on_commit_callbacks):
    job = checked(coordinator, ImportScope(None, "KZ"))
    client.force_login(coordinator)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_cancel", args=[job.pk]))

    assert not job.file.storage.exists(job.file.name)
    assert "Cancelled" in client.get(job.get_absolute_url()).content.decode()
    assert client.get(reverse("import_map", args=[job.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(client, coordinator, django_assert_num_queries):
    client.force_login(coordinator)
    counts = []
    for _ in range(2):
        checked(coordinator, ImportScope(None, "KZ"))
        client.get("/experts/import/")
        with django_assert_num_queries(9, exact=False) as queries:
            client.get("/experts/import/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_template_is_a_download(client, coordinator):
    client.force_login(coordinator)

    answer = client.get("/experts/import/template.csv")

    assert answer.content.decode("utf-8-sig").startswith("external_id,name,name_lang,name_ru,name_en,country")


def test_ways_in_stand_where_they_are_wanted(client, host, museum, coordinator):
    unverified = MembershipFactory(user=host, institution=InstitutionFactory(state="unverified")).institution

    client.force_login(host)
    assert f"?for=institution-{museum.pk}" in client.get(museum.get_absolute_url()).content.decode()
    assert "Import experts" not in client.get(unverified.get_absolute_url()).content.decode()
    client.force_login(coordinator)
    assert "Import experts" not in client.get(museum.get_absolute_url()).content.decode()
    assert "Import experts" in client.get("/").content.decode()


def test_an_imported_profile_says_who_made_it(client, host, museum):
    uploads.run_table(confirmed(host, ImportScope(museum, "KZ")).pk)
    client.force_login(UserFactory())
    profile = ExpertProfile.objects.get(shown_name="Абай")

    assert "Created by an institution for its expert" in client.get(profile.get_absolute_url()).content.decode()
    ExpertProfile.objects.filter(pk=profile.pk).update(user=UserFactory())
    assert "Created by an institution for its expert" not in client.get(profile.get_absolute_url()).content.decode()
