"""The Backend API's invitations (contract 2): what may be asked, and the object that is answered."""

from invitations.api.invitations import router

__all__ = ["router"]
