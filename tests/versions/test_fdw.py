"""Rows that apply fetches from main, between server versions: what postgres_fdw of one version asks of a server of another."""

import pytest

from support import judge_versions, programs
from support.servers import SQL

# The ends, each side of what changed: options in a server's definition (12), hashes (11, 14).
PAIRS = [(10, 10), (10, 18), (18, 10), (11, 12), (14, 11), (18, 15), (13, 18)]


@pytest.mark.parametrize("main, standin", PAIRS)
def test_rows_from_main(pair_of, main, standin):
    """All of them into an empty database, then what differs once the stand-in went ways of its own."""
    pair = pair_of(main, standin)
    pair.main.load(pair.main_db, min(main, standin))
    for moved_on in (None, SQL / "moved_on.sql"):
        if moved_on is not None:
            pair.standin.psql(pair.standin_db, file=moved_on)
        pair.plan("--schema=*", "--clean-extra", "--force", "--fdw-mode").expect(0)
        programs.apply(pair.file, "--standindsn", pair.standin_dsn, "--maindsn", pair.main_dsn, "--yes").expect(0)
        found = judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db)
        assert not found, "\n".join(line[:400] for line in found)
        assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM pg_foreign_server WHERE srvname ~ '^pgsyncer'") == 0
