"""The Backend API's users."""

from ninja import Router

from accounts.api.user_calls import router as calls
from accounts.api.user_metadata import router as metadata
from accounts.api.user_states import router as states

router = Router(tags=["Users"])
router.add_router("/users", states)  # first, or `ban` would be taken for an id
router.add_router("/users", calls)
router.add_router("/users", metadata)
