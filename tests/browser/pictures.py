"""Takes the pictures of README.md; run it with `make pictures`. It is not a test, so `make test` skips it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.addresses import normalise_email
from accounts.models import Application
from invitations.models import Invitation
from tests.factories import InvitationFactory, MessageFactory, UserFactory

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 960, "height": 620}
INVITED = [  # address, days since the invitation, how it ended and after how many days
    ("jonas.weber@example.com", 0, None, 0),
    ("amara.okafor@example.com", 1, "accepted", 1),
    ("mei.tanaka@example.com", 2, "accepted", 1),
    ("noah.fischer@example.com", 5, None, 0),
    ("zeynep.kaya@example.com", 8, "revoked", 2),
    ("oliver.brandt@example.com", 13, "accepted", 4),
    ("lucia.romero@example.com", 31, None, 0),
]


@pytest.fixture
def admin():
    application = Application.objects.current()
    application.name = "Acme"
    application.save()
    return UserFactory(
        admin=True, email_address="grace@example.com", first_name="Grace", last_name="Hopper"
    )


def picture(window, name):
    FOLDER.mkdir(exist_ok=True)
    window.page.wait_for_load_state("networkidle")
    window.page.screenshot(path=FOLDER / f"{name}.png", scale="css")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dashboard(window, admin, scheme):
    for address, days, end, after in reversed(INVITED):
        times = {f"{end}_at": ago(days=days - after)} if end else {}
        invitation = InvitationFactory(email_address=address, created_at=ago(days=days), **times)
        MessageFactory(invitation=invitation, sent=True)
    desk = window(admin, viewport=SIZE, color_scheme=scheme)
    desk.open("/invitations")
    picture(desk, f"dashboard-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_up_page(window, site, admin, scheme):
    address = normalise_email(INVITED[0][0])
    Invitation.objects.create_pending(address=address, by=admin)
    visitor = window(viewport=SIZE, color_scheme=scheme)
    visitor.open(site.link_to(address.email_key))
    picture(visitor, f"sign-up-{scheme}")


def ago(*, days):
    return datetime.now(UTC) - timedelta(days=days)
