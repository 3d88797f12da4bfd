"""A peer of the tree with Debian's kazoo: Zuul's steps one by one, a crowd of Zuul's jobs, and the bare operations of which a Python launcher is made.

Orders come on standard input, one JSON object a line ({"do": name, …}); each is answered by one line: {"is": …} or {"error": class of the exception}.
"""
import collections
import json
import random
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, LockTimeout, NoNodeError
from kazoo.recipe.lock import Lock

NODES, REQUESTS, LOCKS = "/nodepool/nodes", "/nodepool/requests", "/nodepool/requests-lock"
REQUIRED = ("requestor_data", "requestor", "node_types", "provider", "state", "state_time", "event_id")
NODE_OUR_OWN = ("state", "name", "aliases")
ENDS = ("fulfilled", "failed")


class Tree:
    """The bare operations."""

    def __init__(self, client):
        self.client = client
        self.locks = {}

    def create(self, path, data=None, text="", ephemeral=False, sequence=False):
        raw = text.encode() if data is None else json.dumps(data).encode()
        return self.client.create(path, raw, ephemeral=ephemeral, sequence=sequence, makepath=True)

    def get(self, path):
        raw, stat = self.client.get(path)
        return {"data": json.loads(raw) if raw else None, "version": stat.version, "children": stat.numChildren}

    def set(self, path, data, version=-1):
        return self.client.set(path, json.dumps(data).encode(), version=version).version

    def delete(self, path):
        self.client.delete(path)

    def children(self, path):
        return sorted(self.client.get_children(path)) if self.client.exists(path) else []

    def lock(self, path, timeout=None):
        """Waits as long as that; without a time it does not wait at all."""
        lock = Lock(self.client, path)
        try:
            held = lock.acquire(blocking=timeout is not None, timeout=timeout)
        except LockTimeout:
            held = False
        if held:
            self.locks[path] = lock
        return held

    def unlock(self, path):
        self.locks.pop(path).release()


class Zuul:
    """A scheduler and an executor on one session."""

    def __init__(self, tree, system="c0ffee00c0ffee00c0ffee00c0ffee00"):
        self.tree, self.client, self.system = tree, tree.client, system
        self.asked, self.nodes, self.seen = {}, {}, {}

    def request(self, labels, precedence=200, relative_priority=0, provider=None):
        now = time.time()
        data = {
            "node_types": labels, "requestor": self.system, "created_time": now, "provider": provider,
            "requestor_data": {
                "build_set_uuid": "%032x" % random.getrandbits(128), "tenant_name": "tenant-één", "pipeline_name": "gate",
                "job_uuid": "%032x" % random.getrandbits(128), "job_name": "build-ünï-日本 🚀 \"quoted\"\\ \u2028",
                "span_info": {"name": "RequestNodes", "trace_id": (1 << 127) + random.getrandbits(126), "span_id": (1 << 63) + 1, "start_time": time.time_ns()},
            },
            "state": "requested", "state_time": now, "relative_priority": relative_priority, "event_id": "%032x" % random.getrandbits(128),
            "tenant_name": "tenant-één",
            "of_a_later_zuul": {"int": 340282366920938463463374607431768211455, "float": 0.1, "small": 1e-300, "list": [None, True, {}]},
        }
        path = self.client.create("%s/%03d-" % (REQUESTS, precedence), json.dumps(data).encode(), sequence=True, makepath=True)
        name = path.rpartition("/")[2]
        self.asked[name] = data
        return name

    def read(self, name):
        """As the scheduler's cache does; it keeps what it saw for the next revision."""
        raw, stat = self.client.get("%s/%s" % (REQUESTS, name))
        data = json.loads(raw)
        missing = [key for key in REQUIRED if key not in data]
        if missing:
            raise KeyError(",".join(missing))
        self.seen[name] = (data, stat.version)
        return data

    def changed(self, name):
        """Keys that are not as the client wrote them, those of the launcher apart."""
        data, ours = self.read(name), self.asked[name]
        return [key for key in ours if key not in ("state", "state_time", "relative_priority") and (key not in data or data[key] != ours[key] or type(data[key]) is not type(ours[key]))]

    def revise(self, name, relative_priority):
        """With what was read before, under the lock, if it is free."""
        data, version = self.seen[name]
        lock = Lock(self.client, "%s/%s" % (LOCKS, name))
        if not lock.acquire(blocking=False):
            return "locked"
        try:
            data = dict(data, relative_priority=relative_priority)
            self.client.set("%s/%s" % (REQUESTS, name), json.dumps(data).encode(), version=version)
            return "revised"
        except BadVersionError:
            return "changed meanwhile"
        finally:
            lock.release()

    def wait(self, name, timeout=60):
        end = time.monotonic() + timeout
        while True:
            happened = threading.Event()
            raw, _ = self.client.get("%s/%s" % (REQUESTS, name), watch=lambda _: happened.set())
            state = json.loads(raw)["state"]
            if state in ENDS or time.monotonic() >= end:
                return state
            happened.wait(min(5, max(0, end - time.monotonic())))

    def accept(self, name):
        """What the executor does: locks every node, and deletes the request whether that worked or not."""
        raw, _ = self.client.get("%s/%s" % (REQUESTS, name))
        request = json.loads(raw)
        taken = []
        try:
            assert len(request["nodes"]) == len(request["node_types"]), "nodes and labels differ"
            for node, label in zip(request["nodes"], request["node_types"]):
                data = json.loads(self.client.get("%s/%s" % (NODES, node))[0])
                assert data["state"] == "ready" and data["allocated_to"] == name, "node %s is %s for %s, not %s" % (node, data["state"], data["allocated_to"], name)
                assert isinstance(data["type"], list) and label in data["type"], "node %s is a %s, not a %s" % (node, data["type"], label)
                assert isinstance(data["host_keys"], list) and data["interface_ip"] and data["requestor"] == request["requestor"]
                if not self.tree.lock("%s/%s/lock" % (NODES, node), 30):
                    raise LockTimeout(node)
                self.nodes[node] = data
                taken.append(node)
        finally:
            self.cancel(name)
        return taken

    def _store(self, node, **changes):
        kept = {key: value for key, value in self.nodes[node].items() if key not in NODE_OUR_OWN}
        data = dict(kept, id=node, hold_job=kept.get("hold_job"), comment=kept.get("comment"), user_data=kept.get("user_data"), state=self.nodes[node]["state"])
        data.update({key: value for key, value in changes.items() if key in kept or key not in ("state_time", "hold_expiration")})
        if "state" in changes and "state_time" in kept:
            data["state_time"] = time.time()
        self.client.set("%s/%s" % (NODES, node), json.dumps(data).encode())
        self.nodes[node] = data

    def use(self, node):
        self._store(node, state="in-use", user_data={"zuul_system": self.system, "project_name": "example.org/project"})

    def finish(self, node):
        self._store(node, state="used")
        self.release(node)

    def hold(self, node, expiration=None):
        self._store(node, state="hold", hold_job="tenant project job ref", comment="held for ünïcode", hold_expiration=expiration)
        self.release(node)

    def unhold(self, node):
        """The hold is deleted: get, lock without waiting, used, unlock."""
        self.nodes[node] = json.loads(self.client.get("%s/%s" % (NODES, node))[0])
        if not self.tree.lock("%s/%s/lock" % (NODES, node)):
            return False
        self.finish(node)
        return True

    def release(self, node):
        self.tree.unlock("%s/%s/lock" % (NODES, node))

    def cancel(self, name):
        try:
            self.client.delete("%s/%s" % (REQUESTS, name))
        except NoNodeError:
            pass


class Crowd:
    """Jobs that ask, use and return, some of which change their mind; keeps account until it is told to stop."""

    def __init__(self, client, labels, jobs, cancel):
        self.zuul_of = lambda: Zuul(Tree(client))
        self.client, self.labels, self.cancel = client, labels, cancel
        self.counts, self.used, self.errors = collections.Counter(), {}, []
        self.guard, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(jobs)]
        for thread in self.threads:
            thread.start()

    def _count(self, what):
        with self.guard:
            self.counts[what] += 1

    def _run(self):
        while not self.stopping.is_set():
            try:
                self._job()
            except Exception as e:  # Everything is a finding.
                with self.guard:
                    self.errors.append("%s: %s" % (type(e).__name__, e))
                self.stopping.wait(1)

    def _job(self):
        zuul = self.zuul_of()
        name = zuul.request([random.choice(self.labels) for _ in range(random.choice((1, 1, 1, 2)))])
        self._count("asked")
        if random.random() < self.cancel:
            time.sleep(random.random() * 1.5)
            zuul.cancel(name)
            self._count("cancelled")
            return
        state = zuul.wait(name, 240)
        if state != "fulfilled":
            self._count(state)
            zuul.cancel(name)
            return
        changed = zuul.changed(name)
        assert not changed, "%s: changed %s" % (name, changed)
        nodes = zuul.accept(name)
        for node in nodes:
            zuul.use(node)
            with self.guard:
                if node in self.used:
                    self.errors.append("node %s given to %s and to %s" % (node, self.used[node], name))
                self.used[node] = name
        time.sleep(random.random() * 0.3)
        for node in nodes:
            zuul.finish(node)
        self._count("served")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(300)
        assert not any(thread.is_alive() for thread in self.threads), "jobs that never end"
        return self.account()

    def account(self):
        with self.guard:
            return dict({key: self.counts[key] for key in ("asked", "served", "cancelled", "failed", "requested", "pending")}, nodes=len(self.used), errors=self.errors[:20])


def main():
    client = KazooClient(hosts=sys.argv[1], timeout=float(sys.argv[2]), connection_retry={"max_tries": -1, "max_delay": 1}, command_retry={"max_tries": -1, "max_delay": 1})
    client.start(timeout=60)
    tree = Tree(client)
    zuul, crowd = Zuul(tree), None
    print(json.dumps({"is": "connected"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        name = order.pop("do")
        try:
            if name == "crowd":
                crowd = Crowd(client, **order)
                answer = None
            elif name in ("stop", "account"):
                answer = getattr(crowd, name)()
            elif name == "end":
                client.stop()
                answer = None
            else:
                answer = getattr(zuul if hasattr(zuul, name) else tree, name)(**order)
            print(json.dumps({"is": answer}), flush=True)
        except Exception as e:  # It is the test that judges.
            print(json.dumps({"error": type(e).__name__, "text": str(e)}), flush=True)


main()
