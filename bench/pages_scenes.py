"""What the demonstration does not hold, and some pages need: made by hand for the bench of pages, with the addresses it leads to."""

from hashlib import sha256
from typing import Any

from django.test import RequestFactory


def furnish(users: dict[str, Any]) -> dict[str, list[str]]:
    """Make the missing objects for the accounts of these roles. Addresses by role that no page of the demonstration leads to."""
    return {
        "expert": _of_expert(users["expert"]),
        "host": _of_host(users["host"]),
        "coordinator": _of_coordinator(users["coordinator"]),
        "reviewer": _second_factor(users["reviewer"]),
    }


def prove_login(client: Any, user: Any) -> None:
    """For some minutes the settings of the log-in open without asking for the password again."""
    from allauth.account.internal.flows.login import record_authentication

    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()


def _of_expert(user: Any) -> list[str]:
    from profiles.models import ExpertProfile, ImportedExpert, ProfileMerge, Publication
    from search.models import SavedSearch

    profile = ExpertProfile.objects.get(user=user)
    publication = Publication.objects.create(profile=profile, title="Suzani of Bukhara", authors="D. Rahimova", year=2021)
    search = SavedSearch.objects.create(owner=user, name="Museums", kind="institution", address="type=institutions&q=museum")
    unclaimed = ExpertProfile.objects.create(country=profile.country)
    ImportedExpert.objects.create(profile=unclaimed, source="bench", external_id="1", email=user.email)
    other = ExpertProfile.objects.exclude(user=None).exclude(user=user).first()
    merge = ProfileMerge.objects.create(target=profile, source=other, target_user=user, source_user=other.user)
    return [
        f"/profile/publications/{publication.pk}/",
        f"/settings/searches/{search.pk}/",
        f"/claims/{unclaimed.pk}/",
        merge.get_absolute_url(),
    ]


def _of_host(user: Any) -> list[str]:
    from placements.models import Placement
    from placements.states import PlacementState
    from programs.domain.drafts import clone_program
    from programs.models import Program

    programs = Program.objects.filter(institution__memberships__user=user)
    published = programs.open().first()
    draft = clone_program(programs.filter(questions__isnull=False).first() or published, by=user)
    placement = Placement.objects.filter(application__program__institution__memberships__user=user).last()
    Placement.objects.filter(pk=placement.pk).update(state=PlacementState.RETURNED)
    return [published.get_absolute_url(), f"/programs/{draft.slug}/edit/", f"/placements/{placement.pk}/resubmit/"]


def _of_coordinator(user: Any) -> list[str]:
    from importing.models import ExpertImport
    from importing.states import ImportState

    country = user.appointments.first().country
    table = ExpertImport.objects.create(country=country, by=user, name="people.csv", state=ImportState.READY, total=2)
    _second_factor(user)
    return [table.get_absolute_url()]


def _second_factor(user: Any) -> list[str]:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    WebAuthn.add(user, "key", _credential())
    return ["/accounts/2fa/reauthenticate/"]


def _credential() -> dict[str, Any]:
    """A security key as a browser registers it."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from fido2.cose import ES256
    from fido2.utils import websafe_encode
    from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    name = sha256(b"localhost").digest()
    data = AuthenticatorData.create(name, flags, 0, AttestedCredentialData.create(Aaguid.NONE, b"bench", key))
    made = CollectedClientData.create("webauthn.create", b"challenge", "https://localhost")
    return {
        "id": websafe_encode(b"bench"),
        "rawId": websafe_encode(b"bench"),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(made),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
