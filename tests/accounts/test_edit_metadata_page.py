import json

import pytest

from accounts.models import User
from tests.factories import UserFactory

KINDS = ["public_metadata", "private_metadata", "unsafe_metadata"]


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def ada(db):
    return UserFactory(first_name="Ada", public_metadata={"role": "editor"})


@pytest.fixture
def path(ada):
    return f"/users/{ada.id}/metadata"


def stored(ada):
    return [User.objects.values_list(kind, flat=True).get(pk=ada.pk) for kind in KINDS]


def filled(browser, path, **typed):
    """Return the form as the page shows it, with the given fields typed over."""
    form = browser.get(path).context["form"]
    return {kind: form[kind].value() for kind in KINDS} | {"shown": form.fingerprint} | typed


def test_an_operator_replaces_metadata_as_typed(operator, ada, path):
    typed = {"public_metadata": '{"role": "é"}', "private_metadata": '{"a": [1, null]}'}
    answer = operator.post(path, filled(operator, path, **typed), follow=True)
    assert "The metadata of Ada is saved" in text(answer)
    assert stored(ada) == [{"role": "é"}, {"a": [1, None]}, {}]


def test_htmx_gets_a_dialog_and_others_a_page(operator, path):
    dialog, page = operator.htmx("get", path).text.strip(), operator.get(path).text
    assert dialog.startswith("<dialog")
    assert "<dialog" not in page
    for answer in (dialog, page):
        assert "&quot;role&quot;: &quot;editor&quot;" in answer


def test_nothing_typed_is_an_empty_object(operator, ada, path):
    operator.post(path, filled(operator, path, public_metadata=" "))
    assert stored(ada) == [{}, {}, {}]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ('{"role": ', "well-formed JSON"),
        ("null", "JSON object"),
        ("[1]", "JSON object"),
        ('{"a": 1, "a": 2}', "every key of a JSON object once"),
        ('{"a": NaN}', "no such number"),
        ('{"a": "\\u0000"}', "U+0000"),
        (json.dumps({"a": "x" * 9000}), "8 KiB"),
        ("[" * 5000, "levels deep"),
    ],
)
def test_what_is_no_metadata_is_refused_in_its_place(operator, ada, path, typed, refusal):
    fields = filled(operator, path, unsafe_metadata=typed, private_metadata='{"kept": true}')
    answer = operator.post(path, fields)
    form = answer.context["form"]
    assert list(form.errors) == ["unsafe_metadata"]
    assert refusal in form.errors["unsafe_metadata"][0]
    assert (form["unsafe_metadata"].value(), form["private_metadata"].value()) == (
        typed,
        '{"kept": true}',
    )
    assert stored(ada) == [{"role": "editor"}, {}, {}]


def test_who_is_overtaken_is_shown_what_is_stored_now(operator, ada, path):
    mine = filled(operator, path, public_metadata='{"role": "mine"}')
    theirs = filled(operator, path, public_metadata='{"role": "theirs"}')
    operator.post(path, theirs)
    answer = operator.post(path, mine)
    page = text(answer)
    assert "The metadata was changed meanwhile" in page
    assert "Public metadata as stored now" in page
    assert "Private metadata as stored now" not in page
    assert "&quot;theirs&quot;" in page
    assert "&quot;mine&quot;" in page
    assert stored(ada)[0] == {"role": "theirs"}
    operator.post(path, mine | {"shown": answer.context["form"].fingerprint})
    assert stored(ada)[0] == {"role": "mine"}


def test_a_form_that_never_showed_anything_replaces_nothing(operator, ada, path):
    fields = filled(operator, path, public_metadata="{}")
    del fields["shown"]
    assert "The metadata was changed meanwhile" in text(operator.post(path, fields))
    assert stored(ada)[0] == {"role": "editor"}


def test_asking_changes_nothing(operator, ada, path):
    before = list(User.objects.values())
    operator.get(path)
    operator.htmx("get", path)
    assert list(User.objects.values()) == before


def test_who_may_not_manage_users_may_not_edit(operator, ada, path):
    fields = filled(operator, path, public_metadata="{}")
    operator.user.user_permissions.clear()
    assert operator.get(path).status_code == operator.post(path, fields).status_code == 403
    assert "/metadata" not in operator.get(f"/users/{ada.id}").text
    assert stored(ada)[0] == {"role": "editor"}


def test_operators_have_metadata_too(operator, admin):
    path = f"/users/{admin.user.id}/metadata"
    operator.post(path, filled(operator, path, public_metadata='{"a": 1}'))
    assert stored(admin.user)[0] == {"a": 1}


def test_an_unknown_user_is_no_page(operator):
    for method in (operator.get, operator.post):
        assert method("/users/user_000000000000000000000000000/metadata").status_code == 404
