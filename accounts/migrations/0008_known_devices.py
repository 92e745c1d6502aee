import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.database


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_password_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('secret_hash', config.database.ByteField(max_length=64, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=config.database.DatabaseNow())),
                ('last_used_at', models.DateTimeField(db_default=config.database.DatabaseNow())),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'known_device',
                'default_permissions': (),
            },
        ),
    ]
