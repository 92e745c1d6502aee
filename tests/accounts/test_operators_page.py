import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied

from accounts.models import User
from invitations.models import Event
from tests.factories import UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def role_of(user):
    user = User.objects.get(pk=user.pk)
    return "admin" if user.is_superuser else "operator" if user.is_staff else "user"


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_an_admin_lets_somebody_into_the_dashboard(admin, role):
    user = UserFactory(email_address="ada@example.com")
    answer = admin.post(
        "/settings/operators", {"email_address": "ADA@example.com", "role": role}, follow=True
    )
    assert f"ada@example.com is an {role} now" in text(answer)
    assert role_of(user) == role
    assert User.objects.get(pk=user.pk).may("invite")
    event = Event.objects.get(subject=user.id, kind="role_changed")
    assert (event.actor_id, event.detail) == (admin.user.id, {"role": role})


def test_the_list_tells_who_is_what(admin, operator):
    page = text(admin.get("/settings/operators"))
    for words in ("olga@example.com", "Operator", "grace@example.com · Admin · you"):
        assert words in page


def test_the_list_tells_who_has_no_second_factor(admin, operator):
    TOTP.activate(admin.user, "JBSWY3DPEHPK3PXP")
    page = text(admin.get("/settings/operators"))
    assert "grace@example.com · Admin · you<" in page
    assert "Operator · no second factor" in page


def test_nobody_without_an_account_becomes_an_operator(admin):
    answer = admin.post(
        "/settings/operators", {"email_address": "ada@example.com", "role": "operator"}
    )
    assert "Invite them first" in answer.context["form"].errors["email_address"][0]


@pytest.mark.parametrize("role", ["operator", "admin", "user"])
def test_a_role_is_changed_or_ended(admin, operator, role):
    path = f"/settings/operators/{operator.user.id}"
    assert text(admin.htmx("get", path)).startswith("<dialog")
    assert role_of(operator.user) == "operator"
    admin.post(path, {"role": role})
    assert role_of(operator.user) == role
    assert operator.get("/users").status_code == (404 if role == "user" else 200)


def test_the_last_admin_stays(admin):
    answer = admin.post(f"/settings/operators/{admin.user.id}", {"role": "user"}, follow=True)
    assert "Make somebody else an admin first" in text(answer)
    assert role_of(admin.user) == "admin"


def test_an_admin_may_step_down_where_another_stays(admin):
    UserFactory(admin=True)
    answer = admin.post(f"/settings/operators/{admin.user.id}", {"role": "operator"})
    assert answer["Location"] == "/"
    assert role_of(admin.user) == "operator"


@pytest.mark.parametrize("role", ["", "owner"])
def test_no_other_role_is_taken(admin, operator, role):
    admin.post(f"/settings/operators/{operator.user.id}", {"role": role})
    assert role_of(operator.user) == "operator"


def test_users_are_no_operators_page(admin, member):
    assert admin.get(f"/settings/operators/{member.user.id}").status_code == 404


def test_operators_make_nobody_an_operator(operator, member):
    said = {"email_address": member.user.email_address, "role": "admin"}
    for _ in range(3):
        assert operator.post("/settings/operators", said).status_code == 404
        assert (
            operator.post(f"/settings/operators/{operator.user.id}", {"role": "admin"}).status_code
            == 404
        )
    with pytest.raises(PermissionDenied):
        member.user.make_admin(by=operator.user)
    assert [role_of(user) for user in (operator.user, member.user)] == ["operator", "user"]
