"""A real OpenStack on loopback from Debian's packages: Keystone, Placement, Glance, Neutron, and Nova with its own fake hypervisor.

    /usr/bin/python3 tests/openstack/lab run DIR     starts it, says 'ready', and ends with Ctrl-C, SIGTERM or the end of its input
    /usr/bin/python3 tests/openstack/lab stop DIR    ends it; also what a 'run' that was killed has left

DIR holds everything that it writes, and is removed at the end. It needs no port and no address of the host's own, and is not meant for
anything but tests: everything is lost with it, and its passwords are in DIR/lab.json.
"""
import argparse
import pathlib
import select
import signal
import sys

import lab
import processes


def run(directory, keep):
    def stop(*_):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    processes.stop(directory)
    processes.sweep(directory)
    directory.mkdir(mode=0o700, parents=True)
    services = processes.Services(directory)
    try:
        lab.start(directory, services)
        print("ready", directory / "clouds.yaml", flush=True)
        while services.check():
            # The end of the input is the end of whoever wanted the lab; it says nothing in between.
            if select.select([sys.stdin], [], [], 1)[0] and not sys.stdin.isatty() and not sys.stdin.buffer.read1():
                break
    except KeyboardInterrupt:
        pass
    finally:
        # A second signal must not leave half of it.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if keep:
            services.stop()
        else:
            processes.stop(directory)


def main():
    parser = argparse.ArgumentParser(prog="lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("run", "stop"))
    parser.add_argument("directory", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--keep", action="store_true", help="leave DIR with its logs")
    arguments = parser.parse_args()
    directory = arguments.directory.absolute()
    try:
        run(directory, arguments.keep) if arguments.command == "run" else processes.stop(directory)
        return 0
    except processes.Failure as failure:
        print("openstack lab:", failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
