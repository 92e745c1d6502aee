"""Where links from the API lead. The target is checked when it is set and again when the link is followed."""

import pytest
from django.test import Client

from accounts.models import Application

TARGET = "https://app.example.com/join?x=1#top"


@pytest.fixture
def made(api):
    Application.objects.current()
    Application.objects.update(redirect_origins=["https://app.example.com"])
    return api.create(redirect_url=TARGET).json()


def location(url):
    return Client().get(url)["Location"]


def test_the_link_leads_to_the_target_with_its_ticket(made):
    ticket = made["url"].partition("ticket=")[2]
    assert location(made["url"]) == (
        f"https://app.example.com/join?x=1&__clerk_ticket={ticket}&__clerk_status=sign_up#top"
    )


def test_an_origin_that_is_taken_off_the_list_gives_way_to_the_hosted_page(api, made):
    other = api.post(f"/v1/invitations/{made['id']}/link").json()
    Application.objects.update(redirect_origins=["https://www.example.com"])
    for url in (made["url"], other["url"]):
        assert location(url).startswith("http://localhost:8000/sign-up?__clerk_ticket=olt_")
    answer = api.get(f"/v1/invitations/{made['id']}").json()
    assert answer["redirect_url"] == TARGET  # as it was given; the origin may be allowed again


@pytest.mark.parametrize(
    "query",
    ["redirect_url=https://eve.example/", "next=//eve.example", "__clerk_status=complete", "url=x"],
)
def test_nothing_in_the_visited_address_changes_it(made, query):
    assert location(f"{made['url']}&{query}") == location(made["url"])


@pytest.mark.parametrize(
    "target",
    [
        "https://eve.example/",
        "https://app.example.com.eve.example/",
        "https://eve.example/https://app.example.com/",
        "https://sub.app.example.com/",
        "http://localhost:3000/",
        "https://app.example.com:8443/",
    ],
)
def test_only_an_equal_origin_is_taken_when_it_is_given(api, faults, made, target):
    refused = (422, [("form_param_value_invalid", "redirect_url")])
    assert faults(api.create("new@example.com", redirect_url=target)) == refused
    path = f"/v1/invitations/{made['id']}"
    assert faults(api.patch(path, {"redirect_url": target})) == refused


@pytest.mark.parametrize(
    "target", ["https://APP.example.com:443/join", "http://localhost:8000/sign-up"]
)
def test_the_origin_is_compared_as_browsers_read_it(api, made, target):
    answer = api.patch(f"/v1/invitations/{made['id']}", {"redirect_url": target})
    assert answer.status_code == 200
