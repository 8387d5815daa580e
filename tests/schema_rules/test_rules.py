"""
For every rule of the rule table a pair of databases that differ in just this: each becomes the other, by what the rule
says, with its tables and rows kept; and each comes into being and goes. The list of tests is made from the table: a
rule without a pair, or a pair without a rule, and nothing is collected. The pairs of a file share databases; where
something fails there, every pair gets databases of its own, to say which it is.
"""

import pytest

from support import programs, rule_pairs
from support.rule_outcome import Outcome, belongs_to, check

VERSION = 15

PAIRS = rule_pairs.all_pairs()
WRONG = rule_pairs.uncovered(PAIRS.values()) if programs.missing() is None else []
if WRONG:
    raise pytest.UsageError("\n".join(["the rule table and its pairs do not cover each other:", *WRONG]))
HERE = [pair for pair in PAIRS.values() if pair.since <= VERSION <= pair.until]


@pytest.fixture(scope="module")
def outcomes(rules_cluster, tmp_path_factory):
    """outcomes(pairs): what became of them in the same databases; raises what went wrong."""
    known = {}

    def get(pairs):
        key = tuple(pair.title for pair in pairs)
        if key not in known:
            try:
                known[key] = Outcome(rules_cluster, tmp_path_factory.mktemp("rules"), pairs)
            except AssertionError as e:
                known[key] = e
        if isinstance(known[key], AssertionError):
            raise known[key]
        return known[key]

    return get


def together(file):
    return [p for p in HERE if p.file == file and "alone" not in p.flags]


def grouped(value, file):
    """With pytest -n: the pairs of a file are one process's, for they share databases."""
    return pytest.param(value, marks=pytest.mark.xdist_group(file))


@pytest.mark.parametrize("title", [grouped(pair.title, pair.file) for pair in HERE])
def test_rule(outcomes, title):
    pair = PAIRS[title]
    if "alone" not in pair.flags:
        try:
            return check(pair, outcomes(together(pair.file)))
        except AssertionError:
            pass    # of this pair or another one
    check(pair, outcomes([pair]))


@pytest.mark.parametrize("file", [grouped(file, file) for file in sorted({pair.file for pair in HERE})])
def test_pairs_of_a_file_together(outcomes, file):
    """They get along with each other, and no object differs that is none of theirs."""
    outcome = outcomes(together(file))
    assert not [(str(d), d.identity) for d in outcome.differences if not any(belongs_to(p, d.identity) for p in together(file))]
