"""The applications room in the API."""

from ninja import Router

router = Router(tags=["applications"])
