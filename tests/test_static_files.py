from django.test import Client


def test_files_that_are_listed_when_the_server_starts_are_served(settings):
    """As in production. In other tests each file is looked up when it is requested."""
    settings.WHITENOISE_AUTOREFRESH = False

    answer = Client().get("/static/css/app.css")

    assert b"@layer reset" in answer.getvalue()
