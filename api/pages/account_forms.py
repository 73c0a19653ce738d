"""What an administrator fills in to make an account."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from registry.access.accounts import NewClient
from registry.access.officers import NewOfficer
from registry.access.roles import NEEDS_SCHEME, Role

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Perhaps = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None,
    BeforeValidator(lambda value: value or None),
]


class OfficerForm(BaseModel):
    """A new officer. No province chosen means all of them."""

    login: Text
    name: Text
    role: Role
    scheme: Perhaps = None
    province: list[Text] = Field(default_factory=list, max_length=40)
    form_token: str = ""

    def officer(self) -> NewOfficer:
        """As the registry takes it; a scheme counts for roles that need one."""
        return NewOfficer(
            login=self.login,
            name=self.name,
            roles=frozenset({self.role}),
            scheme=self.scheme if self.role in NEEDS_SCHEME else None,
            provinces=frozenset(self.province) or None,
        )


class ClientForm(BaseModel):
    """A new machine client."""

    name: Text
    role: Role
    scheme: Perhaps = None
    facility: Perhaps = None
    form_token: str = ""

    def client(self) -> NewClient:
        """As the registry takes it; a scheme counts for roles that need one."""
        scheme = self.scheme if self.role in NEEDS_SCHEME else None
        return NewClient(self.name, self.role, scheme, self.facility)
