"""Postings and closed ledger days only grow; the database refuses everything else."""

from django.db import migrations

from kezhan.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("audit", "0002_append_only")]

    operations = [append_only("billing_posting"), append_only("billing_ledgerday")]
