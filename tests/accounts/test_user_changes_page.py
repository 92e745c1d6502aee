"""Ban, lock and delete on a user's page. test_edit_metadata_page.py tests the metadata."""

import pytest

from accounts.models import User
from invitations.models import Event, Invitation
from tests.factories import InvitationFactory, UserFactory

VERBS = ["ban", "unban", "lock", "unlock", "delete"]


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com", first_name="Ada", last_name="Lovelace")


def offered(browser, person):
    page = browser.get(f"/users/{person.id}")
    return [change.action for change in page.context["changes"]]


def test_an_operator_bans_and_unbans_a_user(operator, ada):
    assert offered(operator, ada) == ["Sign out everywhere", "Lock", "Ban", "Delete"]
    assert "Ban Ada Lovelace?" in text(operator.get(f"/users/{ada.id}/ban"))
    page = text(operator.post(f"/users/{ada.id}/ban", follow=True))
    assert "Ada Lovelace is banned and signed out everywhere" in page
    assert "status--banned" in page
    assert "Banned by olga@example.com" in page
    assert offered(operator, ada) == ["Unban", "Delete"]
    page = text(operator.post(f"/users/{ada.id}/unban", follow=True))
    assert "is not banned any more" in page
    assert "status--banned" not in page
    assert User.objects.get(pk=ada.pk).is_active


def test_an_operator_locks_and_unlocks_a_user(operator, ada):
    assert "Lock Ada Lovelace out?" in text(operator.get(f"/users/{ada.id}/lock"))
    page = text(operator.post(f"/users/{ada.id}/lock", follow=True))
    assert "Ada Lovelace is locked out" in page
    assert "status--locked" in page
    assert "Locked by olga@example.com" in page
    assert offered(operator, ada) == ["Sign out everywhere", "Unlock", "Ban", "Delete"]
    assert "is not locked out any more" in text(
        operator.post(f"/users/{ada.id}/unlock", follow=True)
    )
    assert offered(operator, ada) == ["Sign out everywhere", "Lock", "Ban", "Delete"]


def test_an_operator_deletes_a_user(operator):
    invitation = InvitationFactory(accepted=True)
    ada = UserFactory(first_name="Ada", grant="invitation", signup_invitation=invitation)
    assert "gone for good" in text(operator.get(f"/users/{ada.id}/delete"))
    answer = operator.post(f"/users/{ada.id}/delete", follow=True)
    assert answer.redirect_chain == [("/users", 302)]
    assert "Ada is deleted" in text(answer)
    assert not User.objects.filter(pk=ada.pk).exists()
    assert Invitation.objects.get() == invitation


def test_the_list_marks_who_cannot_sign_in(operator, ada):
    ada.ban(by=operator.user)
    UserFactory().lock(by=operator.user)
    page = text(operator.get("/users"))
    assert page.count("status--banned") == page.count("status--locked") == 1


@pytest.mark.parametrize("verb", VERBS)
def test_htmx_gets_a_dialog_and_others_a_page(operator, ada, verb):
    path = f"/users/{ada.id}/{verb}"
    dialog, page = operator.htmx("get", path).text.strip(), operator.get(path).text
    assert dialog.startswith("<dialog")
    assert "<dialog" not in page
    for answer in (dialog, page):
        assert f'method="post" action="{path}"' in answer


def test_asking_changes_nothing(operator, ada):
    before = list(User.objects.values()), Event.objects.count()
    for verb in VERBS:
        operator.get(f"/users/{ada.id}/{verb}")
        operator.htmx("get", f"/users/{ada.id}/{verb}")
    assert (list(User.objects.values()), Event.objects.count()) == before


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_does_it_to_themselves(admin, verb):
    assert offered(admin, admin.user) == []
    for method in (admin.get, admin.post):
        answer = method(f"/users/{admin.user.id}/{verb}", follow=True)
        assert "your own account" in text(answer)
    answer = admin.htmx("get", f"/users/{admin.user.id}/{verb}")
    assert answer["HX-Redirect"] == f"/users/{admin.user.id}"
    assert User.objects.get(pk=admin.user.pk, locked_at=None).is_active


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not_manage_users_is_refused(operator, ada, verb):
    operator.user.user_permissions.clear()
    assert offered(operator, ada) == []
    for method in (operator.get, operator.post):
        assert method(f"/users/{ada.id}/{verb}").status_code == 403
    assert User.objects.get(pk=ada.pk, locked_at=None).is_active


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_an_operator_may_not_touch_operators_and_admins(operator, role):
    other = UserFactory(**{role: True})
    assert offered(operator, other) == []
    for verb in VERBS:
        assert operator.get(f"/users/{other.id}/{verb}").status_code == 403
        assert operator.post(f"/users/{other.id}/{verb}").status_code == 403
    assert User.objects.get(pk=other.pk, locked_at=None).is_active


def test_an_admin_bans_an_operator(admin, operator):
    assert offered(admin, operator.user) == ["Sign out everywhere", "Lock", "Ban", "Delete"]
    admin.post(f"/users/{operator.user.id}/ban")
    assert operator.get("/users")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("verb", ["ban", "lock", "delete"])
def test_the_last_admin_who_can_sign_in_stays(admin, verb):
    last = UserFactory(admin=True)
    admin.user.lock(by=last)  # her own session stays open
    answer = admin.post(f"/users/{last.id}/{verb}", follow=True)
    assert "Make somebody else an admin first" in text(answer)
    assert User.objects.get(pk=last.pk, locked_at=None).is_active


def test_two_operators_banning_at_once_both_hear_it_is_done(operator, ada):
    for _ in range(2):
        answer = operator.post(f"/users/{ada.id}/ban", follow=True)
        assert "Ada Lovelace is banned" in text(answer)
    assert Event.objects.filter(subject=ada.pk, kind="banned").count() == 1


def test_a_user_who_is_gone_is_no_page(operator, ada):
    operator.post(f"/users/{ada.id}/delete")
    for verb in VERBS:
        assert operator.post(f"/users/{ada.id}/{verb}").status_code == 404
