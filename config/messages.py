"""The sentence that the next page says, in a cookie that no other host of the domain can plant."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = settings.OWN_COOKIE.format("messages")


class MessageStorage(FallbackStorage):
    """Django's own: what does not fit into the cookie goes into the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
