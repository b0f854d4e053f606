"""The names behind accounts, kept outside the ledger before anything there is bound to them."""

import os
from collections.abc import Mapping
from typing import Final

from domain.ids import stream_key
from infra.importing.known import Names
from infra.people.registration import commitment
from infra.pool import Pool

_KEEP: Final = """
    insert into ledger.person (workspace_id, person_id, name, salt)
    select $1, * from unnest($2::text[], $3::text[], $4::text[])
    on conflict do nothing
"""
_KEPT: Final = (
    "select person_id, name, salt from ledger.person where workspace_id = $1 and person_id = any ($2::text[])"
)


async def keep_names(pool: Pool, accounts: Mapping[str, str], names: Names) -> dict[str, str]:
    """The commitment to each account's name. An import that was cut off after this finds what it had kept."""
    people = {account: stream_key("psn", names.person(account)) for account in sorted(accounts)}
    ids, said = [*people.values()], [accounts[account] for account in people]
    salts = [os.urandom(32).hex() for _ in people]
    async with pool.connection(names.workspace_id) as connection:
        await connection.execute(_KEEP, names.workspace_id, ids, said, salts)
        rows = await connection.fetch(_KEPT, names.workspace_id, ids)
    kept = {row["person_id"]: commitment(row["salt"] or "", row["person_id"], row["name"] or "", None) for row in rows}
    return {account: kept[person_id] for account, person_id in people.items()}
