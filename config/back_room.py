"""The Django admin, read-only and for admins only. Changes are made by our own functions, never by its forms."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from config import audit
from config.rights import Right


class ReadOnlyAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *_parent: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class BackRoom(admin.AdminSite):
    site_header = site_title = "Ollio"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Ignore models that other apps register: their forms would bypass our checks and the audit log."""
        if admin_class and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.may(Right.ADMIN)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Answer 404 instead of a login form.

        Visitors who are not signed in were redirected to our own sign-in before, which has limits and a second factor.
        """
        if not self.has_permission(request):
            audit.trace("right_refused", subject=request.user.pk, how="admin:index")  # type: ignore[arg-type]
            raise Http404
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect to our own sign-out page, which ends the session in the application too."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class BackRoomConfig(AdminConfig):
    default_site = "config.back_room.BackRoom"
