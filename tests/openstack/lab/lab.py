"""Brings a lab up."""
import glob
import os
import shutil
import sys
import threading
import time

import contents
from configuration import COMPUTE_HOSTS, HOST, REGION, Configuration
from processes import Failure, answers, listens

DATABASES = ("keystone", "glance", "placement", "nova_api", "nova_cell0", "nova_cell1", "neutron")
PROGRAMS = {
    "keystone-manage": "keystone", "glance-api": "glance-api", "uwsgi": "uwsgi-core", "placement-api": "placement-api", "nova-api": "nova-api",
    "nova-conductor": "nova-conductor", "nova-scheduler": "nova-scheduler", "neutron-server": "neutron-server", "mariadbd": "mariadb-server-core",
    "mariadb": "mariadb-client-core", "rabbitmq-server": "rabbitmq-server", "memcached": "memcached", "epmd": "erlang-base"}
# Debian's package of nova-compute brings every hypervisor with it; its entry point is in python3-nova.
COMPUTE = 'import sys; sys.argv[0] = "nova-compute"; from nova.cmd.compute import main; sys.exit(main())'
CELL0, CELL1 = "00000000-0000-0000-0000-000000000000", "11111111-1111-4111-8111-111111111111"


def start(directory, services):
    _check()
    if len(str(directory)) > 80:
        raise Failure(f"{directory} is too long for the path of a unix socket: at most 80 characters")
    began = time.monotonic()
    configuration = Configuration(directory)
    configuration.write()
    bed = Bed(directory, services, configuration)
    for what, step in (("database, queue, cache", bed.start_infrastructure), ("schemas", bed.migrate), ("identity", bed.start_identity),
                       ("services", bed.start_services), ("networks, flavors, hosts", bed.fill)):
        step()
        print(f"{time.monotonic() - began:5.0f} s  {what}", file=sys.stderr, flush=True)


def _check():
    missing = sorted({package for program, package in PROGRAMS.items() if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/rabbitmq/bin")})
    if missing:
        raise Failure(f"not installed: {' '.join(missing)}; ./dev test installs all that is needed")


class Bed:
    def __init__(self, directory, services, configuration):
        self.directory, self.services, self.configuration = directory, services, configuration
        self.etc = directory / "etc"
        self.nova = ("--config-file", self.etc / "nova.conf", "--config-file", self.etc / "nova-databases.conf")
        self.neutron = ("--config-file", self.etc / "neutron.conf", "--config-file", self.etc / "ml2.conf")
        self.keystone = ("--config-dir", self.etc / "keystone")

    def start_infrastructure(self):
        data, ports = self.directory / "mysql", self.configuration.ports
        user = ("--user=root",) if os.geteuid() == 0 else ()
        memcached_user = ("-u", "root") if os.geteuid() == 0 else ()
        self.services.start("epmd", "epmd", "-address", HOST, "-port", ports["epmd"])
        self.services.start("memcached", "memcached", *memcached_user, "-l", HOST, "-p", ports["memcached"], "-U", "0", "-m", "64")
        self.services.once("mariadb-install", "mariadb-install-db", "--no-defaults", *user, f"--datadir={data}",
                           "--auth-root-authentication-method=normal", "--skip-test-db")
        self.services.start(
            "mariadb", "mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--socket={self.configuration.database_socket}",
            f"--pid-file={self.directory / 'mysqld.pid'}", "--skip-networking", "--skip-log-bin", "--max-connections=1500", "--innodb-buffer-pool-size=192M",
            "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--innodb-log-file-size=64M", "--character-set-server=utf8mb3",
            "--collation-server=utf8mb3_general_ci", "--performance-schema=OFF", "--log-warnings=1")
        self.services.wait("epmd", 30, lambda: listens(ports["epmd"]))
        self._start_rabbit(ports)
        self.services.wait("mariadb", 60, lambda: self.configuration.database_socket.exists() and self._is_answered("select 1"))

    def _start_rabbit(self, ports):
        home = self.directory / "rabbit"
        home.mkdir()
        program = sorted(glob.glob("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"))[-1]
        self.services.start(
            "rabbitmq", program, HOME=home, ERL_EPMD_ADDRESS=HOST, ERL_EPMD_PORT=ports["epmd"], RABBITMQ_CONF_ENV_FILE=self.etc / "rabbitmq-env.conf",
            RABBITMQ_NODENAME="lab@localhost", RABBITMQ_CONFIG_FILE=self.etc / "rabbitmq.conf", RABBITMQ_ADVANCED_CONFIG_FILE=self.etc / "none",
            RABBITMQ_ENABLED_PLUGINS_FILE=self.etc / "rabbitmq.plugins", RABBITMQ_MNESIA_BASE=home / "mnesia", RABBITMQ_LOG_BASE=self.directory / "log",
            RABBITMQ_LOGS="-", RABBITMQ_PID_FILE=home / "pid", RABBITMQ_DIST_PORT=ports["distribution"],
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none")

    def _sql(self, name, text, database=()):
        self.services.once(name, "mariadb", "--no-defaults", "-u", "root", "-S", self.configuration.database_socket, "-e", text, *database)

    def _is_answered(self, text):
        try:
            self._sql("mariadb-ping", text)
            return True
        except Failure:
            return False

    def migrate(self):
        self._sql("databases", "".join(f"create database {name} character set utf8mb3;" for name in DATABASES))
        failures = []

        def all_of(*steps):
            try:
                for name, *command in steps:
                    self.services.once("schema-" + name, *command)
            except Failure as failure:
                failures.append(failure)

        chains = [
            [("neutron", "neutron-db-manage", *self.neutron, "upgrade", "heads")],
            [("keystone", "keystone-manage", *self.keystone, "db_sync"),
             ("placement", "placement-manage", "--config-file", self.etc / "placement" / "placement.conf", "db", "sync"),
             ("glance", "glance-manage", "--config-file", self.etc / "glance.conf", "db_sync"),
             ("nova-api", "nova-manage", *self.nova, "api_db", "sync"),
             ("nova-cell0", "nova-manage", *self.nova, "cell_v2", "map_cell0", "--database_connection", self.configuration.database("nova_cell0")),
             ("nova", "nova-manage", *self.nova, "db", "sync")]]
        threads = [threading.Thread(target=all_of, args=chain) for chain in chains]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        # What nova-manage would do in three more starts of Python; known hosts need no discovery, which begins a minute late.
        self._sql("cells", f"insert into cell_mappings (created_at, uuid, name, transport_url, database_connection, disabled) values "
                  f"(now(), '{CELL1}', 'cell1', '{self.configuration.messages}', '{self.configuration.database('nova_cell1')}', 0);" + "".join(
                      f"insert into host_mappings (created_at, cell_id, host) select now(), id, 'lab-compute-{number}' from cell_mappings where uuid = '{CELL1}';"
                      for number in range(1, COMPUTE_HOSTS + 1)), ("nova_api",))

    def start_identity(self):
        url = self.configuration.auth_url
        owner = () if os.geteuid() != 0 else ("--keystone-user", "root", "--keystone-group", "root")
        for name in ("fernet", "credential"):
            (self.directory / name).mkdir(mode=0o700)
            self.services.once(name, "keystone-manage", *self.keystone, name + "_setup", *owner)
        self.services.once("keystone-bootstrap", "keystone-manage", *self.keystone, "bootstrap", "--bootstrap-username", "admin",
                           "--bootstrap-password", self.configuration.password, "--bootstrap-project-name", "admin", "--bootstrap-region-id", REGION,
                           "--bootstrap-admin-url", url, "--bootstrap-internal-url", url, "--bootstrap-public-url", url)
        self.services.start("keystone", "uwsgi", "--ini", self.etc / "keystone-uwsgi.ini", OS_KEYSTONE_CONFIG_DIR=self.etc / "keystone")
        self.services.start("placement", "uwsgi", "--ini", self.etc / "placement-uwsgi.ini", OS_PLACEMENT_CONFIG_DIR=self.etc / "placement")
        self.services.wait("keystone", 180, lambda: answers(url))
        contents.make_identity(self.configuration)

    def start_services(self):
        ports = self.configuration.ports
        self.services.wait("rabbitmq", 120, lambda: listens(ports["rabbit"]))
        self.services.start("neutron", "neutron-server", *self.neutron)
        for name in ("conductor", "api", "scheduler"):
            self.services.start("nova-" + name, "nova-" + name, *self.nova)
        self.services.start("glance", "glance-api", "--config-file", self.etc / "glance.conf")
        for number in range(1, COMPUTE_HOSTS + 1):
            self.services.start(f"nova-compute-{number}", sys.executable, "-P", "-c", COMPUTE, "--config-file", self.etc / "nova.conf",
                                "--config-file", self.etc / f"nova-compute-{number}.conf")
        for name, service in (("placement", "placement"), ("glance", "glance"), ("neutron", "neutron"), ("nova", "nova-api")):
            self.services.wait(service, 240, lambda url=self.configuration.url(name) + "/": answers(url))

    def fill(self):
        contents.make_resources(self.configuration, self.services)
