"""The Backend API's invitations: what may be asked, and the object that is answered."""

from ninja import Router

from invitations.api.bulk import router as many
from invitations.api.invitations import router as one

router = Router(tags=["Invitations"])
router.add_router("/invitations/bulk", many)  # first, or `bulk` would be taken for an id
router.add_router("/invitations", one)

__all__ = ["router"]
