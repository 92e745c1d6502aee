"""Bad values in every field of the calls for users."""

import pytest

from accounts.models import User
from invitations.models import Event
from tests.api import hostile
from tests.factories import PASSWORD, UserFactory

PATH = "/v1/users"
LONG = "form_param_max_length_exceeded"
BAD_NAME = {
    **hostile.BAD_TEXT,
    '"' + "x" * 65 + '"': LONG,
    '"' + "x" * 200_000 + '"': LONG,
    **dict.fromkeys(['"a\\u0000"', '"\\ud800"', '"a\\nb"', '"a\\u202eb"'], hostile.VALUE),
}
BAD_USERNAME = {
    **hostile.BAD_TEXT,
    '"' + "x" * 65 + '"': LONG,
    **dict.fromkeys(
        ['"ada@example.com"', '"a b"', '"ädа"', '"a\\u0000"', '"../x"', '""'], hostile.VALUE
    ),
}
BAD_EXTERNAL_ID = {
    **hostile.BAD_TEXT,
    '"' + "x" * 257 + '"': LONG,
    **dict.fromkeys(['""', '"a\\u0000"', '"\\udfff"'], hostile.VALUE),
}
BAD_TIME = {
    **hostile.BAD_TEXT,
    **dict.fromkeys(
        [
            *['""', '"2026-01-01"', '"yesterday"', '"2026-13-01T00:00:00Z"', "1790977556811"],
            *['"0000-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"', '"1969-12-31T23:59:59Z"'],
            *['"2026-01-01T00:00:00+99:99"', '"٢٠٢٦-01-01T00:00:00Z"', '"2026-01-01T00:00:00"'],
        ],
        hostile.VALUE,
    ),
}
BAD_LOCALE = {
    **hostile.BAD_TEXT,
    **dict.fromkeys(['"english please"', '"../en"', '"x"'], hostile.VALUE),
}
COMMON = {
    "first_name": BAD_NAME,
    "last_name": BAD_NAME,
    "username": BAD_USERNAME,
    "external_id": BAD_EXTERNAL_ID,
    "locale": BAD_LOCALE,
    "public_metadata": hostile.BAD_METADATA,
    "private_metadata": hostile.BAD_METADATA,
    "unsafe_metadata": hostile.BAD_METADATA,
    "created_at": BAD_TIME,
    "legal_accepted_at": BAD_TIME,
    "delete_self_enabled": hostile.BAD_BOOLEAN,
    "skip_password_checks": hostile.BAD_BOOLEAN,
    "phone_number": dict.fromkeys(
        ['"+15551234567"', '["+15551234567"]', "true", "1"], hostile.VALUE
    ),
    "totp_secret": dict.fromkeys(['"x"', "1", "true", '{"k":1}'], hostile.VALUE),
}
CREATED = {**COMMON, "banned": hostile.BAD_BOOLEAN, "locked": hostile.BAD_BOOLEAN}
CHANGED = {
    **COMMON,
    "sign_out_of_other_sessions": hostile.BAD_BOOLEAN,
    "primary_email_address_id": {
        **hostile.BAD_TEXT,
        **dict.fromkeys(['"idn_x"', '""', '"a\\u0000"', '"\\ud800"'], hostile.VALUE),
    },
}
BAD_PASSWORD = {
    **hostile.BAD_TEXT,
    '"short"': "form_password_length_too_short",
    '"' + "x" * 1025 + '"': "form_password_length_too_long",
    '"password1234"': "form_password_pwned",
    '"a\\u0000bcdefgh"': hostile.VALUE,
}
BAD_ADDRESSES = {
    **dict.fromkeys(
        ["1", "true", "{}", '"ada@example.com"', "[1]", "[[]]", '[{"k":1}]'], hostile.VALUE
    ),
    **dict.fromkeys(
        ['["jane"]', '["jane@example.com\\u200b"]', '["a@b.example","x"]'], hostile.FORMAT
    ),
    **dict.fromkeys(["null", "[]", '[""]', "[null]"], hostile.NIL),
    '["a@b.example","A@B.example"]': "form_param_duplicate",
}


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = dict.fromkeys(["requests", "user_metadata"], 1_000_000)


@pytest.fixture
def person():
    return UserFactory(email_address="ada@example.com", first_name="Ada")


@pytest.fixture
def path(person):
    return f"{PATH}/{person.pk}"


def created():
    return {"email_address": [hostile.fresh_address()], "skip_password_requirement": True}


def named():
    return {"first_name": "Ada"}


def rows():
    return list(User.objects.order_by("pk").values())


@pytest.mark.parametrize("field", CREATED)
def test_no_field_of_a_new_user_takes_what_it_must_not(api, field):
    hostile.refuses(lambda text: api.post(PATH, text), created, field=field, table=CREATED[field])
    assert User.objects.count() == len(CREATED[field])  # only the valid requests created one


@pytest.mark.parametrize(
    ("field", "table"), [("password", BAD_PASSWORD), ("email_address", BAD_ADDRESSES)]
)
def test_neither_password_nor_addresses_do(api, field, table):
    hostile.refuses(lambda text: api.post(PATH, text), created, field=field, table=table)


def test_no_new_user_comes_of_what_is_no_json(api):
    send = lambda text: api.post(PATH, text)  # noqa: E731 as the tables want it
    hostile.refuses_what_is_no_json(send, created, field="public_metadata")


@pytest.mark.parametrize("field", CHANGED)
def test_no_field_of_a_user_takes_what_it_must_not(api, path, field):
    api.patch(path, named())
    before = rows()
    hostile.refuses(lambda text: api.patch(path, text), named, field=field, table=CHANGED[field])
    assert rows() == before


@pytest.mark.parametrize("field", ["public_metadata", "private_metadata", "unsafe_metadata"])
def test_neither_merge_nor_replace_takes_what_it_must_not(api, path, field):
    before = rows()
    for method in ("PATCH", "PUT"):

        def send(text, method=method):
            headers = {"content_type": "application/json"}
            return api.generic(method, f"{path}/metadata", text, **headers)

        hostile.refuses(send, dict, field=field, table=hostile.BAD_METADATA)
    assert [each["public_metadata"] for each in rows()] == [
        each["public_metadata"] for each in before
    ]


def test_what_is_kept_with_a_user_can_be_read_back(api, path):
    for metadata in hostile.GOOD_METADATA:
        assert (
            api.patch(path, {"private_metadata": metadata}).json()["private_metadata"] == metadata
        )
        assert api.get(PATH).json()[0]["private_metadata"] == metadata


@pytest.mark.parametrize("call", ["create", "change", "metadata"])
def test_no_other_field_of_the_model_can_be_set(api, path, call):
    known = {"create": {*CREATED, "password", "email_address"}, "change": {*CHANGED, "password"}}
    known["metadata"] = {"public_metadata", "private_metadata", "unsafe_metadata"}
    before = rows()
    names = {field.name for field in User._meta.get_fields()} | {"role", "grant", "is_admin", "id"}
    for name in names - known[call]:
        said = {**(created() if call == "create" else {}), name: "operator"}
        send = api.post if call == "create" else api.patch
        answer = send({"create": PATH, "change": path, "metadata": f"{path}/metadata"}[call], said)
        assert hostile.found(answer) == (422, hostile.UNKNOWN, {"param_name": name})
    assert rows() == before


@pytest.mark.parametrize("ids", ["null", "[]", "{}", '"x"', "1", "[1]", "[null]", '[["x"]]'])
def test_many_are_banned_by_their_ids_alone(api, person, ids):
    for verb in ("ban", "unban"):
        answer = api.post(f"{PATH}/{verb}", f'{{"user_ids":{ids}}}')
        assert answer.status_code == 422
    assert User.objects.get().banned_at is None


@pytest.mark.parametrize(
    ("text", "status"),
    [('"user_x"', 404), ('""', 404), ('"%"', 404), ('"a\\u0000"', 422), ('"\\ud800"', 422)],
)
def test_where_one_id_is_unknown_nobody_is_banned(api, person, text, status):
    answer = api.post(f"{PATH}/ban", f'{{"user_ids":["{person.pk}",{text}]}}')
    assert answer.status_code == status
    assert User.objects.get().banned_at is None


def test_51_are_too_many(api, person):
    answer = api.post(f"{PATH}/ban", {"user_ids": [person.pk] * 51})
    assert hostile.found(answer)[:2] == (400, "bulk_size_exceeded")
    assert User.objects.get().banned_at is None


@pytest.mark.parametrize("verb", ["ban", "unban", "lock", "unlock"])
def test_what_takes_no_parameters_takes_none(api, path, verb):
    before = rows()
    answer = api.post(f"{path}/{verb}", {"user_ids": [], "force": True})
    assert (answer.status_code, rows()) == (422, before)


def test_operators_are_out_of_reach_however_often_it_is_tried(api):
    """A secret key does not have an admin's rights."""
    boss = UserFactory(admin=True)
    hers = f"{PATH}/{boss.pk}"
    before, happened = rows(), Event.objects.count()
    for _ in range(3):
        answers = [api.post(f"{hers}/{verb}") for verb in ("ban", "lock", "unban", "unlock")]
        answers += [api.delete(hers), api.patch(hers, {"password": PASSWORD + "!"})]
        answers += [api.post(f"{PATH}/ban", {"user_ids": [boss.pk]})]
        assert {hostile.found(each)[:2] for each in answers} == {(403, "authorization_invalid")}
    assert (rows(), Event.objects.count()) == (before, happened)


IDS = [
    "user_",
    "user_x",
    "inv_" + "x" * 27,
    "%00",
    "user_" + "é" * 27,
    "null",
    "user_" + "x" * 5000,
]


def test_an_id_that_is_none_is_404(api, path):
    for text in IDS:
        wrong = f"{PATH}/{text}"
        calls = [api.get(wrong), api.patch(wrong, {"first_name": "x"}), api.delete(wrong)]
        calls += [api.patch(f"{wrong}/metadata", {"public_metadata": {}}), api.post(f"{wrong}/ban")]
        assert {each.status_code for each in calls} == {404}, text
    assert api.get(path).status_code == 200
