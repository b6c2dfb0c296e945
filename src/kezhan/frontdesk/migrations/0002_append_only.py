from django.db import migrations

from kezhan.audit.triggers import append_only


class Migration(migrations.Migration):
    """Finished steps and frozen reports of the night audit only grow."""

    dependencies = [("frontdesk", "0001_initial"), ("audit", "0002_append_only")]
    operations = [append_only("frontdesk_nightauditstep"), append_only("frontdesk_nightauditreport")]
