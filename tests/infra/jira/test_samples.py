"""The real files come to the counts that an independent script made of them."""

import json
from pathlib import Path

from tests.infra.jira.conftest import Here


async def test_a_real_export_comes_to_the_counts_made_by_others(here: Here, samples: Path) -> None:
    imported = await here.importing(samples / "jira-duracloud" / "issues.json")
    expected = json.loads((samples / "jira-duracloud" / "expected.json").read_text())
    said = json.loads(imported.json())
    assert {key: said[key] for key in expected} == expected
    assert (imported.snapshot.checked, imported.snapshot.equal) == (150, 150)
