"""Servers of every version that the environment names: PGSYNCER_PG10 … PGSYNCER_PG18, each a folder with initdb and postgres."""

import os
from pathlib import Path

from support import cluster as clusters

SQL = Path(__file__).resolve().parents[1] / "versions" / "sql"
VERSIONS = (10, 11, 12, 13, 14, 15, 16, 17, 18)

def server_bin(version):
    """Where the server of a version is, and why it is not there."""
    folder = os.environ.get("PGSYNCER_PG%d" % version)
    if folder is None and version == 15:
        folder = clusters.BIN
    if folder is None:
        return None, "no PostgreSQL %d: set PGSYNCER_PG%d (scripts/test-versions does)" % (version, version)
    if not os.access(os.path.join(folder, "initdb"), os.X_OK):
        return None, "no initdb in %s" % folder
    return folder, None


class Server(clusters.Cluster):
    """A server of one version."""

    def __init__(self, version, folder):
        self.version = version
        super().__init__("PostgreSQL %d" % version, server_bin=folder, conf="shared_buffers = 32MB\nwal_level = logical\n")

    def dropdb(self, db):
        self.rows("postgres", "DROP DATABASE IF EXISTS %s" % clusters.quote_ident(db))

    def load(self, db, upto):
        """The schema and the rows that every server from version `upto` on can hold."""
        for version in VERSIONS:
            if version <= upto:
                self.psql(db, file=SQL / ("since_%d.sql" % version))
