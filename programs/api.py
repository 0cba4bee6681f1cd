"""The programs room in the API."""

from ninja import Router

router = Router(tags=["programs"])
