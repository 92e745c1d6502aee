"""A posted form waits for a proof of identity, and its user gives up. A later visit to the page, with a proof, does not
submit the old form.
"""

import pytest

from accounts.models import SecretKey
from tests.accounts.test_keys_page import said
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory


def look(admin, page):
    """Open the page, and prove one's identity for this visit only."""
    return admin.post(admin.get(page)["Location"], {"password": PASSWORD})


@pytest.mark.parametrize("verb", ["delete", "ban", "lock"])
def test_a_look_at_the_question_is_no_answer(admin, later, verb):
    person = UserFactory(operator=True)
    page = f"/users/{person.pk}/{verb}"
    admin.post(page)
    assert look(admin, page)["Location"] == page
    person.refresh_from_db()
    assert (person.banned_at, person.locked_at) == (None, None)


def test_a_look_at_the_question_signs_nobody_out(admin, later):
    person = UserFactory(operator=True)
    browser = Browser(person)
    page = f"/users/{person.pk}/sign-out"
    admin.post(page)
    look(admin, page)
    assert browser.get("/users").status_code == 200


def test_a_look_at_the_form_makes_no_key(admin, later):
    admin.post("/keys/new", said())
    look(admin, "/keys/new")
    assert not SecretKey.objects.exists()


def test_a_look_by_htmx_gives_the_form_up_as_well(admin, later):
    admin.post("/keys/new", said())
    asked = admin.htmx("get", "/keys/new")["HX-Redirect"]
    admin.post(asked, {"password": PASSWORD})
    assert not SecretKey.objects.exists()


def test_what_is_posted_last_is_done(admin, later):
    asked = admin.post("/keys/new", said())
    admin.post(asked["Location"], {"password": PASSWORD})
    assert SecretKey.objects.exists()
