from config import paging
from tests.factories import InvitationFactory, UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def test_the_list_tells_who_came_how(operator):
    UserFactory(email_address="ada@example.com", first_name="Ada", last_name="Lovelace")
    page = text(operator.get("/users"))
    for word in ("ada@example.com", "Ada Lovelace", "Own sign-up", "Joined", "Last sign-in"):
        assert word in page


def test_search_is_by_the_beginning_of_the_address(operator):
    for address in ("ada@example.com", "adam@example.com", "grada@example.com"):
        UserFactory(email_address=address)
    found = operator.get("/users?q=ada").context["page"].rows
    assert [row.email_address for row in found] == ["adam@example.com", "ada@example.com"]
    assert "No address begins like that" in text(operator.get("/users?q=zzz"))
    assert operator.get("/users?q=%00&before=%00").status_code == 200


def test_pages_go_on_from_the_last_user(operator, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 1)
    newest = UserFactory()
    page = operator.get("/users").context["page"]
    assert [row.id for row in page.rows] == [newest.id]
    assert [row.id for row in operator.get(f"/users?before={page.older}").context["page"].rows] == [
        operator.user.id
    ]


def test_many_users_cost_as_many_queries_as_one(
    operator, django_assert_num_queries, django_assert_max_num_queries
):
    operator.get("/users")
    with django_assert_max_num_queries(16) as few:
        operator.get("/users")
    UserFactory.create_batch(10)
    with django_assert_num_queries(len(few)):
        operator.get("/users")


def test_a_user_shows_metadata_and_the_invitation_that_brought_them(operator):
    invitation = InvitationFactory(accepted=True)
    user = UserFactory(
        grant="invitation",
        signup_invitation=invitation,
        public_metadata={"role": "editor"},
        private_metadata={"note": "pays late"},
        unsafe_metadata={"theme": "dark"},
    )
    page = text(operator.get(f"/users/{user.id}"))
    for fact in (
        "&quot;role&quot;: &quot;editor&quot;",
        f"/invitations/{invitation.id}",
        "by Grace Hopper",
        "Private metadata",
        "pays late",
        "Unsafe metadata",
        "&quot;theme&quot;: &quot;dark&quot;",
        user.id,
    ):
        assert fact in page


def test_hostile_names_stay_text(operator):
    user = UserFactory(first_name="<script>alert(1)</script>")
    for path in ("/users", f"/users/{user.id}"):
        assert "<script>alert" not in text(operator.get(path))


def test_an_unknown_user_is_no_page(operator, member):
    assert operator.get("/users/user_000000000000000000000000000").status_code == 404
    assert member.get(f"/users/{member.user.id}").status_code == 404
