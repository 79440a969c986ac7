"""Tests of interrupts: at any moment they end a command with status 130, one line, and nothing half written."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, environment

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked")

# Before these have begun to be imported no line of hcfmt's has run that could listen.
EARLIEST = {"hcfmt", "hcfmt.version", "hcfmt.cli", "hcfmt.cli.early_interrupt"}

# Runs commands in forks of a process that has not imported them, interrupts each at every point, that is, when a module
# begins to be imported or at an event that Python tells its audit hooks of, and prints for each point the exit status,
# what was written and what was left.
SCRIPT = """
import json, multiprocessing, os, shutil, signal, sys, threading
from pathlib import Path

def command(args):
    sys.argv = ["hcfmt", *args]
    from hcfmt.cli import main
    main()

def redirect():
    said = os.open("../said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)

def forked(work):
    pid = os.fork()
    if not pid:
        redirect()
        try:
            work()
        except SystemExit as end:
            os._exit(end.code)
        os._exit(99)
    return ended(pid)

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def files():
    return [*Path().iterdir(), *Path("../temporary").iterdir()]

def report(point, status):
    left = files()
    said = Path("../said").read_text()
    line = json.dumps([point, status, said, sorted(path.name for path in left)])
    os.write(REPORTS, f"{line}\\n".encode())
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()

class Interrupting:
    def __init__(self, modules):
        self.modules = modules

    def find_spec(self, name, path, target=None):
        if name in self.modules:
            self.modules.remove(name)
            self.interrupt(name)

    def interrupt(self, name):
        os.kill(os.getpid(), signal.SIGINT)

class InterruptingForks(Interrupting):
    # Interrupts a fork of the command, which itself goes on. A fork has no other threads, and removes the files of
    # both: where there are any, the module is left for a run of its own.
    def interrupt(self, name):
        if files() or threading.active_count() > 1 or multiprocessing.active_children():
            print(name, file=open("../alone", "a"))
        else:
            pid = os.fork()
            if not pid:
                redirect()
                self.modules.clear()
                os.kill(os.getpid(), signal.SIGINT)
                return
            report(name, ended(pid))
        if not self.modules:
            os._exit(0)

def at_import(finder, args):
    sys.meta_path.insert(0, finder)
    command(args)

REPORTS = os.dup(1)

def at_event(number, sent, args):
    seen = 0
    def hook(event, given):
        nonlocal seen
        if event in EVENTS and not str(given[0]).endswith((".py", ".pyc")):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), sent)
    sys.addaudithook(hook)
    command(args)

EVENTS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.scandir", "shutil.rmtree",
          "os.listdir"}
"""
MODULES = """
from importlib import import_module

COMMANDS = {
    "hcfmt.cli": ["--version"],
    "hcfmt.cli.app hcfmt.cli.catalogue": ["rules"],
    "hcfmt.cli.validation": ["validate", SAMPLE],
    "hcfmt.cli.validate": ["validate", "--format", "text", SAMPLE],
    "hcfmt.workers": ["validate", "-j", "2", SAMPLE],
    "hcfmt.generation.generate": ["generate", "-o", "out.tar"],
    "hcfmt.server.http.app hcfmt.server.running hcfmt.server.store": ["serve", SAMPLE],
    "hcfmt.corpus.suite": ["corpus", "out"],
}

def imported():
    seen = set()
    with open(sys.argv[1], "w") as file:
        for brought in COMMANDS:
            for module in brought.split():
                import_module(module)
            for name in sorted({name for name in sys.modules if name.startswith("hcfmt")} - seen):
                print(name, brought, file=file)
                seen.add(name)

# What is not hcfmt's is there already.
import asyncio, cryptography, faker, jsonschema_rs, multiprocessing, PIL, rich, starlette, typer, uvicorn
forked(imported)
modules = [line.split(" ", 1) for line in open(sys.argv[1]).read().splitlines()]
alone = Path("../alone")
for brought, args in COMMANDS.items():
    names = {name for name, by in modules if by == brought} - EARLIEST
    alone.write_text("")
    assert forked(lambda: at_import(InterruptingForks(names), args)) == 0, Path("../said").read_text()
    for path in files():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in alone.read_text().split():
        report(name, forked(lambda: at_import(Interrupting({name}), args)))
    for name in names:  # have been looked at, and need not be imported again
        import_module(name)
"""
EVERY = 9  # uses of a file by a command that writes many: at one of them it is interrupted
POINTS = """
import hcfmt.cli  # the imports are another test's
sent, step, *args = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]
hcfmt.cli.command_of(args)
number, status = 0, 130
while status == 130:
    number += step
    status = forked(lambda: at_event(number, sent, args))
    report(number, status)
"""


def points(tmp_path: Path, code: str, *args: str) -> list[tuple[str | int, int, str, list[str]]]:
    """Run a script in an empty directory; return each point, the exit status, what was written, and what was left."""
    (tmp_path / "work").mkdir()
    (tmp_path / "temporary").mkdir()
    compiled = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"),
    }  # once, and not each time
    env = environment({"HCFMT_PASSWORD": PASSWORD, "TMPDIR": str(tmp_path / "temporary"), **compiled})
    code = f"SAMPLE, EARLIEST = {str(SAMPLE)!r}, {EARLIEST!r}\n{SCRIPT}{code}"
    command = [sys.executable, "-c", code, *args]
    done = subprocess.run(command, cwd=tmp_path / "work", env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_an_interrupt_at_the_import_of_any_module_ends_the_command(tmp_path: Path) -> None:
    found = points(tmp_path, MODULES, str(tmp_path / "modules"))
    assert len(found) > 150
    assert [point for point in found if point[1:] != (130, "hcfmt: interrupted\n", [])] == []


@pytest.mark.parametrize(
    ("sent", "args", "complete"),
    [
        *((sent, ("decrypt", str(SAMPLE), "-o", "out"), [["out"]]) for sent in ("SIGINT", "SIGTERM", "SIGHUP")),
        (
            "SIGINT",
            ("break", str(SAMPLE), "--rule", "HC401", "-o", "out", "--answers", "answers"),
            [["out"], ["answers", "out"]],
        ),
        ("SIGINT", ("export", str(SAMPLE), "out.db"), [["out.db"]]),
        ("SIGINT", ("view", str(SAMPLE), "--export", "page"), [["page"]]),
        ("SIGINT", ("validate", str(SAMPLE)), []),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0] if isinstance(value, tuple) else "",
)
@pytest.mark.slow
def test_an_interrupt_at_any_use_of_a_file_leaves_all_or_nothing(
    tmp_path: Path, sent: str, args: Sequence[str], complete: list[list[str]]
) -> None:
    step = EVERY if args[0] == "view" else 1
    *interrupted, last = points(tmp_path, POINTS, str(int(signal.Signals[sent])), str(step), *args)
    assert last[1] == 0
    assert len(interrupted) > 3
    printed = {"", last[2]} if args[0] == "validate" else {""}  # a finished report is printed
    assert {point[2] for point in interrupted} <= {f"{text}hcfmt: interrupted\n" for text in printed}
    assert [point for point in interrupted if point[3] not in ([], *complete)] == []


LISTENING = """
import os, signal, sys, threading
from hcfmt.cli.interrupts import InterruptHandler

def send(sent=signal.SIGINT):
    os.kill(os.getpid(), sent)

class Finalized:
    def __del__(self):
        send()

def finalizer():
    Finalized()
    signal.sigtimedwait([], 60)  # until it comes again

def other_error():
    class Failing:
        def __del__(self):
            raise ValueError("printed")
    try:
        send()
    except KeyboardInterrupt:
        Failing()
        raise

def at_once():
    send()

def again_while_undoing():
    try:
        send()
    finally:
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            send(sent)
        print("undone", flush=True)

def main():
    listener = InterruptHandler(main.__code__)
    listener.start()
    try:
        globals()[sys.argv[1]]()
    except KeyboardInterrupt:
        listener.stop()
        send()
        print("heard", flush=True)

main()
"""


@pytest.mark.parametrize(
    ("case", "out", "err"),
    [
        ("at_once", "heard\n", ""),
        ("again_while_undoing", "undone\nheard\n", ""),
        ("finalizer", "heard\n", ""),
        ("other_error", "heard\n", "ValueError: printed"),
    ],
)
def test_the_first_interrupt_is_raised_anywhere_and_later_ones_are_ignored(case: str, out: str, err: str) -> None:
    command = [sys.executable, "-c", LISTENING, case]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, out)
    assert err in done.stderr
    assert bool(done.stderr) == bool(err)


@pytest.mark.parametrize("sent", ["SIGINT", "SIGHUP"])
def test_an_ignored_signal_stays_ignored(sent: str) -> None:
    code = f"""
import os, signal
signal.signal(signal.{sent}, signal.SIG_IGN)
import hcfmt.cli as cli
cli.command_of = lambda _: lambda: os.kill(os.getpid(), signal.{sent})
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert done.returncode == 4  # a command that returns is none


def test_an_interrupt_that_causes_another_error_is_an_interrupt() -> None:
    code = """
import os, signal
import hcfmt.cli as cli
def command():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise ValueError from None
cli.command_of = lambda _: command
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"hcfmt: interrupted\n")


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "print", "signal.default_int_handler"])
@pytest.mark.slow
def test_a_program_that_imports_the_command_keeps_its_handler(handler: str) -> None:
    code = f"""
import signal, threading
signal.signal(signal.SIGINT, {handler})
def bring():
    import hcfmt.cli
thread = threading.Thread(target=bring)
thread.start()
thread.join()
import sys
assert "hcfmt.cli" in sys.modules
for name in [name for name in sys.modules if name.startswith("hcfmt")]:
    del sys.modules[name]
bring()
assert signal.getsignal(signal.SIGINT) is {handler}
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
