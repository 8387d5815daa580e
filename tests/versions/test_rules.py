"""The pairs of tests/schema_rules that only servers after 15 can hold."""

import pytest

from support import judge_versions, rule_pairs
from support.rule_outcome import Outcome, check

ROLES = "CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE keeper; CREATE ROLE chief SUPERUSER"
LATER = [pair for pair in rule_pairs.all_pairs().values() if pair.since > 15]


def assert_equal(pair):
    found = judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db)
    assert not found, "\n".join(line[:400] for line in found)


@pytest.fixture(scope="session")
def server_with_roles(built, servers):
    made = {}

    def get(version):
        if version not in made:
            made[version] = servers(version)
            made[version].psql("postgres", ROLES)
        return made[version]

    return get


@pytest.mark.parametrize("version", (16, 17, 18))
@pytest.mark.parametrize("pair", LATER, ids=lambda pair: pair.title)
def test_rule_of_later_versions(server_with_roles, tmp_path, pair, version):
    if version < pair.since:
        pytest.skip("PostgreSQL %d cannot hold it" % version)
    check(pair, Outcome(server_with_roles(version), tmp_path, [pair], assert_equal))
