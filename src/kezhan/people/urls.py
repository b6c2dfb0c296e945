"""Pages of the group's people, mounted under /people/."""

from django.urls import path

from .views import posts, roles, rota, staff, tokens

app_name = "people"
urlpatterns = [
    path("", staff.people, name="list"),
    path("new/", staff.hire, name="hire"),
    path("of/<str:username>/", staff.person, name="person"),
    path("of/<str:username>/edit/", staff.edit, name="edit"),
    path("of/<str:username>/give-post/", staff.give_post, name="give_post"),
    path("of/<str:username>/end-post/", staff.end_post, name="end_post"),
    path("of/<str:username>/transfer/", staff.transfer, name="transfer"),
    path("of/<str:username>/leave/", staff.leave, name="leave"),
    path("of/<str:username>/password/", staff.password, name="password"),
    path("of/<str:username>/second-step/", staff.second_step, name="second_step"),
    path("of/<str:username>/access/", staff.access, name="access"),
    path("posts/", posts.posts, name="posts"),
    path("posts/department/", posts.new_department, name="new_department"),
    path("posts/new/<str:department>/", posts.new_post, name="new_post"),
    path("posts/edit/<str:post>/", posts.edit_post, name="edit_post"),
    path("posts/retire/<str:post>/", posts.retire_post, name="retire_post"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new_role"),
    path("roles/<slug:key>/", roles.edit_role, name="edit_role"),
    path("rota/", rota.rota, name="rota"),
    path("rota/cancel/", rota.cancel, name="cancel_shift"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<str:prefix>/revoke/", tokens.revoke, name="revoke_token"),
]
