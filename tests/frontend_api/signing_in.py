"""Helpers for the steps of a sign-in on an application's page."""

from tests.accounts.visiting import code_of, mails

ADA = "ada@example.com"


def path_of(answer, step):
    return f"client/sign_ins/{answer.json()['response']['id']}/{step}"


def begin(browser, address=ADA, **said):
    return browser.post("client/sign_ins", identifier=address, **said)


def prepare(browser, begun, strategy="email_code"):
    return browser.post(path_of(begun, "prepare_first_factor"), strategy=strategy)


def attempt(browser, begun, strategy="email_code", **said):
    return browser.post(path_of(begun, "attempt_first_factor"), strategy=strategy, **said)


def newest_code():
    return code_of(mails()[-1])
