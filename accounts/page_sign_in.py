"""Where a sign-in by a mailed code ends on a hosted page: allauth opens the page's session, and asks for the second
factor first.
"""

from allauth.account.internal.flows.login import record_authentication  # has no public name
from allauth.account.utils import get_next_redirect_url, perform_login
from django.http import HttpRequest, HttpResponse

from accounts import sessions
from accounts.judge import check_first_factor
from accounts.models import SignIn
from accounts.sign_in import proved_person


def enter(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    """Spend what was proved, once: of parallel requests one comes in. Raises AccountShut or CodeRefused("done")."""
    user = proved_person(sign_in)
    check_first_factor(user)
    sign_in.complete()
    # Whoever it was: allauth asks nobody who is signed in for a second factor.
    if request.user.is_authenticated:
        sessions.close_session(request)
    record_authentication(request, user, method="code")
    return perform_login(request, user, redirect_url=get_next_redirect_url(request))
