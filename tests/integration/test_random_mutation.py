"""Random databases, mutated on both sides; tests/fuzz/random-mutation runs more seeds."""

import pytest

from support import judge
from support.random_mutation import seed as seeds


@pytest.fixture(scope="module")
def clusters(main_cluster, standin_cluster):
    seeds.make_templates(main_cluster, standin_cluster)
    return main_cluster, standin_cluster


@pytest.mark.parametrize("seed", range(1, 31))
def test_random_databases(built, clusters, tmp_path, seed):
    wrong, done = seeds.run_seed(*clusters, seed, tmp_path / "seed")
    assert wrong is None, "seed %d (%s): %s\nagain: tests/fuzz/random-mutation --seeds %d" % (seed, done, wrong, seed)


def test_a_seed_gives_the_same_databases(clusters, tmp_path):
    options = seeds.Options(8)
    options.templates, options.size, options.count, options.main_count, options.rows_only = ["random_c", "random_icu"], 8, 40, 40, False
    states, logs = [], []
    for n in range(2):
        folder = tmp_path / str(n)
        folder.mkdir()
        try:
            seeds.make_databases(clusters[0], "again_main", clusters[1], "again_standin", 8, options, folder)
            states.append([judge.state(clusters[0], "again_main"), judge.state(clusters[1], "again_standin")])
            logs.append([(folder / name).read_text() for name in ("main.sql", "standin.sql")])
        finally:
            clusters[0].dropdb("again_main")
            clusters[1].dropdb("again_standin")
    assert logs[0] == logs[1]
    assert all(log.count("COMMIT;") > 60 for log in logs[0])
    assert states[0] == states[1] and states[0][0] != states[0][1]
