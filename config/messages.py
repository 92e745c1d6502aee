"""Django's messages for the next page, in a cookie that no other host of the domain can set (`__Host-`, on https)."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = settings.OWN_COOKIE.format("messages")


class MessageStorage(FallbackStorage):
    """Django's FallbackStorage: messages that do not fit into the cookie are stored in the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
