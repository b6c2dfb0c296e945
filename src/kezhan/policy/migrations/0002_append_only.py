from django.db import migrations

from kezhan.audit.api import append_only


class Migration(migrations.Migration):
    """A value is superseded, never changed."""

    dependencies = [("policy", "0001_initial")]
    operations = [append_only("policy_parametervalue")]
