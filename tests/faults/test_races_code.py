"""A sign-up by code against a sign-up by ticket for the same address: one succeeds, and there is no deadlock."""

import re
from collections import Counter
from functools import partial

from django.test import RequestFactory

from accounts.addresses import normalise_email
from accounts.models import CodeRefused, SignUp, User
from accounts.sign_up import AccountExists, begin, finish, send_code, sign_up_with_ticket
from config.crypto import unseal
from invitations.models import Invitation, InvitationClosed, Message, Ticket
from tests.faults.conftest import ROUNDS
from tests.faults.race import UNLIMITED, HeadStart, tell
from tests.frontend_api.signing_up import CODES

TOLD = (CodeRefused, InvitationClosed, AccountExists)


def begun(email_address):
    """Start a sign-up that waits for its code; return it and the code."""
    sign_up = begin(address=normalise_email(email_address), password="seven wet penguins")
    send_code(sign_up, request=RequestFactory().post("/"))
    mail = unseal(Message.objects.exclude(sealed_body="").latest("id").sealed_body)
    return SignUp.objects.get(pk=sign_up.pk), re.search(r"\b\d{6}\b", mail)[0]


def test_a_code_and_a_ticket_of_one_address_let_one_in(invite, gate, audit, settings, request):
    settings.LIMITS, winners, start = UNLIMITED, Counter(), HeadStart()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for number in range(ROUNDS):
        address = f"ada{number}@example.com"
        sign_up, code = begun(address)
        invitation = invite(address, channel="api")
        ticket = Ticket.objects.find(invitation.raw_ticket)
        by_ticket = partial(sign_up_with_ticket, ticket, password="eight wet penguins")
        by_code = partial(finish, sign_up, code=code)
        results = gate([start.first(by_ticket), start.second(by_code)])
        user = User.objects.get(email_key=address)
        assert sorted(isinstance(result, User) for result in results) == [False, True], results
        assert any(isinstance(result, TOLD) for result in results), results
        by_invitation = user.signup_invitation_id == invitation.pk
        status = Invitation.objects.get(pk=invitation.pk).status
        assert status == ("accepted" if by_invitation else "pending")
        start.after_win(by_first=by_invitation)
        winners["ticket" if by_invitation else "code"] += 1
    assert len(winners) == 2, winners
    audit()
    tell(request, f"code against ticket: {ROUNDS} rounds, won by {dict(winners)}")


def test_two_codes_of_one_address_let_one_in(gate, world, audit, settings, request):
    settings.LIMITS = {**UNLIMITED, **dict.fromkeys(CODES, 10**9)}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for number in range(ROUNDS):
        first, second = begun(f"ada{number}@example.com"), begun(f"ada{number}@example.com")
        results = gate([partial(finish, s, code=c) for s, c in (first, second)])
        assert sorted(isinstance(result, User) for result in results) == [False, True], results
        assert any(isinstance(result, TOLD) for result in results), results
    audit()
    tell(request, f"two codes: {ROUNDS} rounds, one user in each")
