from django.urls import reverse


def test_signing_out_ends_the_session(member):
    answer = member.post("/sign-out")
    assert answer["Location"] == reverse("account_login")
    assert member.get("/account")["Location"].startswith("/sign-in")


def test_looking_at_the_page_ends_nothing(member):
    assert "Sign out?" in member.get("/sign-out").content.decode()
    assert member.get("/account").status_code == 200


def test_a_stranger_is_out_already(stranger, member):
    assert stranger.get("/sign-out")["Location"] == reverse("account_login")
    assert stranger.post("/sign-out")["Location"] == reverse("account_login")


def test_it_leads_to_no_other_site(member):
    assert member.post("/sign-out", {"next": "https://evil.example/"})["Location"] == reverse(
        "account_login"
    )
