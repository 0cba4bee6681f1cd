"""The API of the whole site, put together from each app's router."""

from ninja import NinjaAPI

from applications.api import router as applications
from exchange.core.api import register_problems
from matching.api import router as matching
from messaging.api import router as messaging
from partnerships.api import router as partnerships
from placements.api import router as placements
from profiles.api import router as profiles
from profiles.api_auth import BEARER_OR_SESSION
from profiles.ownership_api import router as belonging
from programs.api import router as programs
from search.api import router as search
from search.duplicates_api import router as duplicates

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

for _router in (profiles, belonging, programs, applications, placements, partnerships, messaging, matching, search, duplicates):
    api.add_router("", _router)
