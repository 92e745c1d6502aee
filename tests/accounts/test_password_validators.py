"""Password validators that an installation adds to the settings give a readable error everywhere."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories import UserFactory

NUMERIC = "django.contrib.auth.password_validation.NumericPasswordValidator"
DIGITS = "83920174650183"

pytestmark = pytest.mark.django_db


class Nameless:
    """A validator whose error has no code, and whose text looks like a format string."""

    def validate(self, password, user=None):
        raise ValidationError("Use {no} %(such) word.")


@pytest.fixture(params=[NUMERIC, f"{__name__}.Nameless"])
def added(settings, request):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": request.param}]
    return "entirely numeric" if request.param == NUMERIC else "Use {no} %(such) word."


def refusal(answer):
    assert answer.status_code == 422, answer.content
    [error] = answer.json()["errors"]
    assert error["code"] == "form_password_not_strong_enough"
    return error["long_message"]


def test_the_backend_api_words_them(api, added):
    said = {"email_address": ["ada@example.com"], "password": DIGITS}
    assert added in refusal(api.post("/v1/users", said, "application/json"))
    user = UserFactory()
    changed = api.patch(f"/v1/users/{user.pk}", {"password": DIGITS}, "application/json")
    assert added in refusal(changed)


def test_the_frontend_api_words_them(client, added):
    said = {"email_address": "ada@example.com", "password": DIGITS}
    assert added in refusal(
        client.post("/__clerk/v1/client/sign_ups", said, content_type="application/json")
    )


def test_the_page_words_them(client, added):
    page = client.post("/sign-up", {"email_address": "ada@example.com", "password": DIGITS})
    assert added in page.content.decode()
