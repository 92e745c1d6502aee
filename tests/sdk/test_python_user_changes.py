"""The Python SDK and changes of users: fields, metadata, bans, locks."""

import pytest


@pytest.fixture
def user(clerk, address):
    return clerk.users.create(
        email_address=[address()],
        skip_password_requirement=True,
        first_name="Ada",
        public_metadata={"a": {"b": 1, "c": 2}, "kept": True},
        private_metadata={"secret": 1},
    )


@pytest.fixture
def update(clerk, user):
    return lambda **fields: clerk.users.update(user_id=user.id, **fields)


# --- Change -----------------------------------------------------------------------------------------


def test_a_change_changes_what_is_given(update, user):
    changed = update(last_name="Lovelace")
    assert (changed.id, changed.first_name, changed.last_name) == (user.id, "Ada", "Lovelace")
    assert changed.updated_at >= user.updated_at


def test_a_change_sends_a_default_nobody_asked_for(clerk, update):
    update(first_name="Grace")
    assert clerk.sent[-1].body == {
        "first_name": "Grace",
        "notify_primary_email_address_changed": False,
    }


@pytest.mark.parametrize("name", ["first_name", "last_name", "username", "external_id", "locale"])
def test_null_clears_a_name(clerk, update, user, name):
    value = "de-DE" if name == "locale" else f"python{user.id[-8:].lower()}"
    assert getattr(update(**{name: value}), name) == value
    assert getattr(update(**{name: None}), name) is None
    assert clerk.sent[-1].body[name] is None


def test_a_password_is_set(update, user):
    assert user.password_enabled is False
    assert update(password="seven wet penguins").password_enabled is True


def test_self_deletion_is_allowed(update):
    assert update(delete_self_enabled=True).delete_self_enabled is True


def test_an_acceptance_of_terms_is_noted(update):
    assert update(legal_accepted_at="2026-01-02T03:04:05Z").legal_accepted_at == 1767323045000


def test_keys_of_features_that_ollio_lacks_pass_when_they_are_off(update):
    changed = update(
        totp_secret="",
        backup_codes=[],
        create_organization_enabled=False,
        create_organizations_limit=0,
        skip_legal_checks=True,
        bypass_client_trust=False,
    )
    assert changed.create_organization_enabled is False


# --- Metadata ---------------------------------------------------------------------------------------


def test_a_merge_goes_deep_and_null_deletes(clerk, user):
    merged = clerk.users.update_metadata(
        user_id=user.id, public_metadata={"a": {"b": None, "e": 3}}
    )
    assert merged.public_metadata == {"a": {"c": 2, "e": 3}, "kept": True}
    assert merged.private_metadata == {"secret": 1}


def test_a_merge_keeps_nulls_on_the_way(clerk, user):
    clerk.users.update_metadata(user_id=user.id, public_metadata={"kept": None})
    sent = clerk.sent[-1]
    assert (sent.method, sent.target) == ("PATCH", f"/v1/users/{user.id}/metadata")
    assert sent.body == {"public_metadata": {"kept": None}}


def test_a_replacement_replaces_the_field_and_no_other(clerk, user):
    replaced = clerk.users.replace_metadata(user_id=user.id, public_metadata={"camelCase": [1]})
    assert replaced.public_metadata == {"camelCase": [1]}
    assert replaced.private_metadata == {"secret": 1}
    assert clerk.sent[-1].method == "PUT"


def test_all_three_fields_are_merged_at_once(clerk, user):
    merged = clerk.users.update_metadata(
        user_id=user.id,
        public_metadata={"x": 1},
        private_metadata={"y": 2},
        unsafe_metadata={"z": 3},
    )
    assert merged.public_metadata["x"] == 1
    assert merged.private_metadata == {"secret": 1, "y": 2}
    assert merged.unsafe_metadata == {"z": 3}


# --- Ban and lock -----------------------------------------------------------------------------------


def test_a_ban_has_no_body(clerk, user):
    assert clerk.users.ban(user_id=user.id).banned is True
    sent = clerk.sent[-1]
    assert (sent.method, sent.target, sent.body) == ("POST", f"/v1/users/{user.id}/ban", None)


def test_a_ban_is_ended(clerk, user):
    clerk.users.ban(user_id=user.id)
    assert clerk.users.unban(user_id=user.id).banned is False


def test_a_lock_is_ended(clerk, user):
    locked = clerk.users.lock(user_id=user.id)
    assert locked.locked is True
    assert type(locked.lockout_expires_in_seconds) in {int, type(None)}
    unlocked = clerk.users.unlock(user_id=user.id)
    assert (unlocked.locked, unlocked.lockout_expires_in_seconds) == (False, None)


@pytest.mark.parametrize("verb", ["ban", "unban", "lock", "unlock"])
def test_ban_and_lock_may_be_repeated(clerk, user, verb):
    first = getattr(clerk.users, verb)(user_id=user.id)
    second = getattr(clerk.users, verb)(user_id=user.id)
    assert (first.banned, first.locked) == (second.banned, second.locked)


def test_many_are_banned_and_freed_at_once(clerk, user, address):
    other = clerk.users.create(email_address=[address()], skip_password_requirement=True)
    ids = [user.id, other.id]
    assert [(u.id, u.banned) for u in clerk.users.bulk_ban(user_ids=ids)] == [
        (each, True) for each in ids
    ]
    assert [u.banned for u in clerk.users.bulk_unban(user_ids=ids)] == [False, False]
    assert clerk.sent[-1].body == {"user_ids": ids}
