"""
Steps that make a database on main, and their repetition on the stand-in in another order, so that nothing but the contents is the
same there: oids, the place of rows, of columns.
"""

import random

from support.random_mutation.names import Names
from support.random_mutation.session import Session, insertion
from support.random_mutation.values import Nothing

SCHEMAS, TYPES, FUNCTIONS, TABLES, ROWS, KEYS, REFERENCES, REST = range(8)


class Step:
    """What is done on main, and the list of statements that the stand-in gets for it; `other` where it gets something else."""

    def __init__(self, phase, statements, other):
        self.phase, self.statements, self.other = phase, statements, other


class Builder(Session):
    def __init__(self, connection, seed, owner=None, superuser=True, alike=False):
        """With `alike`, the stand-in's definitions are the same."""
        super().__init__(connection, seed, owner)
        self.superuser, self.alike = superuser, alike
        self.name = Names(self.random, self.random.choice([0.1, 0.4, 0.8]))
        self.steps = []
        self.schemas = []
        self.filled, self.hints = set(), {}     # tables that have their rows; values that partitions take, by table and column
        self.phase = SCHEMAS

    def step(self, *statements, other=None):
        """One step of the present phase; what the server refuses is left out. Returns whether it took it."""
        def action():
            for sql in statements:
                self.do(sql)
        if not self.attempt("build", action):
            return False
        self.steps.append(Step(self.phase, list(statements), None if self.alike else other))
        return True

    def rows(self, table, columns, rows):
        taken = []
        if self.attempt("rows", lambda: taken.extend(self.insert(table, columns, rows))) and taken:
            shuffled = taken[:]
            random.Random(len(self.steps)).shuffle(shuffled)
            half = len(shuffled) // 2
            for part in (shuffled[:half], shuffled[half:]):
                if part:
                    self.steps.append(Step(ROWS, [], [insertion(table, columns, part)]))
        return len(taken)

    def new_name(self, hint):
        return self.pick(self.schemas) + "." + self.name(hint)

    def guarded(self, make):
        try:
            make(self)
        except Nothing:
            pass


def repeat(session, steps, seed):
    """The same on the stand-in, in another order: within a phase at random, each as soon as what it needs is there."""
    r = random.Random(seed)
    left_over = []
    for phase in range(REST + 1):
        todo = [s for s in steps if s.phase == phase]
        r.shuffle(todo)
        while todo:
            failed = []
            for step in todo:
                sql = step.other if step.other is not None else step.statements

                def action():
                    for statement in sql:
                        session.do(statement)
                if not session.attempt("build", action):
                    failed.append(step)
            if len(failed) == len(todo):
                left_over += failed
                break
            todo = failed
    return left_over
