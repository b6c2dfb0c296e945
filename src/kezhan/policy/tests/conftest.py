from kezhan.audit.testing import lift_guards_for_clean_up

lift_guards_for_clean_up()
