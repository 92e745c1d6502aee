"""`PATCH` and `PUT /v1/users/{id}/metadata`."""

import pytest

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(
        public_metadata={"a": {"b": 1, "c": 2}}, private_metadata={"p": 1}, unsafe_metadata={"u": 1}
    )


@pytest.fixture
def path(ada):
    return f"/v1/users/{ada.pk}/metadata"


def test_a_patch_merges_deeply(api, path):
    answer = api.patch(path, {"public_metadata": {"a": {"b": None, "e": 3}}})
    assert answer.status_code == 200
    user = answer.json()
    assert user["public_metadata"] == {"a": {"c": 2, "e": 3}}
    assert (user["private_metadata"], user["unsafe_metadata"]) == ({"p": 1}, {"u": 1})


@pytest.mark.parametrize(
    ("base", "patch", "result"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": None}, {}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 2}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": [1, {"b": 1}]}, {"a": [{"b": None}]}, {"a": [{"b": None}]}),
        ({}, {"a": {"b": {"c": None, "d": 1}}}, {"a": {"b": {"d": 1}}}),
        ({"a": 1}, {"a": True}, {"a": True}),
        ({"a": 1, "A": 2}, {"A": None}, {"a": 1}),
    ],
)
def test_what_merging_means(api, path, ada, base, patch, result):
    User.objects.update(public_metadata=base)
    merged = api.patch(path, {"public_metadata": patch}).json()["public_metadata"]
    assert repr(merged) == repr(result)


def test_a_put_replaces_each_that_is_given(api, path):
    user = api.put(path, {"public_metadata": {"n": None}, "unsafe_metadata": {}}).json()
    assert user["public_metadata"] == {"n": None}
    assert user["unsafe_metadata"] == {}
    assert user["private_metadata"] == {"p": 1}


@pytest.mark.parametrize("method", ["patch", "put"])
def test_null_and_nothing_leave_all_as_it_is(api, path, ada, method):
    for body in (b"", {}, {"public_metadata": None, "private_metadata": None}):
        assert getattr(api, method)(path, body).status_code == 200
    before, ada = ada, User.objects.get()
    assert ada.public_metadata == before.public_metadata


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([], "form_param_value_invalid"),
        ("x", "form_param_value_invalid"),
        (5, "form_param_value_invalid"),
        ({"x": "y" * 9000}, "form_param_exceeds_allowed_size"),
        ({"nul\0": 1}, "form_param_value_invalid"),
        ({"n": 2**53}, "form_param_value_invalid"),
        ({str(n): n for n in range(101)}, "form_param_value_invalid"),
    ],
)
@pytest.mark.parametrize("method", ["patch", "put"])
def test_what_cannot_be_kept_is_refused_and_changes_nothing(api, path, faults, method, value, code):
    answer = getattr(api, method)(path, {"private_metadata": {"new": 1}, "public_metadata": value})
    assert faults(answer) == (422, [(code, "public_metadata")])
    assert User.objects.get().private_metadata == {"p": 1}


def test_the_limits_hold_for_the_result(api, path, faults):
    big = "x" * 5000
    assert api.patch(path, {"public_metadata": {"big": big}}).status_code == 200
    answer = api.patch(path, {"public_metadata": {"other": big}})
    assert faults(answer) == (422, [("form_param_exceeds_allowed_size", "public_metadata")])
    replaced = api.patch(path, {"public_metadata": {"big": None, "other": big}})
    assert replaced.json()["public_metadata"].keys() == {"a", "other"}


def test_a_long_patch_may_shorten(api, path):
    User.objects.update(public_metadata={str(n): 1 for n in range(100)})
    patch = {"public_metadata": {str(n): None for n in range(200)}}
    assert api.patch(path, patch).json()["public_metadata"] == {}


@pytest.mark.parametrize("method", ["patch", "put"])
def test_other_fields_are_unknown(api, path, faults, method):
    answer = getattr(api, method)(path, {"metadata": {}, "first_name": "Eve"})
    wanted = [("form_param_unknown", "first_name"), ("form_param_unknown", "metadata")]
    assert (answer.status_code, sorted(faults(answer)[1])) == (422, wanted)


def test_public_metadata_gives_no_right(api, path, ada, client):
    api.put(path, {"public_metadata": {"is_superuser": True, "is_staff": True, "role": "admin"}})
    client.force_login(User.objects.get())
    for page in ("/users", "/settings", "/invitations"):
        assert client.get(page).status_code == 404


@pytest.mark.usefixtures("still_windows")
def test_ten_changes_in_ten_seconds_are_enough(api, path, ada):
    other = f"/v1/users/{UserFactory().pk}/metadata"
    answers = [api.patch(path, {"public_metadata": {"n": n}}) for n in range(25)]
    assert 429 in {answer.status_code for answer in answers}
    assert int(answers[-1]["Retry-After"]) >= 1
    assert api.patch(other).status_code == 200
