"""Who asks by an access token of the sign-in provider, and how an account there becomes a person's here."""

from uuid import UUID

from msgspec.structs import replace

from domain.events.people import CredentialKind, Scope
from domain.refusals import UnknownCredential
from infra.deciding import Asker, Done, Request
from infra.identity.issuer import Issuer
from infra.identity.keys import Keys
from infra.identity.tokens import Tokens, identity_of, is_from_provider
from infra.people.credentials import Credentials, UnknownToken
from infra.people.sessions import UsedUp
from infra.uuid7 import uuid7


class NotInvited(UnknownToken):
    """Your account with the sign-in provider is nobody's here yet; ask an administrator for an invitation."""


class NoProvider(Exception):
    """No sign-in provider is set; set PUSHBACK_OIDC_ISSUER and PUSHBACK_OIDC_AUDIENCE."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Identities:
    """One process's accounts with a provider, if there is one; whatever else is borne goes to the credentials."""

    def __init__(self, credentials: Credentials, issuer: Issuer | None) -> None:
        self._credentials = credentials
        self._issuer = issuer
        self._keys = Keys(issuer.url) if issuer else None
        self._tokens = Tokens(issuer, self._keys) if issuer and self._keys else None

    async def asker(self, bearer: str) -> Asker:
        """Whose token it is, the provider's or one of ours; raises UnknownToken, ProviderAway."""
        if self._tokens is None or not is_from_provider(bearer):
            return await self._credentials.asker(bearer)
        identity = await self._tokens.identity(bearer)
        try:
            return await self._credentials.bound_to(identity)
        except UnknownToken as unknown:
            raise NotInvited from unknown

    async def bind(
        self, asker: Asker, command_id: UUID, person_id: str, subject: str, scopes: tuple[Scope, ...] | None = None
    ) -> Done:
        """Make an account a person's; raises NoProvider, Refused, IdentityBound."""
        if self._issuer is None:
            raise NoProvider
        request = Request(
            asker=asker,
            command="bind_identity",
            command_id=command_id,
            target=person_id,
            arguments={"scopes": scopes} if scopes else {},
        )
        return (await self._credentials.carry_out(request, identity_of(self._issuer.url, subject))).done

    async def accept(self, code: str, bearer: str) -> Asker:
        """Use an invitation up, and make the bearer's account the invited person's.

        Raises UnknownToken, UsedUp, ProviderAway, IdentityBound.
        """
        if self._tokens is None:
            raise UnknownToken
        identity = await self._tokens.identity(bearer)
        try:
            asker = await self._credentials.asker(code, CredentialKind.INVITATION)
            request = Request(
                asker=asker, command="accept_with_identity", command_id=uuid7(), target=asker.credential_id
            )
            issued = await self._credentials.carry_out(request, identity)
        except (UnknownToken, UnknownCredential) as unknown:
            raise UsedUp from unknown
        return replace(asker, credential_id=issued.done.subject_id)

    async def close(self) -> None:
        """Ask the provider nothing any more."""
        if self._keys is not None:
            await self._keys.close()
