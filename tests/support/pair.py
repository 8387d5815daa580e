"""Two databases, and the whole job on them."""

from support import judge, programs, updated_at, ways


class Pair:
    """Two databases, main and stand-in, and the two programs run against them."""

    def __init__(self, main, standin, main_db, standin_db, folder, way=ways.DEFAULT):
        self.main, self.standin, self.main_db, self.standin_db, self.folder = main, standin, main_db, standin_db, folder
        self.file = folder / "test.pgplan"
        self.way = way

    @property
    def main_dsn(self):
        return self.main.dsn(self.main_db)

    @property
    def standin_dsn(self):
        return self.standin.dsn(self.standin_db)

    def both(self, sql):
        self.on_main(sql)
        self.on_standin(sql)
        if self.way == "updated":
            updated_at.add_columns(self.main, self.main_db)
            updated_at.add_columns(self.standin, self.standin_db)

    def on_main(self, sql):
        self.main.psql(self.main_db, sql)

    def on_standin(self, sql):
        self.standin.psql(self.standin_db, sql)

    def move_on(self):
        self.main.psql(self.main_db, file=programs.ROOT / "scripts" / "demo.d" / "move-on.sql")

    def stamp(self):
        """Gives main's changed rows a newer time, in the way that looks at it, as plan() does before it plans."""
        if self.way == "updated":
            updated_at.move(self.main, self.main_db, self.standin, self.standin_db)

    def plan(self, *args, output=None, **more):
        self.stamp()
        return programs.plan("--maindsn", self.main_dsn, "--standindsn", self.standin_dsn, "-o", output or self.file,
                             *ways.plan_arguments(self.way, args), *args, **more)

    @property
    def env(self):
        """What pgsyncer-apply must find in its environment to apply or check a plan that was made in this pair's way."""
        return {"MAIN_DSN": self.main_dsn} if self.way == "fdw" else {}

    @property
    def moved_on_code(self):
        """How apply exits where the proof finds that somebody changed rows beside the plan's: the script cannot look back."""
        return programs.VERIFICATION if self.way == "script" else programs.BASE_STATE

    def apply(self, *args, file=None, dsn=None, **more):
        """Applies the plan in this pair's way; `dsn` may be another role's."""
        more["env"] = {**self.env, **(more.get("env") or {})}
        return ways.WAYS[self.way](file or self.file, dsn or self.standin_dsn, args, **more)

    def show(self, file=None):
        return programs.plan("show", "--json", file or self.file).expect(0).json

    def assert_equal(self):
        judge.assert_equal(self.main, self.main_db, self.standin, self.standin_db)

    def standin_state(self):
        return judge.state(self.standin, self.standin_db)

    def main_state(self):
        return judge.state(self.main, self.main_db)

    def synchronise(self, *args):
        """The whole job, and the proof that is not ours; returns what show --json says of the plan."""
        self.plan("--schema=*", "--clean-extra", "--force", *args).expect(0)
        document = self.show()
        self.apply().expect(0)
        self.assert_equal()
        self.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force", *args, output=self.folder / "second.pgplan").expect(0)
        self.apply().expect(programs.ALREADY)
        return document
