"""What people type: ordinary text, and an attacker's text."""

import json
from typing import NamedTuple

from accounts.models import Application
from tests.factories import UserFactory


class Words(NamedTuple):
    application: str
    first_name: str
    last_name: str
    key: str
    metadata: dict
    redirect_url: str
    user_agent: str | None
    tag: str  # part of every address

    def address(self, who):
        return f"{who}{self.tag}@example.com"

    def name_application(self, **fields):
        Application.objects.current()
        Application.objects.update(
            name=self.application, support_address=self.address("help"), **fields
        )

    def user(self, who, **fields):
        names = {"first_name": self.first_name, "last_name": self.last_name}
        return UserFactory(email_address=self.address(who), **{**names, **fields})


PLAIN = Words(
    application="Acme",
    first_name="Grace",
    last_name="Hopper",
    key="Web shop",
    metadata={"role": "editor", "team": {"id": 42, "name": "Analytical Engines"}},
    redirect_url="https://app.example.com/welcome?from=invitation",
    user_agent=None,
    tag="",
)
HOSTILE = Words(
    application="</script><svg onload=alert(2)>{{777*777}}",
    first_name="<img src=x onerror=alert(1)>",
    last_name="'\"><script>alert(3)</script>${777*777}",
    key="</title><iframe srcdoc=evil>{{777*777}}",
    metadata={
        "</script><svg onload=alert(2)>": "{{777*777}}{% 777*777 %}",
        "x": ["<!--", "javascript:alert(4)"],
    },
    redirect_url='https://evil.example/"><svg onload=alert(6)>',
    user_agent="<svg onload=alert(5)>",
    tag="'&{{777*777}}",
)


def metadata_text(words):
    """Return the metadata as pages show it."""
    return json.dumps(words.metadata, indent=2, ensure_ascii=False)
