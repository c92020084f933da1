from allauth.account.auth_backends import AuthenticationBackend

from accounts.roles import ROLE_PERMISSIONS


class RoleBackend(AuthenticationBackend):
    """Signs in by e-mail; permissions come from the person's roles and nowhere else."""

    def get_user_permissions(self, user, obj=None):
        return set()

    def get_group_permissions(self, user, obj=None):
        return self.get_all_permissions(user, obj)

    def get_all_permissions(self, user, obj=None):
        if not user.is_active or user.is_anonymous or obj is not None:
            return set()
        return set().union(*(ROLE_PERMISSIONS[role] for role in user.roles))
