"""The Backend API's invitations (contract 2): what may be asked, and the object that is answered."""

from ninja import Router

from invitations.api.bulk import router as bulk
from invitations.api.invitations import router as invitations

router = Router(tags=["Invitations"])
router.add_router("/invitations/bulk", bulk)  # first, or `bulk` would be taken for an id
router.add_router("/invitations", invitations)

__all__ = ["router"]
