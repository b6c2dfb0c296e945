from django.db import migrations

from kezhan.audit.triggers import append_only


class Migration(migrations.Migration):
    """The trail and its seals only grow."""

    dependencies = [("audit", "0001_initial")]
    operations = [append_only("audit_event"), append_only("audit_seal")]
