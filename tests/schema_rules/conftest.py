"""A server of its own for the pairs: with a label provider, tablespaces and roles."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from support import cluster as clusters

CONF = """
allow_in_place_tablespaces = on
wal_level = logical
session_preload_libraries = '%s'
max_logical_replication_workers = 0
"""

SETUP = """
CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE keeper; CREATE ROLE chief SUPERUSER;
CREATE TABLESPACE elsewhere LOCATION '';
"""


def _label_provider(folder):
    """Builds a security label provider that takes every label; PostgreSQL comes without one that does."""
    include = subprocess.run([os.path.join(clusters.BIN, "pg_config"), "--includedir-server"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    library = os.path.join(folder, "label_provider.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-I", include, "-o", library, str(Path(__file__).with_name("label_provider.c"))], check=True)
    os.chmod(folder, 0o755)
    return library


@pytest.fixture(scope="session")
def rules_cluster(built):
    why = clusters.missing()
    if why:
        pytest.skip(why)
    folder = tempfile.mkdtemp(prefix="pgs-", dir="/tmp")
    try:
        with clusters.Cluster("rules", conf=CONF % _label_provider(folder)) as cluster:
            cluster.psql("postgres", SETUP)
            yield cluster
    finally:
        shutil.rmtree(folder)
