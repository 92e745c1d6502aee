"""Parts of races: visitors at one form, a hasher that makes them continue at the same moment, and a head start."""

import copy
import threading
import time

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import User
from invitations.models import Event

UNLIMITED = dict.fromkeys(
    ("sign_up", "frontend_sign_up", "ticket_post", "visit", "requests", "create"), 10**9
)
IN = "/account/welcome"
USED = "/sign-in?notice=invitation_accepted"
WITHDRAWN = "/sign-up?notice=invitation_revoked"

_application = ClientHandler(enforce_csrf_checks=True)  # shared, because building it takes long


class Visitor(Client):
    """A browser that signs up with a ticket. A crash of Ollio is a response with status 500, as in production."""

    def __init__(self, *, password, **kwargs):
        super().__init__(raise_request_exception=False, **kwargs)
        self.handler = _application
        self.password = password
        self.answer = None
        self._hidden = {}

    def open(self, raw_ticket):
        page = self.get(f"/v1/tickets/accept?ticket={raw_ticket}", follow=True)
        self._hidden = {
            "handle": page.context["handle"],
            "csrfmiddlewaretoken": str(page.context["csrf_token"]),
        }
        return self

    def tabs(self, number):
        """Yield copies of this browser, each with another password."""
        for each in range(number):
            tab = Visitor(password=f"{self.password} {each}")
            tab.cookies, tab._hidden = copy.deepcopy(self.cookies), self._hidden
            yield tab

    def sign_up(self):
        self.answer = self.post("/sign-up", {**self._hidden, "password": self.password})

    @property
    def destination(self):
        """The URL that the response redirects to, or its status."""
        return self.answer.get("Location", self.answer.status_code)

    @property
    def is_signed_in(self):
        return "ollio_session_8000" in self.cookies and get_user(self).is_authenticated


class Page(Visitor):
    """The same sign-up on an application's page: over the Frontend API instead of the hosted form."""

    _TOLD = {"invitation_already_accepted": USED, "revoked_invitation": WITHDRAWN}

    @property
    def is_signed_in(self):
        """Signed in to the application, which uses another cookie."""
        return bool(self.get("/__clerk/v1/client").json()["response"]["sessions"])

    def open(self, raw_ticket):
        begun = self._say("client/sign_ups", strategy="ticket", ticket=raw_ticket)
        self._path = "client/sign_ups/" + begun.json()["response"]["id"]
        return self

    def sign_up(self):
        self.answer = self._say(f"{self._path}?_method=PATCH", password=self.password)

    @property
    def destination(self):
        """The result, translated to the redirect that the hosted form would give."""
        told = self.answer.json()
        if "errors" in told:
            return self._TOLD.get(told["errors"][0]["code"], str(told))
        return IN if told["response"]["status"] == "complete" else str(told)

    def _say(self, path, **said):
        origin = {"Origin": settings.BASE_URL}
        return self.post(
            f"/__clerk/v1/{path}", said, content_type="application/json", headers=origin
        )


def check_one_came_in(visitors, *, invitation):
    """Check for one success, one user, one signed-in browser, one event, and proper refusals for all others."""
    winners = [visitor for visitor in visitors if visitor.destination == IN]
    told = {visitor.destination for visitor in visitors if visitor not in winners}
    assert len(winners) == 1, [visitor.destination for visitor in visitors]
    assert told == {USED}, told
    assert [visitor for visitor in visitors if visitor.is_signed_in] == winners
    user = User.objects.get(email_key=invitation.email_key)
    assert user.check_password(winners[0].password)
    assert Event.objects.filter(subject=invitation.pk, kind="accepted").count() == 1
    assert Event.objects.filter(subject=user.pk, kind="user_created").count() == 1


class MeetingHasher(MD5PasswordHasher):
    """Waits until all expected callers hash. That is after a sign-up's last check and before its first write.

    So all of them reach the UPDATE that decides; none is refused earlier.
    """

    algorithm = "meeting"
    meeting = threading.Barrier(1)

    @classmethod
    def expect(cls, number):
        cls.meeting = threading.Barrier(number)

    def encode(self, password, salt):
        self.meeting.wait(30)
        return super().encode(password, salt)

    def verify(self, password, encoded):
        return super().encode(password, self.decode(encoded)["salt"]) == encoded


class HeadStart:
    """Lets one of two calls start earlier. The lead moves towards the loser, so that both win sometimes. It moves
    faster while the same call keeps winning, as on a busy machine.
    """

    STEP = 0.002  # seconds

    def __init__(self):
        self._lead = 0.0
        self._step = 0.0

    def after_win(self, *, by_first):
        towards = -self.STEP if by_first else self.STEP
        self._step = self._step * 1.5 if self._step * towards > 0 else towards
        self._lead += self._step

    def first(self, call):
        return self._delayed(call, -self._lead)

    def second(self, call):
        return self._delayed(call, self._lead)

    @staticmethod
    def _delayed(call, seconds):
        def delayed():
            time.sleep(max(0.0, seconds))
            return call()

        return delayed


def tell(request, sentence):
    """Show figures in the output of the run and keep them in its report."""
    request.node.user_properties.append(("figures", sentence))
    plugins = request.config.pluginmanager
    with plugins.get_plugin("capturemanager").global_and_fixture_disabled():
        plugins.get_plugin("terminalreporter").write_line(f"\n  {sentence}")
