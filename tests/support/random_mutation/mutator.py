"""Random mutations of a database, rows or definitions too, and the upkeep that moves rows about without changing them."""

import psycopg2

from support.random_mutation import definitions, rows
from support.random_mutation.session import Session, user_object


class Mutator(Session):
    """Mutator(connection, seed).run(60) makes sixty mutations, or fewer where the server refuses too many; `log` has their SQL."""

    def run(self, count, rows_only=False):
        mutations = rows.MUTATIONS if rows_only else rows.MUTATIONS + definitions.MUTATIONS
        for _ in range(3 * count):
            if self.done == count:
                break
            mutation, = self.random.choices([m for m, _ in mutations], [w for _, w in mutations])
            self.attempt(mutation.__name__, lambda: mutation(self))
        return self

    def keep_up(self, share):
        """VACUUM FULL, CLUSTER, REINDEX, ANALYZE of some tables."""
        tables = [t for t in self.relations("r") if self.chance(share)]
        self.connection.rollback()
        self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table in tables:
                sql = self.random.choice(["VACUUM (FULL) %s", "VACUUM (FREEZE, ANALYZE) %s", "CLUSTER %s", "REINDEX TABLE %s", "ANALYZE %s"]) % table.name
                try:
                    cursor.execute(sql)
                    self.log.append(sql + ";")
                except psycopg2.Error as e:
                    self.skipped.append(("upkeep", sql, str(e).splitlines()[0]))
        self.connection.autocommit = False

    def refresh(self):
        """Every materialized view shows the rows as they are now; one that cannot be refreshed holds none."""
        views = self.query(f"""SELECT c.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND c.relispopulated AND {user_object("c")} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" """)
        for _ in views:     # one may read another
            for name, in views:
                if not self.attempt("refresh", lambda: self.do("REFRESH MATERIALIZED VIEW %s" % name)):
                    self.attempt("refresh", lambda: self.do("REFRESH MATERIALIZED VIEW %s WITH NO DATA" % name))
