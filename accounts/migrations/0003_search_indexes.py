from django.db import migrations

from config.search import forget, index_substrings

# The expressions are those of `UserQuerySet.matching`.
INDEXES = {
    "user_part_of_id": "accounts_user (UPPER(id::text))",
    "user_part_of_name": "accounts_user (UPPER((first_name || ' ' || last_name)::text))",
    "user_part_of_username": "accounts_user (UPPER(username::text))",
    "user_part_of_address": "account_emailaddress ((email::text))",
}


class Migration(migrations.Migration):

    atomic = False  # the indexes are made while others work

    dependencies = [
        ('accounts', '0002_initial'),
        ('account', '0009_emailaddress_unique_primary_email'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: index_substrings(editor, INDEXES),
            lambda apps, editor: forget(editor, INDEXES),
        )
    ]
