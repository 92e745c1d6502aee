"""The values of a form that was refused, for the form that is shown again."""

import re

from django.http import HttpRequest, QueryDict

_KEY = "ollio.typed"
_SECRET = re.compile("password|code|token|credential|secret", re.IGNORECASE)


def keep(request: HttpRequest) -> None:
    """Keep the form's values for this request, without passwords, codes and other secrets."""
    kept = request.POST.copy()
    for name in filter(_SECRET.search, request.POST):
        del kept[name]
    request.META[_KEY] = kept


def typed(request: HttpRequest) -> QueryDict:
    """Return the kept values; empty if no form was refused."""
    return request.META.get(_KEY) or QueryDict()
