from django.contrib import admin

from accounts.models import Application, SecretKey, SignUp, User
from config.back_room import ReadOnlyAdmin


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ["name", "sign_up_mode", "home_url"]
    exclude = ["set_up_hash"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email_address", "signup_grant", "is_staff", "is_superuser", "created_at"]
    list_filter = ["is_staff", "is_superuser", "signup_grant"]
    search_fields = ["email_key__startswith"]
    ordering = ["-pk"]
    exclude = ["password"]


@admin.register(SecretKey)
class SecretKeyAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "prefix",
        "last_four",
        "scope",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    ordering = ["-pk"]
    exclude = ["hash", "form_hash"]


@admin.register(SignUp)
class SignUpAdmin(ReadOnlyAdmin):
    list_display = ["email_address", "created_at", "tries", "completed_at"]
    ordering = ["-pk"]
    exclude = ["password", "code_hash"]
