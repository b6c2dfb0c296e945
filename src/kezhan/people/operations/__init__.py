"""Writes: one verb per function, each in one transaction."""

from .first import AdministratorExists, FirstHouse, LinkNotGood, make_first_link, use_first_link
from .furnish import furnish_group, furnish_property, seat_administrator
from .guards import BeyondYourOwn, LastAdministrator, NotForYourself
from .passwords import (
    HasLeft,
    change_password,
    give_one_time_password,
    remove_second_step,
    require_new_password,
)
from .roles import change_role, make_role, ship_roles
from .staff import (
    AlreadyEnded,
    AlreadyHeld,
    PostNotThere,
    PostRetired,
    UsernameTaken,
    end_post,
    give_post,
    hire,
    leave,
    set_sign_in,
    transfer,
    update_person,
)
from .structure import (
    CodeTaken,
    PostIsHeld,
    ShiftOverlaps,
    cancel_shift,
    open_department,
    open_post,
    plan_shift,
    retire_post,
    update_post,
)
from .tokens import issue_token, revoke_token

__all__ = [
    "AdministratorExists",
    "AlreadyEnded",
    "AlreadyHeld",
    "BeyondYourOwn",
    "CodeTaken",
    "FirstHouse",
    "HasLeft",
    "LastAdministrator",
    "LinkNotGood",
    "NotForYourself",
    "PostIsHeld",
    "PostNotThere",
    "PostRetired",
    "ShiftOverlaps",
    "UsernameTaken",
    "cancel_shift",
    "change_password",
    "change_role",
    "end_post",
    "furnish_group",
    "furnish_property",
    "give_one_time_password",
    "give_post",
    "hire",
    "issue_token",
    "leave",
    "make_first_link",
    "make_role",
    "open_department",
    "open_post",
    "plan_shift",
    "remove_second_step",
    "require_new_password",
    "retire_post",
    "revoke_token",
    "seat_administrator",
    "set_sign_in",
    "ship_roles",
    "transfer",
    "update_person",
    "update_post",
    "use_first_link",
]
