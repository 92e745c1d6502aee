"""One form makes one key, even if it is sent many times at once to four server processes."""

from accounts.models import HeldSecret, SecretKey
from tests.conftest import Browser as Admin
from tests.factories import UserFactory
from tests.faults.conftest import ROUNDS
from tests.faults.servers import PROCESSES, Browser, server_processes

POSTS = 12
HTTP_ROUNDS = max(3, ROUNDS // 4)
COPY = 'class="copy__value"'


def make(tab, *, name):
    return lambda: tab.post("/keys/new", name=name, scope="all", expires="")


def look(tab):
    return lambda: tab.get(tab.destination)


def test_of_many_posts_of_one_form_one_makes_a_key_and_one_look_shows_it(world, gate):
    admin = Admin(UserFactory(admin=True))
    cookies = {name: morsel.value for name, morsel in admin.cookies.items()}
    with server_processes(world) as ports:
        for number in range(HTTP_ROUNDS):
            first = Browser(ports[0], cookies=cookies).look("/keys/new")
            tabs = [first.at(ports[each % PROCESSES]) for each in range(POSTS)]
            gate([make(tab, name=f"Key {number}") for tab in tabs])
            key = SecretKey.objects.get(name=f"Key {number}")
            assert {tab.destination for tab in tabs} == {f"/keys/{key.pk}/issued"}
            gate([look(tab) for tab in tabs])
            assert sum(COPY in tab.text for tab in tabs) == 1
    assert SecretKey.objects.count() == HTTP_ROUNDS
    assert not HeldSecret.objects.exists()
