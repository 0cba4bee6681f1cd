"""The admin is read only."""

import pytest
from django.urls import reverse

from tests import factories as make


@pytest.mark.parametrize("model", ["application", "applicationfile", "review"])
def test_the_administration_only_looks(client, application, model, host):
    make.ReviewFactory(application=application, reviewer=host.reviewer)
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    listed = client.get(reverse(f"admin:applications_{model}_changelist"))

    added = client.get(reverse(f"admin:applications_{model}_add"))

    assert listed.status_code == 200
    assert added.status_code == 403


def test_a_state_cannot_be_posted_there(client, application):
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    url = reverse("admin:applications_application_change", args=[application.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"state": "accepted"}).status_code == 403
    application.refresh_from_db()
    assert application.state == "submitted"
