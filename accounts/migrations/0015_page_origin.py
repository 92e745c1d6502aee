from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_security_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='browser',
            name='origin',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
