from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_spent_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='browser',
            name='origin',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
