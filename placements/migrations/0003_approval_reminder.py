from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('placements', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='approval',
            name='reminder',
            field=models.PositiveSmallIntegerField(choices=[(0, 'none yet'), (1, 'due soon'), (2, 'overdue'), (3, 'told to the secretariat')], default=0, editable=False),
        ),
    ]
