from django.db import migrations

from config.search import forget, index_substrings

INDEXES = {"invitation_part_of_address": "invitations_invitation ((email_key::text))"}


class Migration(migrations.Migration):

    atomic = False  # the index is made while others work

    dependencies = [('invitations', '0001_initial')]

    operations = [
        migrations.RunPython(
            lambda apps, editor: index_substrings(editor, INDEXES),
            lambda apps, editor: forget(editor, INDEXES),
        )
    ]
