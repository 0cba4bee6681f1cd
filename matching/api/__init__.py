"""API of matching."""

from ninja import Router

from matching.api.needs import router as needs
from matching.api.programs import router as programs

router = Router()
router.add_router("", programs)
router.add_router("", needs)
