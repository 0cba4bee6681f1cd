"""The API: the routers of all apps."""

from ninja import NinjaAPI

from accounts.api_auth import BEARER_OR_SESSION
from applications.api import router as applications
from exchange.core.api import register_problems
from institutions.api import router as institutions
from matching.api import router as matching
from messaging.api import router as messaging
from partnerships.api import router as partnerships
from placements.api import router as placements
from placements.duplicates_api import router as duplicates
from profiles.api import router as profiles
from profiles.claims_api import router as claims
from programs.api import router as programs
from search.api import router as search
from vocabulary.api import router as vocabulary

api = NinjaAPI(
    title="Miras",
    version="1",
    description="Experts, programmes, applications, placements and conversations. The same actions and visibility as the pages.",
    urls_namespace="api",
    auth=BEARER_OR_SESSION,
    docs_url="/docs",
    openapi_url="/openapi.json",
)
register_problems(api)

for _router in (
    matching,  # before programmes and institutions, whose transitions have any name
    profiles,
    institutions,
    vocabulary,
    claims,
    programs,
    applications,
    placements,
    partnerships,
    messaging,
    search,
    duplicates,
):
    api.add_router("", _router)
