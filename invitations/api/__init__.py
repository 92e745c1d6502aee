"""The invitation endpoints of the Backend API: requests, and the invitation object in responses."""

from ninja import Router

from invitations.api.bulk import router as many
from invitations.api.invitations import router as one

router = Router(tags=["Invitations"])
router.add_router("/invitations/bulk", many)  # first: else `bulk` would be read as an id
router.add_router("/invitations", one)

__all__ = ["router"]
