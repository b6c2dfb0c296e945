"""What housekeeping refuses, and what would unlock it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError


class StepNotNow(DomainError):
    code = "housekeeping.step_not_now"
    message = _("%(room)s 房的清洁任务现在是“%(status)s”，不能“%(step)s”。")
    unlock = _("现在可以做的：%(steps)s。")


class SameInspector(DomainError):
    code = "housekeeping.same_inspector"
    message = _("%(room)s 房是您自己清洁的，要由另一个人检查。")
    unlock = _("请领班或另一位同事来检查。")
    clause = "S-3.3(6)"
    status = 403


class ScoreTooLow(DomainError):
    code = "housekeeping.score_too_low"
    message = _("得分 %(score)s 低于及格分 %(pass_score)s，不能通过。")
    unlock = _("重新打分，或判为返工。")
    clause = "S-3.3(6)"
    status = 422


class ReasonMissing(DomainError):
    code = "housekeeping.reason_missing"
    message = _("请写明原因。")
    status = 422


class DepartureIsCleaned(DomainError):
    code = "housekeeping.departure_is_cleaned"
    message = _("%(room)s 房是走客房，必须清洁后才能再卖，不能跳过。")
