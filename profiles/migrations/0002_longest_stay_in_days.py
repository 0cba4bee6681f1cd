"""The longest stay is stored in days instead of weeks. Backwards, days become begun weeks."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]

    operations = [
        migrations.RenameField("expertprofile", "longest_stay_weeks", "longest_stay_days"),
        migrations.RunSQL(
            "UPDATE profiles_expertprofile SET longest_stay_days = longest_stay_days * 7 WHERE longest_stay_days IS NOT NULL",
            "UPDATE profiles_expertprofile SET longest_stay_days = (longest_stay_days + 6) / 7 WHERE longest_stay_days IS NOT NULL",
        ),
        migrations.RunSQL(
            """UPDATE profiles_profilemerge SET moved = jsonb_set(moved #- '{filled,longest_stay_weeks}', '{filled,longest_stay_days}',
                jsonb_build_array(NULL, (moved #>> '{filled,longest_stay_weeks,1}')::int * 7))
            WHERE moved #> '{filled,longest_stay_weeks}' IS NOT NULL""",
            """UPDATE profiles_profilemerge SET moved = jsonb_set(moved #- '{filled,longest_stay_days}', '{filled,longest_stay_weeks}',
                jsonb_build_array(NULL, ((moved #>> '{filled,longest_stay_days,1}')::int + 6) / 7))
            WHERE moved #> '{filled,longest_stay_days}' IS NOT NULL""",
        ),
        migrations.AlterField(
            "expertprofile",
            "longest_stay_days",
            models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1095)],
                verbose_name="longest stay, in days",
            ),
        ),
    ]
