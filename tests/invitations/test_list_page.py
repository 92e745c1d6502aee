import pytest

from config import paging
from invitations.models import Invitation
from tests.factories import InvitationFactory, MessageFactory, UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def test_the_list_tells_address_status_mail_and_inviter(operator):
    MessageFactory(sent=True, invitation__email_address="ada@example.com")
    page = text(operator.get("/invitations"))
    for word in ("ada@example.com", "by Grace Hopper", "Pending", "Taken by the mail server"):
        assert word in page


def test_an_empty_list_invites_to_invite(operator):
    assert "Nobody is invited yet" in text(operator.get("/invitations"))


def test_an_operator_without_a_name_is_shown_by_address(operator):
    InvitationFactory(inviter_name="", inviter_id=operator.user.id)
    assert "by olga@example.com" in text(operator.get("/invitations"))


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({}, "Waiting to send"),
        ({"held": True}, "Held until"),
        ({"state": "sending"}, "Being sent"),
        ({"failed": True}, "Not sent: no such mailbox"),
        ({"state": "cancelled"}, "Cancelled before it left"),
    ],
)
def test_the_mail_is_said_in_plain_words(operator, traits, words):
    MessageFactory(**traits)
    assert words in text(operator.get("/invitations"))


def test_an_invitation_without_mail_says_so(operator):
    InvitationFactory(notify=False)
    assert "Not requested" in text(operator.get("/invitations"))


def test_one_status_is_shown_alone_with_its_count(operator):
    for traits in ({}, {"expired": True}, {"accepted": True}, {"revoked": True}, {"revoked": True}):
        InvitationFactory(**traits)
    response = operator.get("/invitations?status=revoked")
    assert {row.status for row in response.context["page"].rows} == {"revoked"}
    counts = {status: count for status, _label, count in response.context["filters"]}
    assert counts == {"pending": "1", "accepted": "1", "expired": "1", "revoked": "2"}


def test_counts_stop(operator, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 3)
    InvitationFactory.create_batch(3)
    assert paging.capped_count(Invitation.objects.pending()) == "3"
    InvitationFactory()
    assert paging.capped_count(Invitation.objects.pending()) == "3+"


def test_a_thousand_is_written_for_people(operator, monkeypatch):
    monkeypatch.setattr(paging.QuerySet, "count", lambda _rows: 1001)
    assert paging.capped_count(Invitation.objects.pending()) == "1,000+"


def test_search_is_by_the_beginning_of_the_address(operator):
    for address in ("ada@example.com", "adam@example.com", "grada@example.com"):
        InvitationFactory(email_address=address)
    found = operator.get("/invitations?q=ADA").context["page"].rows
    assert [row.email_address for row in found] == ["adam@example.com", "ada@example.com"]


def test_a_search_without_result_says_why(operator):
    InvitationFactory()
    assert "No address begins like that" in text(operator.get("/invitations?q=%25"))


@pytest.mark.parametrize(
    "query",
    [
        "status=waiting",
        "before=%00",
        "after=zzz",
        "q=%00",
        "q=%ff",
        "status=",
        "before=inv_",
        "q=" + "a" * 999,
    ],
)
def test_what_the_address_bar_says_wrongly_counts_as_not_said(operator, query):
    InvitationFactory()
    assert operator.get(f"/invitations?{query}").status_code == 200


def test_pages_go_down_and_up_again(operator, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 2)
    newest_first = [InvitationFactory().id for _ in range(5)][::-1]

    def shown(query):
        return operator.get(f"/invitations{query}").context["page"]

    first = shown("")
    second = shown(f"?before={first.older}")
    third = shown(f"?before={second.older}")
    assert [row.id for page in (first, second, third) for row in page.rows] == newest_first
    assert (first.newer, third.older) == ("", "")
    assert [row.id for row in shown(f"?after={third.newer}").rows] == newest_first[2:4]
    assert [row.id for row in shown(f"?after={second.newer}").rows] == newest_first[:2]


def test_too_few_newer_ones_show_the_newest_page(operator, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 2)
    oldest, middle, newest = (InvitationFactory().id for _ in range(3))
    page = operator.get(f"/invitations?after={middle}").context["page"]
    assert [row.id for row in page.rows] == [newest, middle]
    assert page.older == middle
    assert oldest > ""


def test_pages_keep_filter_and_search(operator, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 1)
    MessageFactory.create_batch(2)
    page = text(operator.get("/invitations?status=pending&q=inv"))
    assert "?status=pending&amp;q=inv&amp;before=inv_" in page


def test_many_rows_cost_as_many_queries_as_one(
    operator, django_assert_num_queries, django_assert_max_num_queries
):
    MessageFactory()
    operator.get("/invitations")  # values that are read once and cached
    with django_assert_max_num_queries(20) as few:
        operator.get("/invitations")
    MessageFactory.create_batch(20, sent=True)
    InvitationFactory.create_batch(20, expired=True, inviter_id=UserFactory().id, inviter_name="")
    with django_assert_num_queries(len(few)):
        operator.get("/invitations")


def test_hostile_names_stay_text(operator):
    InvitationFactory(inviter_name="<script>alert(1)</script>")
    assert "<script>alert" not in text(operator.get("/invitations"))


def test_who_may_not_invite_is_not_asked_to(operator):
    operator.user.user_permissions.clear()
    InvitationFactory()
    page = text(operator.get("/invitations"))
    assert "Invite user" not in page
    assert "/revoke" not in page
