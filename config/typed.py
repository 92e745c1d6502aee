"""What somebody typed into a form that could not be taken, for the form that is shown in its place."""

import re

from django.http import HttpRequest, QueryDict

_KEY = "ollio.typed"
_SECRET = re.compile("password|code|token|credential|secret", re.IGNORECASE)


def keep(request: HttpRequest) -> None:
    """Passwords, codes and the like are left out: they are typed again."""
    kept = request.POST.copy()
    for name in filter(_SECRET.search, request.POST):
        del kept[name]
    request.META[_KEY] = kept


def typed(request: HttpRequest) -> QueryDict:
    """Empty where nothing was refused."""
    return request.META.get(_KEY) or QueryDict()
