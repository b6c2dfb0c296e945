"""What the desk refuses, and what would unlock it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError


class NotConfirmed(DomainError):
    code = "frontdesk.not_confirmed"
    message = _("预订 %(booking)s 是“%(status)s”，不能办理入住。")
    unlock = _("只有已确认的预订才能入住；请先在预订里完成确认。")
    clause = "R-3.1(1)"


class NotArrivingYet(DomainError):
    code = "frontdesk.not_arriving_yet"
    message = _("这间预订 %(arrival)s 才到店，今天的营业日是 %(business_date)s。")
    unlock = _("客人提前到店时，请先把到店日期改为今天。")


class BookingIsOver(DomainError):
    code = "frontdesk.booking_is_over"
    message = _("这间预订 %(departure)s 就该离店了，今天的营业日是 %(business_date)s。")
    unlock = _("请先改期，或新建预订。")


class WrongRoomType(DomainError):
    code = "frontdesk.wrong_room_type"
    message = _("%(room)s 房是 %(room_type)s，预订占用的是 %(booked_type)s。")
    unlock = _("换一间同类型的房，或先为预订更换房型。")


class RoomNotReady(DomainError):
    code = "frontdesk.room_not_ready"
    message = _("%(room)s 房现在是 %(status)s %(word)s，还不能安排入住。")
    unlock = _("等清洁和检查完成，或换一间已检查的空房。")
    clause = "S-3.1(3)"


class RoomOccupied(DomainError):
    code = "frontdesk.room_occupied"
    message = _("%(room)s 房有客人在住。")
    unlock = _("先为在住客人办理离店，或换一间房。")


class NobodyRegistered(DomainError):
    code = "frontdesk.nobody_registered"
    message = _("至少登记一位客人，并且只有一位主客人。")
    clause = "S-3.1(1)"
    status = 422


class DocumentMissing(DomainError):
    code = "frontdesk.document_missing"
    message = _("%(guest)s 还没有核对证件。")
    unlock = _("请登记证件类型和号码，并确认人证相符。")
    clause = "S-3.1(1)"
    status = 422


class GuardianMissing(DomainError):
    code = "frontdesk.guardian_missing"
    message = _("%(guest)s 未满 18 周岁，请登记监护人电话和同住人关系。")
    clause = "S-3.1(1)"
    status = 422


class RegisteredTwice(DomainError):
    code = "frontdesk.registered_twice"
    message = _("%(guest)s 已经登记在这间房里。")
    status = 422


class DepositMissing(DomainError):
    code = "frontdesk.deposit_missing"
    message = _("请收取押金，或写明免收押金的原因。")
    clause = "S-3.1(4)"
    status = 422


class ReasonMissing(DomainError):
    code = "frontdesk.reason_missing"
    message = _("请写明原因。")
    status = 422


class StayNotInHouse(DomainError):
    code = "frontdesk.stay_not_in_house"
    message = _("%(stay)s 是“%(status)s”，不在住。")


class StayNotDeparted(DomainError):
    code = "frontdesk.stay_not_departed"
    message = _("%(stay)s 是“%(status)s”，没有可以撤销的离店。")


class BalanceDue(DomainError):
    code = "frontdesk.balance_due"
    message = _("账单还有 %(balance)s 元未结清，不能离店。")
    unlock = _("收款或退款使余额为零后再办理离店。")


class DeductionTooHigh(DomainError):
    code = "frontdesk.deduction_too_high"
    message = _("扣除 %(deduct)s 元超过在押押金 %(held)s 元。")
    clause = "S-3.1(4)b"
    status = 422


class TooLateToUndo(DomainError):
    code = "frontdesk.too_late_to_undo"
    message = _("%(stay)s 的这一步发生在营业日 %(day)s，夜审之后不能撤销。")
    unlock = _("请用今天的业务更正：换房、调账或重新入住。")


class MoneyPosted(DomainError):
    code = "frontdesk.money_posted"
    message = _("账单 %(folio)s 上还有 %(balance)s 元，不能撤销入住。")
    unlock = _("请先在账单里冲销这些行。")


class RoomGivenAway(DomainError):
    code = "frontdesk.room_given_away"
    message = _("%(room)s 房已经安排给别的客人，不能撤销离店。")
    unlock = _("请为客人重新办理入住。")


class AuditRunning(DomainError):
    code = "frontdesk.audit_running"
    message = _("营业日 %(business_date)s 的夜审正在进行，请稍候再试。")
    unlock = _("夜审中断时，在夜审页面再按一次“开始夜审”，它会接着做完。")


class NotTheOpenDate(DomainError):
    code = "frontdesk.not_the_open_date"
    message = _("只能夜审当前营业日 %(business_date)s，不能夜审 %(asked)s。")


class TooEarlyToAudit(DomainError):
    code = "frontdesk.too_early_to_audit"
    message = _("营业日 %(business_date)s 还没有到：本店当地日期是 %(today)s。")
    unlock = _("到了这一天再夜审。")


class AuditBlocked(DomainError):
    code = "frontdesk.audit_blocked"
    message = _("夜审前还有 %(count)s 件事要处理。")
    unlock = _("请按夜审页面的清单逐件处理。")
