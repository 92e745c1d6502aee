"""Walks through all pages. Each walk is a generator: it yields a name at every page, and at every state that looks
different. The caller checks the window at each stop.
"""

from tests.browser.walks.admins import admins
from tests.browser.walks.invitees import invitees
from tests.browser.walks.members import members
from tests.browser.walks.operators import operators
from tests.browser.walks.strangers import newcomers, strangers

WALKS = [newcomers, strangers, invitees, members, operators, admins]
