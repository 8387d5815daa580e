"""The two command lines: options, exit codes, messages, and that no password is ever shown."""

import os
import pty
import re
import subprocess
import tarfile

import pytest

from support import plan_file, programs

ALL = ("--schema=*", "--clean-extra")
NOWHERE = "host=/nonexistent port=1 dbname=x user=x"
BOTH = pytest.mark.parametrize("program", ["pgsyncer-plan", "pgsyncer-apply"])


@pytest.fixture
def simple(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i")
    pair.on_main("UPDATE t SET v = 'changed' WHERE id = 7")
    return pair


@BOTH
def test_help_fits_and_goes_to_standard_output(built, program):
    outcome = programs.run(program, "--help").expect(0)
    assert outcome.err == "" and max(map(len, outcome.out.splitlines())) <= 100
    for option in ("--standindsn", "--help", "--version"):
        assert option in outcome.out


def test_help_of_plan_gives_the_defaults(built):
    text = programs.plan("--help").expect(0).out
    for option, default in (("--chunk-size", "10000"), ("--workers", "4"), ("--schema", "public"), ("--sync-data", "true"), ("--clean-extra", "false")):
        at = text.index(option)
        assert default in text[at:at + 250], option


@BOTH
def test_version(built, program):
    assert re.match(program + r" \d+\.\d+\.\d+", programs.run(program, "--version").expect(0).out)


@pytest.mark.parametrize("arguments", [
    ["--no-such-option"], ["--sync-data=perhaps"], ["--workers=none"], ["--workers=0"], ["--chunk-size=-5"], ["--output"], ["no-such-verb"],
    ["--schema=\"open"], ["show"], ["show", "--no-such-option", "x"], ["verify"],
])
def test_wrong_usage_of_plan(built, tmp_path, arguments):
    outcome = programs.plan(*arguments, cwd=tmp_path, env={"MAIN_DSN": NOWHERE, "STANDIN_DSN": NOWHERE}).expect(programs.USAGE)
    assert outcome.out == "" and outcome.err.strip()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["x.pgplan", "--verify=perhaps", "--yes"], [], ["x.pgplan", "y.pgplan", "--yes"]])
def test_wrong_usage_of_apply(built, tmp_path, arguments):
    programs.apply(*arguments, cwd=tmp_path, env={"STANDIN_DSN": NOWHERE}).expect(programs.USAGE)


@pytest.mark.parametrize("env", [{}, {"MAIN_DSN": NOWHERE}, {"STANDIN_DSN": NOWHERE}])
def test_a_dsn_is_needed(built, tmp_path, env):
    outcome = programs.plan("-o", "x.pgplan", cwd=tmp_path, env=env).expect(programs.USAGE)
    assert "dsn" in outcome.err.lower()
    assert os.listdir(tmp_path) == []


def test_options_take_values_with_and_without_an_equals_sign(simple):
    programs.plan("create", "--maindsn=" + simple.main_dsn, "--standindsn", simple.standin_dsn, "--output=%s" % simple.file, "--workers", "2", "--no-sync-schema").expect(0)
    manifest = plan_file.manifest(simple.file)
    assert manifest["options"]["sync_schema"] is False and manifest["options"]["sync_data"] is True


def test_dsns_come_from_the_environment(simple):
    env = {"MAIN_DSN": simple.main.dsn(simple.main_db, uri=True), "STANDIN_DSN": simple.standin.dsn(simple.standin_db, uri=True)}
    programs.plan("-o", simple.file, env=env).expect(0)
    programs.apply(simple.file, "--yes", env=env).expect(0)
    simple.assert_equal()


def test_the_service_file_works(simple):
    service = simple.folder / "services"
    service.write_text("[m]\nhost=%s\nport=%d\ndbname=%s\nuser=postgres\n" % (simple.main.dir, simple.main.port, simple.main_db))
    programs.plan("--maindsn", "service=m", "--standindsn", simple.standin_dsn, "-o", simple.file, env={"PGSERVICEFILE": str(service)}).expect(0)


def test_default_output(simple):
    outcome = programs.plan("--maindsn", simple.main_dsn, "--standindsn", simple.standin_dsn, cwd=simple.folder).expect(0)
    file, = simple.folder.glob("*.pgplan")
    assert re.fullmatch(re.escape(simple.main_db) + r"-\d{8}T\d{6}Z\.pgplan", file.name)
    assert outcome.last_line.endswith(file.name)
    assert os.listdir(simple.folder) == [file.name]


def test_an_existing_file_is_refused_without_force(simple):
    simple.file.write_text("precious")
    simple.plan().expect(programs.USAGE)
    assert simple.file.read_text() == "precious" and os.listdir(simple.folder) == [simple.file.name]
    simple.plan("--force").expect(0)
    programs.plan("verify", simple.file).expect(0)
    assert os.listdir(simple.folder) == [simple.file.name]


def test_a_plan_to_standard_output(simple):
    command = [programs.BIN / "pgsyncer-plan", "--maindsn", simple.main_dsn, "--standindsn", simple.standin_dsn, "-o", "-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=simple.folder, env=programs.SCRUBBED)
    assert done.returncode == 0 and b"Plan: " in done.stderr
    assert os.listdir(simple.folder) == []
    simple.file.write_bytes(done.stdout)
    simple.apply().expect(0)
    simple.assert_equal()


def test_an_output_folder_that_is_not_there(simple):
    simple.plan(output=simple.folder / "nowhere" / "x.pgplan").expect(programs.USAGE, programs.INTERNAL)


@pytest.mark.parametrize("arguments", [("--maindsn", "host=/nonexistent dbname=x"), ("--standindsn", "postgresql://127.0.0.1:1/x")])
def test_an_unreachable_server(simple, arguments):
    before = os.listdir(simple.folder)
    outcome = simple.plan(*arguments).expect(programs.CONNECTION)
    assert ("main" if "--maindsn" in arguments else "stand-in") in outcome.err
    assert os.listdir(simple.folder) == before


def test_a_database_that_is_not_there(simple):
    simple.plan("--maindsn", simple.main.dsn("no such database")).expect(programs.CONNECTION)
    assert os.listdir(simple.folder) == []


@pytest.fixture
def secret(simple):
    """A role that needs a password on both servers."""
    for cluster in (simple.main, simple.standin):
        if not cluster.rows("postgres", "SELECT FROM pg_roles WHERE rolname = 'guarded'"):
            cluster.psql("postgres", "CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'pa ss@word/1''x' IN ROLE needs_password")
    return simple


PASSWORD = "pa ss@word/1'x"


@pytest.mark.parametrize("uri", [False, True])
def test_a_password_works_and_is_never_shown(secret, uri):
    main = secret.main.dsn(secret.main_db, user="guarded", password=PASSWORD, uri=uri)
    standin = secret.standin.dsn(secret.standin_db, user="guarded", password=PASSWORD, uri=uri)
    outcome = programs.plan("--maindsn", main, "--standindsn", standin, "-o", secret.file, "-v").expect(0)
    outcome2 = programs.apply(secret.file, "--standindsn", standin, "--yes", "-v").expect(0)
    for text in (outcome.out, outcome.err, outcome2.out, outcome2.err, programs.plan("show", "--json", secret.file).out):
        assert "ss@word" not in text and "ss%40word" not in text
    for name, content in plan_file.contents(secret.file).items():
        assert b"ss@word" not in content and b"ss%40word" not in content, name
    assert b"ss@word" not in plan_file.stored(secret.file, "manifest.json")
    journal = secret.standin.rows(secret.standin_db, "SELECT j::text FROM pgsyncer.journal j")
    assert "ss@word" not in str(journal)
    secret.assert_equal()


@pytest.mark.parametrize("uri", [False, True])
@pytest.mark.parametrize("verbose", [(), ("-v",), ("--log-format=json",)])
def test_a_wrong_password_is_never_shown(secret, uri, verbose):
    wrong = secret.main.dsn(secret.main_db, user="guarded", password="Wr0ng@pass'word", uri=uri)
    outcome = programs.plan("--maindsn", wrong, "--standindsn", secret.standin_dsn, "-o", secret.file, *verbose).expect(programs.CONNECTION)
    outcome2 = programs.apply("status", "--standindsn", wrong, *verbose).expect(programs.CONNECTION)
    for o in (outcome, outcome2):
        assert "Wr0ng" not in o.out + o.err
    for cluster in (secret.main, secret.standin):  # nor by a server, of this or of the right one
        log = open(cluster.log).read()
        assert "Wr0ng" not in log and "ss@word" not in log


@pytest.mark.parametrize("dsn", ["postgresql://u:Geheim123@host:notaport/db", "host=x password=Geheim123 nonsense", "host=x password='Geheim123", "postgresql://u:Geheim123@[::1/db",
                                 "host=/nonexistent password=Geheim123 sslmode=nonsense", "Geheim123", "postgresql://u:Geheim123@h/db?no_such=Geheim123",
                                 "postgres://u:Geheim%ZZ@h/db"])
def test_a_malformed_dsn_is_never_repeated(built, tmp_path, dsn):
    outcome = programs.plan("--maindsn", dsn, "--standindsn", NOWHERE, "-o", "x.pgplan", cwd=tmp_path).expect(programs.USAGE, programs.CONNECTION)
    assert "Geheim" not in outcome.out + outcome.err
    assert os.listdir(tmp_path) == []


def test_passwords_from_the_environment_and_the_password_file(secret):
    main = secret.main.dsn(secret.main_db, user="guarded")
    programs.plan("--maindsn", main, "--standindsn", secret.standin_dsn, "-o", secret.file, env={"PGPASSWORD": PASSWORD}).expect(0)
    passfile = secret.folder / "pgpass"
    passfile.write_text("*:*:*:guarded:%s\n" % PASSWORD)
    passfile.chmod(0o600)
    programs.plan("--maindsn", main, "--standindsn", secret.standin_dsn, "-o", secret.file, "--force", env={"PGPASSFILE": str(passfile)}).expect(0)


def test_main_without_the_right_to_read(simple):
    if not simple.main.rows("postgres", "SELECT FROM pg_roles WHERE rolname = 'nobody_here'"):
        simple.main.psql("postgres", "CREATE ROLE nobody_here LOGIN")
    outcome = simple.plan("--maindsn", simple.main.dsn(simple.main_db, user="nobody_here")).expect(programs.CONNECTION)
    assert "t" in outcome.err
    assert os.listdir(simple.folder) == []


def test_standin_without_the_right_to_write(simple):
    simple.plan().expect(0)
    if not simple.standin.rows("postgres", "SELECT FROM pg_roles WHERE rolname = 'only_reader'"):
        simple.standin.psql("postgres", "CREATE ROLE only_reader LOGIN IN ROLE pg_read_all_data")
    before = simple.standin_state()
    programs.apply(simple.file, "--standindsn", simple.standin.dsn(simple.standin_db, user="only_reader"), "--yes").expect(programs.CONNECTION)
    assert simple.standin_state() == before


def test_without_yes_and_without_a_terminal_apply_declines(simple):
    simple.plan().expect(0)
    before = simple.standin_state()
    programs.apply(simple.file, "--standindsn", simple.standin_dsn).expect(programs.DECLINED)
    assert simple.standin_state() == before


@pytest.mark.parametrize("answer, code", [(b"n\n", programs.DECLINED), (b"\n", programs.DECLINED), (b"yes\n", programs.DONE)])
def test_apply_asks_on_a_terminal(simple, answer, code):
    simple.plan().expect(0)
    before = simple.standin_state()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(programs.BIN / "pgsyncer-apply", ["pgsyncer-apply", str(simple.file), "--standindsn", simple.standin_dsn, "--progress=never"], programs.SCRUBBED)
    said = b""
    while b"?" not in said:
        said += os.read(terminal, 4096)
    os.write(terminal, answer)
    try:
        while True:
            said += os.read(terminal, 4096)
    except OSError:         # the terminal is closed
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == code, said
    if code == programs.DONE:
        simple.assert_equal()
    else:
        assert simple.standin_state() == before


@BOTH
@pytest.mark.parametrize("verb", ["show", "verify"])
def test_files_that_are_no_plan(built, tmp_path, program, verb):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_text("not a plan\n" * 1000)
    with tarfile.open(tmp_path / "tar", "w") as tar:
        tar.add(__file__, "manifest.json")
    for name in ("empty", "text", "tar"):
        outcome = programs.run(program, verb, tmp_path / name).expect(programs.ARCHIVE)
        assert outcome.err.strip()
    programs.run(program, verb, tmp_path / "nowhere").expect(programs.USAGE, programs.ARCHIVE, programs.INTERNAL)
    programs.run(program, verb, tmp_path).expect(programs.USAGE, programs.ARCHIVE, programs.INTERNAL)


def test_json_logs_are_json(simple):
    import json
    outcome = simple.plan("--log-format=json", "--progress=always", "-v").expect(0)
    lines = outcome.err.strip().splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)


def test_quiet_says_nothing_but_the_result(simple):
    outcome = simple.plan("-q").expect(0)
    assert outcome.err == "" and len(outcome.out.strip().splitlines()) == 1


def test_one_table_that_may_not_be_read(simple):
    """It is never left out in silence."""
    for cluster in (simple.main, simple.standin):
        if not cluster.rows("postgres", "SELECT FROM pg_roles WHERE rolname = 'half_reader'"):
            cluster.psql("postgres", "CREATE ROLE half_reader LOGIN")
    simple.on_main("GRANT SELECT ON t TO half_reader; CREATE TABLE public.locked_out (id int PRIMARY KEY); INSERT INTO public.locked_out VALUES (1)")
    outcome = simple.plan("--maindsn", simple.main.dsn(simple.main_db, user="half_reader")).expect(programs.CONNECTION)
    assert "locked_out" in outcome.err
    assert os.listdir(simple.folder) == []


def test_one_database_as_both_is_refused(simple, tmp_path):
    dsn = simple.main.dsn(simple.main_db)
    outcome = programs.plan("--maindsn", dsn, "--standindsn", dsn + " application_name=other", "-o", "x.pgplan", cwd=tmp_path).expect(programs.REFUSED)
    assert "same database" in outcome.err and "hint:" in outcome.err and os.listdir(tmp_path) == []


def documented(heading):
    """The first cells of the options' table under a heading of docs/cli.md: {option: argument, or None}, and the defaults."""
    text = (programs.ROOT / "docs" / "cli.md").read_text()
    section = re.split(r"^#", text[text.index(heading) + len(heading):], maxsplit=1, flags=re.MULTILINE)[0]
    options, defaults = {}, {}
    for names, default in re.findall(r"^\| (`-[^|]*`) \|([^|]*)\|", section, re.MULTILINE):
        for name in names.replace("`", "").split(", "):
            if name.startswith("--"):
                option, _, argument = name.partition(" ")
                options[option], defaults[option] = argument or None, default.strip(" `")
    return options, defaults


VALUES = {"N": "5", "WHEN": "never", "FORMAT": "text", "MODE": "auto", "SCOPE": "full", "WAY": "catalog", "OLD=NEW": "public.a=public.b"}


@pytest.mark.parametrize("program, heading", [("pgsyncer-plan", "### create\n"), ("pgsyncer-apply", "### apply\n")])
def test_every_option_is_as_the_documents_say(built, program, heading):
    """They have the options of --help and no others, with the same defaults; each is taken in every spelling."""
    options, defaults = documented(heading)
    common, common_defaults = documented("## What holds for both\n")
    options, defaults = {**options, **common, "--help": None, "--version": None}, {**defaults, **common_defaults}
    text = programs.run(program, "--help").expect(0).out
    helped = {option: (argument, described) for option, argument, described in
              re.findall(r"^  (?:-\w,|   ) (--[a-z-]+)(?: ([A-Z=]+))?(.*(?:\n {10,}.*)*)", text, re.MULTILINE)}
    assert {o: a or None for o, (a, _) in helped.items()} == options
    for option, default in defaults.items():
        described = " ".join(helped[option][1].split())
        if default.startswith("env "):
            assert "[environment: %s]" % default[4:].strip("`") in described, option
        elif default and option not in ("--quiet", "--verbose"):
            assert "[default: %s]" % default in described, option
    del options["--help"], options["--version"]
    for dash in ("-", "--"):
        for value_apart in (False, True):
            for form in ("%s", "%s=true", "%s=false", "no-%s"):  # of those that are true or false
                words = ["-help"]
                for option, argument in options.items():
                    name, value = option[2:], VALUES.get(argument, "x")
                    if argument:
                        words += [dash + name, value] if value_apart else ["%s%s=%s" % (dash, name, value)]
                    else:
                        words.append(dash + (name[3:] if name.startswith("no-") and form == "no-%s" else form % name))
                assert programs.run(program, *words).expect(0).out == text, words
    for option, argument in options.items():
        if argument is None or argument in ("N", "WHEN", "FORMAT", "MODE", "SCOPE", "WAY"):
            assert option in programs.run(program, option + "=perhaps").expect(programs.USAGE).err


def test_names_of_the_environment_count_less_than_options(simple):
    """An option goes before its variable; libpq's own variables fill in what a DSN leaves out."""
    env = {"MAIN_DSN": NOWHERE, "STANDIN_DSN": NOWHERE}
    simple.plan("--force", env=env).expect(0)
    libpq = {"PGHOST": simple.main.dir, "PGPORT": str(simple.main.port), "PGUSER": "postgres"}
    programs.plan("--maindsn", "dbname=" + simple.main_db, "--standindsn", simple.standin_dsn, "-o", simple.file, "--force", env=libpq).expect(0)
    assert plan_file.manifest(simple.file)["main"]["dbname"] == simple.main_db
    nowhere = ["--maindsn", NOWHERE, "--standindsn", NOWHERE, "-o", "-"]
    assert "\x1b[" in programs.plan(*nowhere, "--color=always", env={"NO_COLOR": "1"}).expect(programs.CONNECTION).err
    assert "\x1b[" not in programs.plan(*nowhere).expect(programs.CONNECTION).err
    programs.apply(simple.file, "--standindsn", simple.standin_dsn, "--yes", env={"MAIN_DSN": NOWHERE}).expect(0)  # of no matter to such a plan
    simple.assert_equal()
