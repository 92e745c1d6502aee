"""Ways through all pages. Each walk is a generator: it stops at every page, and at every state of a page that
looks different, and yields its name; whoever walks along looks at the window meanwhile.
"""

from tests.browser.walks.admins import admins
from tests.browser.walks.invitees import invitees
from tests.browser.walks.members import members
from tests.browser.walks.operators import operators
from tests.browser.walks.strangers import newcomers, strangers

WALKS = [newcomers, strangers, invitees, members, operators, admins]
