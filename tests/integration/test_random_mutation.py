"""Random mutation of the demo database on both sides; tests/fuzz/random-mutation runs more seeds."""

import pytest

from support import judge, random_mutation


@pytest.fixture(scope="module")
def shops(main_cluster, standin_cluster, shop):
    return main_cluster, standin_cluster


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_both_sides_mutated(built, shops, tmp_path, seed):
    wrong, done = random_mutation.run_seed(*shops, seed, tmp_path)
    assert wrong is None, "seed %d (%s): %s" % (seed, done, wrong)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_rows_mutated_on_both_sides(built, shops, tmp_path, seed):
    wrong, done = random_mutation.run_seed(*shops, seed, tmp_path, rows_only=True)
    assert wrong is None, "seed %d (%s): %s" % (seed, done, wrong)


def test_the_mutator_does_the_same_for_the_same_seed(shops):
    main, _ = shops
    states, logs = [], []
    for _ in range(2):
        main.createdb("mutated", template=random_mutation.TEMPLATE)
        try:
            logs.append(random_mutation.mutate(main, "mutated", 7, 40, False).log)
            states.append(judge.state(main, "mutated"))
        finally:
            main.dropdb("mutated")
    assert logs[0] == logs[1]
    assert len(logs[0]) > 60
    assert states[0] == states[1] != judge.state(main, random_mutation.TEMPLATE)
