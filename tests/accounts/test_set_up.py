import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Application, SetUpClosed, User
from config import limits
from tests.factories import UserFactory

PASSWORD = "correct horse battery"


@pytest.fixture
def code(db):
    return Application.objects.new_set_up_code()


def filled(code, **changes):
    return {
        "code": code,
        "name": "Acme",
        "email_address": "Grace@Example.com",
        "password": PASSWORD,
    } | changes


def prepared():
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


def test_the_printed_address_makes_the_first_admin(db, client):
    address = re.search(r"http\S+", prepared())[0]
    page = client.get(address, follow=True)
    assert page.redirect_chain == [("/setup", 302)]
    form = page.context["form"]
    answer = client.post("/setup", filled(form["code"].value()))
    assert answer["Location"] == reverse("invitations")
    admin = User.objects.get()
    assert admin.is_superuser
    assert admin.is_staff
    assert admin.email_address == "grace@example.com"
    assert admin.check_password(PASSWORD)
    assert Application.objects.current().name == "Acme"
    assert client.session["_auth_user_id"] == admin.pk


def test_the_code_leaves_the_address_bar(code, client):
    answer = client.get(f"/setup?code={code}")
    assert answer["Location"] == "/setup"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert f'type="hidden" name="code" value="{code}"' in client.get("/setup").content.decode()


def test_without_the_code_it_must_be_typed(code, client):
    assert 'type="text" name="code"' in client.get("/setup").content.decode()


def test_only_a_hash_of_the_code_is_kept(code):
    assert code not in Application.objects.current().set_up_hash


@pytest.mark.parametrize("wrong", ["osu_wrong", " ", "\u0000", "x" * 200])
def test_a_wrong_code_makes_nobody(code, client, wrong):
    answer = client.post("/setup", filled(wrong))
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_an_empty_hash_is_no_code(db, client):
    client.post("/setup", filled(""))
    with pytest.raises(SetUpClosed):
        Application.objects.set_up(**filled(""))


def test_a_newer_code_ends_the_one_before(code, client):
    Application.objects.new_set_up_code()
    answer = client.post("/setup", filled(code))
    assert "does not work any more" in answer.content.decode()
    assert 'type="text" name="code"' in answer.content.decode()


def test_a_code_works_once(code):
    Application.objects.set_up(**filled(code))
    with pytest.raises(SetUpClosed):
        Application.objects.set_up(**filled(code, email_address="second@example.com"))
    assert User.objects.count() == 1


def test_of_two_at_once_one_wins(code, monkeypatch):
    def meanwhile(password):
        monkeypatch.undo()
        Application.objects.set_up(**filled(code, email_address="first@example.com"))
        return "hash"

    monkeypatch.setattr("accounts.models.application.make_password", meanwhile)
    with pytest.raises(SetUpClosed):
        Application.objects.set_up(**filled(code, email_address="second@example.com"))
    assert [user.email_address for user in User.objects.all()] == ["first@example.com"]


def test_with_an_admin_there_is_no_set_up(code, client):
    UserFactory(admin=True)
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", filled(code)).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "short"},
        {"password": "grace@example.com"},
        {"email_address": "grace"},
        {"name": ""},
    ],
)
def test_a_refused_form_does_not_spend_the_code(code, client, changes):
    assert client.post("/setup", filled(code, **changes)).context["form"].errors
    assert client.post("/setup", filled(code)).status_code == 302


@pytest.mark.parametrize(
    "name", ["evil.example", "Visit https://evil", "a\nb", "\u202eAcme", "me@evil.example"]
)
def test_the_application_is_not_called_like_a_link(code, client, name):
    assert "name" in client.post("/setup", filled(code, name=name)).context["form"].errors


def test_codes_are_not_tried_without_end(code, client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "set_up", limits.Limit(2, 3600))
    for _ in range(2):
        client.post("/setup", filled("osu_guess"))
    answer = client.post("/setup", filled(code))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not User.objects.exists()


def test_prepare_runs_again_and_again(code, client):
    first, second = prepared(), prepared()
    assert first != second
    Application.objects.set_up(**filled(re.search(r"osu_[\w-]+", second)[0]))
    assert "osu_" not in prepared()
    assert "http://localhost:8000/" in prepared()


def test_until_then_the_front_door_leads_to_set_up(db, client):
    assert client.get("/")["Location"] == reverse("set_up")


def test_afterwards_everybody_goes_where_they_belong(admin, operator, member, stranger):
    assert admin.get("/")["Location"] == operator.get("/")["Location"] == reverse("invitations")
    assert member.get("/")["Location"] == reverse("account")
    assert stranger.get("/")["Location"] == reverse("account_login")


def test_a_head_request_is_answered(code, client):
    assert client.head("/setup").status_code == 200
    assert client.head("/").status_code == 302


def test_an_address_that_signed_up_before_is_refused_in_words(code, client):
    UserFactory(email_address="grace@example.com")
    page = client.post("/setup", filled(code))
    assert page.status_code == 200
    assert "has an account already" in page.content.decode()
    client.post("/setup", filled(code, email_address="other@example.com"))
    assert User.objects.get(is_superuser=True).email_address == "other@example.com"
