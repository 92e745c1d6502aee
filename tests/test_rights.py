"""Who may do what. The tests call the model methods themselves, so the rules hold for every view and API before
them.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import second_factors
from accounts.addresses import normalise_email
from accounts.models import Application, SecretKey
from accounts.models.role import OPERATOR_PERMISSIONS
from config import audit
from config.rights import Right
from invitations.models import Asked, Event, Invitation
from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory

pytestmark = pytest.mark.django_db
ADA = normalise_email("ada@example.com")


def invited():
    return InvitationFactory(email_address="bob@example.com")


def person():
    return UserFactory(email_address="max@example.com")


def operator():
    return UserFactory(operator=True, email_address="olga@example.com")


def protected():
    user = person()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


def settings():
    return Application.objects.current()


# Each method with the right that it needs. Ollio itself first creates the row that it works on.
VERBS = {
    "create": (
        "invite",
        lambda: None,
        lambda _none, by: Invitation.objects.create_pending(address=ADA, by=by),
    ),
    "create many": (
        "invite",
        lambda: None,
        lambda _none, by: Invitation.objects.create_all([Asked(ADA)], by=by),
    ),
    "change": ("invite", invited, lambda it, by: it.change(by=by, public_metadata={"k": 1})),
    "resend": ("invite", invited, lambda it, by: it.resend(by=by)),
    "link": ("copy_link", invited, lambda it, by: it.mint_link(by=by)),
    "revoke": ("revoke", invited, lambda it, by: it.revoke(by=by)),
    "erase": ("erase_invitations", invited, lambda it, by: it.erase(by=by)),
    "ban": ("manage_users", person, lambda it, by: it.ban(by=by)),
    "unban": ("manage_users", person, lambda it, by: it.unban(by=by)),
    "lock": ("manage_users", person, lambda it, by: it.lock(by=by)),
    "unlock": ("manage_users", person, lambda it, by: it.unlock(by=by)),
    "erase user": ("manage_users", person, lambda it, by: it.erase(by=by)),
    "change user": ("manage_users", person, lambda it, by: it.change(by=by, first_name="X")),
    "merge": (
        "manage_users",
        person,
        lambda it, by: it.merge_metadata(by=by, public_metadata={"k": 1}),
    ),
    "replace": (
        "manage_users",
        operator,
        lambda it, by: it.replace_metadata(by=by, public_metadata={"k": 1}),
    ),
    "ban operator": ("admin", operator, lambda it, by: it.ban(by=by)),
    "lock operator": ("admin", operator, lambda it, by: it.lock(by=by)),
    "erase operator": ("admin", operator, lambda it, by: it.erase(by=by)),
    "reset second factor": ("admin", protected, lambda it, by: second_factors.reset(it, by=by)),
    "make operator": ("admin", person, lambda it, by: it.make_operator(by=by)),
    "make admin": ("admin", person, lambda it, by: it.make_admin(by=by)),
    "end operator": ("admin", operator, lambda it, by: it.end_operator(by=by)),
    "settings": ("configure", settings, lambda it, by: it.change(by=by, sign_up_mode="restricted")),
    "issue key": (
        "admin",
        lambda: None,
        lambda _none, by: SecretKey.objects.issue(name="X", by=by),
    ),
    "revoke key": ("admin", SecretKeyFactory, lambda it, by: it.revoke(by=by)),
}


def with_right(right):
    """Return an operator with only one right."""
    user = UserFactory(operator=True)
    user.user_permissions.set(Permission.objects.filter(codename=right))
    return type(user).objects.get(pk=user.pk)


def banned_admin():
    UserFactory(admin=True)
    user = UserFactory(admin=True)
    user.ban(by=None)
    return user


def permission_without_role():
    """A user without the operator role, but with permissions left over from it: they open nothing."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=OPERATOR_PERMISSIONS))
    return type(user).objects.get(pk=user.pk)


ALL = set(Right)
INVITING = {Right.INVITE, Right.REVOKE, Right.COPY_LINK, Right.ERASE_INVITATIONS}
ACTORS = {
    "user": (UserFactory, set()),
    "user with permissions": (permission_without_role, set()),
    "operator": (lambda: UserFactory(operator=True), {*OPERATOR_PERMISSIONS}),
    "operator without any": (lambda: with_right(None), set()),
    **{
        f"operator who may {right}": (lambda right=right: with_right(right), {right})
        for right in OPERATOR_PERMISSIONS
    },
    "admin": (lambda: UserFactory(admin=True), ALL),
    "banned admin": (banned_admin, set()),
    "key": (SecretKeyFactory, ALL - {"admin"}),
    "key for invitations": (lambda: SecretKeyFactory(scope="invitations"), INVITING),
    "key that reads": (lambda: SecretKeyFactory(scope="read_only"), set()),
}


@pytest.mark.parametrize("right", ["admim", "Invite", "", "delete_user"])
@pytest.mark.parametrize("actor", ["admin", "key"])
def test_what_is_no_right_nobody_has(actor, right):
    by = ACTORS[actor][0]()
    for each in (by, None):
        with pytest.raises(PermissionDenied):
            audit.permit(each, right)
    assert not by.may(right)


def rows(it):
    """Return the row itself, and the number of events."""
    return [list(type(it).objects.filter(pk=it.pk).values()) if it else None, Event.objects.count()]


@pytest.mark.parametrize("actor", ACTORS)
def test_a_verb_is_done_for_those_who_may_and_for_nobody_else(actor, subtests):
    make_actor, rights = ACTORS[actor]
    by = make_actor()
    for verb, (right, make_object, do) in VERBS.items():
        with subtests.test(verb), transaction.atomic():
            it = make_object()
            before = rows(it)
            if right in rights:
                do(it, by)
                assert Event.objects.count() > before[1] or verb in {"unban", "unlock"}
            else:
                for _ in range(3):
                    with pytest.raises(PermissionDenied), transaction.atomic():
                        do(it, by)
                assert rows(it) == before
            transaction.set_rollback(True)
