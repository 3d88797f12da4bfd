"""The processes of a lab. Each service leads a session of its own, and DIR/processes tells of all of them, so that whoever comes later can end them."""
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

RECORDS = "processes"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Failure(Exception):
    """The lab cannot be; the text says why."""


def _stat(pid):
    """State, session and start time of a process, or None. The start time tells it from a later one with the same number."""
    try:
        fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[3]), fields[19]


def _members(session):
    numbers = (int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if (stat := _stat(pid)) and stat[1] == session and stat[0] != "Z"]


def _is_ours(pid, start):
    """Whether a session is still the recorded one. While it has members its number is given to nobody else, also after its leader's death."""
    stat = _stat(pid)
    return stat is None or stat[2] == start


def _records(directory):
    try:
        return [line.split() for line in (directory / RECORDS).read_text().splitlines()]
    except OSError:
        return []


def _kill(directory):
    """Ends all recorded sessions at once: nothing in the directory is worth an orderly end."""
    for _ in range(100):
        left = []
        for name, pid, start in _records(directory):
            if name != "lab" and _is_ours(int(pid), start):
                left += _members(int(pid))
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)
    raise Failure(f"these processes of {directory} do not end: {left}")


def stop(directory):
    """Ends what runs in a lab's directory, and removes it. A directory that is no lab's is left alone."""
    if not directory.exists():
        return
    records = _records(directory)
    if not records and any(directory.iterdir()):
        raise Failure(f"{directory} is no lab's directory: it is not touched")
    for name, pid, start in records:
        if name == "lab" and int(pid) != os.getpid() and (stat := _stat(int(pid))) and stat[2] == start:
            os.kill(int(pid), signal.SIGTERM)
            for _ in range(300):
                if not directory.exists():
                    return
                time.sleep(0.1)
    _kill(directory)
    shutil.rmtree(directory, ignore_errors=True)


def sweep(directory):
    """Removes what is left of labs beside this one whose 'run' was killed."""
    prefix = directory.name.rstrip("0123456789")
    for other in directory.parent.glob(prefix + "[0-9]*"):
        lab = next((record for record in _records(other) if record[0] == "lab"), None)
        if prefix and other != directory and lab and ((stat := _stat(int(lab[1]))) is None or stat[2] != lab[2]):
            stop(other)


class Services:
    """Starts the services of one lab and looks after them."""

    def __init__(self, directory):
        self.directory = directory
        self.running = {}
        (directory / "log").mkdir()
        self._record("lab", os.getpid())

    def start(self, name, *command, **environment):
        with open(self.directory / "log" / f"{name}.out", "ab") as out:
            process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                cwd=self.directory, env=self._environment(environment),
                # Should this process be killed, most of what it started dies with it; the next run or stop finds the rest.
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        self.running[name] = process
        self._record(name, process.pid)

    def once(self, name, *command, **environment):
        """Runs a command to its end."""
        log = self.directory / "log" / f"{name}.out"
        with open(log, "ab") as out:
            status = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                    cwd=self.directory, env=self._environment(environment)).returncode
        if status != 0:
            raise Failure(f"{name} failed (exit status {status}): {command[0]}{self._tail(name)}")

    def wait(self, name, seconds, is_ready):
        """Waits until a service is ready, as long as it lives."""
        end = time.monotonic() + seconds
        while not is_ready():
            if self.running[name].poll() is not None:
                raise Failure(f"{name} ended while it started (exit status {self.running[name].returncode}){self._tail(name)}")
            if time.monotonic() > end:
                raise Failure(f"{name} is not ready after {seconds} s{self._tail(name)}")
            time.sleep(0.1)

    def check(self):
        """Fails when a service has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Failure(f"{name} has ended by itself (exit status {process.returncode}){self._tail(name)}")
        return True

    def stop(self):
        _kill(self.directory)

    def _record(self, name, pid):
        with open(self.directory / RECORDS, "a") as records:
            records.write(f"{name} {pid} {_stat(pid)[2]}\n")

    def _environment(self, more):
        # Nothing of the caller's clouds, proxies and modules gets in.
        base = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.directory), "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(pathlib.Path(__file__).parent / "ml2")}
        return base | {name: str(value) for name, value in more.items()}

    def _tail(self, name):
        lines = []
        for log in sorted((self.directory / "log").glob(f"{name}.*")):
            lines += [f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-25:]]
        return "".join("\n" + line for line in lines)


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10):
            return True
    except urllib.error.HTTPError as error:
        # Nova and Glance answer their root with 300 Multiple Choices.
        return error.code < 400
    except OSError:
        return False
