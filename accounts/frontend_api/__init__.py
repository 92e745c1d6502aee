"""What pages in browsers ask for: who is signed in, signing up, signing in and out."""

from accounts.frontend_api.client import router as client
from accounts.frontend_api.environment import router as environment
from accounts.frontend_api.handshake import router as handshake
from accounts.frontend_api.sessions import router as sessions
from accounts.frontend_api.sign_ins import router as sign_ins
from accounts.frontend_api.sign_ups import router as sign_ups

routers = [environment, client, handshake, sessions, sign_ups, sign_ins]
__all__ = ["routers"]
