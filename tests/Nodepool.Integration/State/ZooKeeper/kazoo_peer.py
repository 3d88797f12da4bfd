"""A peer of Nodepool's locks, as Zuul and the Python launcher are: reads orders from standard input, answers one line each."""
import sys

from kazoo.client import KazooClient
from kazoo.recipe.lock import Lock


def count(client, lock_path, counter, rounds):
    for _ in range(rounds):
        with Lock(client, lock_path, identifier="kazoo"):
            data, stat = client.get(counter)
            client.set(counter, str(int(data) + 1).encode(), version=stat.version)


def main():
    client = KazooClient(hosts=sys.argv[1], timeout=float(sys.argv[2]))
    client.start()
    print("connected", flush=True)
    locks = {}
    for line in sys.stdin:
        order, *arguments = line.split()
        if order == "lock":
            path, blocking = arguments[0], arguments[1] == "wait"
            locks[path] = Lock(client, path, identifier="kazoo")
            print("locked" if locks[path].acquire(blocking=blocking) else "busy", flush=True)
        elif order == "release":
            locks[arguments[0]].release()
            print("released", flush=True)
        elif order == "contenders":
            print(",".join(Lock(client, arguments[0]).contenders()), flush=True)
        elif order == "count":
            count(client, arguments[0], arguments[1], int(arguments[2]))
            print("counted", flush=True)


main()
