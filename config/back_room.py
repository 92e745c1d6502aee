"""The Django admin, for admins only and read-only: what changes, changes by a verb."""

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
        """Leave out what other apps register: their forms would write around the verbs."""
        if admin_class and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.may(Right.ADMIN)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Strangers have met our own sign-in already, with its limits and second factor."""
        if not self.has_permission(request):
            audit.trace("right_refused", subject=request.user.pk, how="admin:index")  # type: ignore[arg-type]
            raise Http404
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """By our own page, which signs out of the application too."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class BackRoomConfig(AdminConfig):
    default_site = "config.back_room.BackRoom"
