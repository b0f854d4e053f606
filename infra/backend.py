"""One process's services, put together: what the server, the commands and the tests all work with."""

import asyncio
from contextlib import suppress
from typing import Final, Self

from infra import pool as pools
from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.identity.identities import Identities
from infra.identity.issuer import Issuer
from infra.ledger import Ledger
from infra.migrate import migrate
from infra.people.credentials import Credentials
from infra.people.sessions import Sessions
from infra.scheduling.scheduler import Scheduler
from infra.settings import Settings
from infra.wake import Wakes
from infra.webhooks.delivery import Deliveries, Finding
from infra.webhooks.registry import Webhooks
from infra.webhooks.stand import Stand

_APP_CONNECTIONS_MAX: Final = 8
_READ_CONNECTIONS_MAX: Final = 16
_FOLD_CONNECTIONS_MAX: Final = 2


class Backend:
    """The services of one process over one database. Made by `open`, ended by `close`."""

    def __init__(
        self, cluster: Cluster, read_schema: str, issuer: Issuer | None = None, *, webhooks_private: bool = False
    ) -> None:
        self.cluster = cluster
        self.pool = pools.plain(cluster, Role.APP, _APP_CONNECTIONS_MAX)
        self.reads = pools.reads(cluster, _READ_CONNECTIONS_MAX, read_schema)
        self._folds = folds(cluster, _FOLD_CONNECTIONS_MAX, read_schema)
        self.ledger = Ledger(self.pool)
        self.deciding = Deciding(self.ledger, self.pool)
        self.credentials = Credentials(self.deciding, self.ledger, self.pool)
        self.sessions = Sessions(self.credentials)
        self.identities = Identities(self.credentials, issuer)
        self.wakes = Wakes(cluster)
        self.projector = Projector(self._folds, self.wakes)
        self.scheduler = Scheduler(self.deciding, self.projector, self._folds, self.wakes)
        self.webhooks = Webhooks(self.deciding, self.ledger, self.pool)
        self.deliveries = Deliveries(
            Finding(self._folds, self.wakes, self.projector, self.ledger),
            Stand(self.pool, self.reads),
            may_be_private=webhooks_private,
        )
        self._background: asyncio.Task[None] | None = None
        self._opened: Cluster | None = None

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """The services over the database that the settings name, migrated and with its read tables there."""
        cluster = await Cluster.open(settings)
        try:
            await migrate(cluster)
            schema = await ensure_read_schema(cluster)
            backend = cls(cluster, schema, settings.oidc, webhooks_private=settings.webhooks_private)
            await backend.start()
            backend._opened = cluster
        except BaseException:
            await cluster.stop()
            raise
        return backend

    async def start(self) -> None:
        """Listen for what other processes append."""
        await self.wakes.start()

    def run_in_background(self) -> None:
        """Fold what other processes, or a crash, left behind, and do what is due; for a process that stays."""
        self.scheduler.start()
        self.deliveries.start()
        self._background = asyncio.get_running_loop().create_task(self.projector.run())

    async def close(self) -> None:
        """Answer what is under way, then let go of everything; of the cluster only when `open` made it."""
        await self.deliveries.close()
        await self.scheduler.close()
        await self.identities.close()
        await self.ledger.close()
        if self._background is not None:
            self._background.cancel()
            with suppress(asyncio.CancelledError):
                await self._background
        await self.projector.close()
        await self.wakes.close()
        for pool in (self.reads, self._folds, self.pool):
            await pool.close()
        if self._opened is not None:
            await self._opened.stop()
