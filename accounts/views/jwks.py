"""The public keys that session tokens are verified with, for whoever holds no secret key."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.models import SigningKey


@csrf_exempt  # programs have no token; nothing but GET gets further
@require_safe
@cache_control(public=True, max_age=300)  # verifiers ask again about a key they do not know
def jwks(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"keys": [key.public_jwk for key in SigningKey.objects.listed()]})
