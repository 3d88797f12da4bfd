"""Configuration files of the services."""
import json
import pathlib
import secrets
import socket

REGION = "RegionOne"
HOST = "127.0.0.1"
WORKERS = 2
# More hosts cost more traffic with Placement and gain nothing.
COMPUTE_HOSTS = 4
PORTS = ("keystone", "glance", "nova", "placement", "neutron", "rabbit", "distribution", "epmd", "memcached")
QUIET = ("amqp=WARN,sqlalchemy=WARN,oslo.messaging=INFO,oslo_messaging=INFO,keystonemiddleware=WARN,urllib3=WARN,stevedore=WARN,"
         "nova.api.openstack.requestlog=WARN,nova.osapi_compute.wsgi.server=WARN,neutron.api.rpc=WARN,keystone=WARN,py.warnings=ERROR")


def free_ports():
    """Consecutive ports that nobody listens on, below those that the kernel gives to outgoing connections."""
    while True:
        first = 20000 + secrets.randbelow(400) * 20
        sockets = [socket.socket() for _ in PORTS]
        try:
            for number, each in enumerate(sockets):
                each.bind((HOST, first + number))
            return {name: first + number for number, name in enumerate(PORTS)}
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()


class Configuration:
    """Where everything of one lab is, and the files that tell the services."""

    def __init__(self, directory):
        self.directory = directory
        self.ports = free_ports()
        self.password = secrets.token_hex(12)
        self.auth_url = self.url("keystone") + "/v3"
        self.database_socket = directory / "mysqld.sock"
        for name in ("etc/keystone", "etc/placement", "images", "staging", "tasks", "nova", "instances", "neutron", "lock"):
            (directory / name).mkdir(parents=True)

    def url(self, name):
        return f"http://{HOST}:{self.ports[name]}"

    @property
    def messages(self):
        return f"rabbit://lab:{self.password}@{HOST}:{self.ports['rabbit']}/"

    def database(self, name):
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.database_socket}&charset=utf8"

    def write(self):
        self._ini("keystone/keystone.conf", self._keystone())
        self._ini("placement/placement.conf", self._placement())
        self._ini("glance.conf", self._glance())
        self._ini("nova.conf", self._nova())
        # Computes complain when they are given databases.
        self._ini("nova-databases.conf", {"api_database": self._pool("nova_api"), "database": self._pool("nova_cell1")})
        for number in range(1, COMPUTE_HOSTS + 1):
            self._ini(f"nova-compute-{number}.conf", {"DEFAULT": {
                "host": f"lab-compute-{number}", "log_file": self._log(f"nova-compute-{number}"), "executor_thread_pool_size": 12}})
        self._ini("neutron.conf", self._neutron())
        self._ini("ml2.conf", {
            "ml2": {"type_drivers": "local", "tenant_network_types": "local", "mechanism_drivers": "lab", "extension_drivers": "port_security"},
            "securitygroup": {"enable_security_group": "true"}})
        self._ini("keystone-uwsgi.ini", self._uwsgi("keystone", "/usr/bin/keystone-wsgi-public"))
        self._ini("placement-uwsgi.ini", self._uwsgi("placement", "/usr/bin/placement-api"))
        self._file("etc/rabbitmq.conf", f"listeners.tcp.default = {HOST}:{self.ports['rabbit']}\ndefault_user = lab\ndefault_pass = {self.password}\n"
                   "loopback_users = none\nlog.console = true\nlog.console.level = warning\nlog.file = false\n"
                   "vm_memory_high_watermark.absolute = 1GB\ndisk_free_limit.absolute = 50MB\n")
        self._file("etc/rabbitmq.plugins", "[].\n")
        self._file("etc/rabbitmq-env.conf", "")
        self._file("lab.json", json.dumps({"auth_url": self.auth_url, "region": REGION, "password": self.password}))
        self._file("clouds.yaml", self._clouds())

    def _file(self, name, text):
        path = pathlib.Path(self.directory, name)
        path.touch(mode=0o600)
        path.write_text(text)

    def _ini(self, name, sections):
        self._file("etc/" + name, "".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) for section, keys in sections.items()))

    def _log(self, name):
        return self.directory / "log" / f"{name}.log"

    def _credentials(self, user):
        return {"auth_type": "password", "auth_url": self.auth_url, "username": user, "password": self.password, "project_name": "service",
                "user_domain_name": "Default", "project_domain_name": "Default", "region_name": REGION}

    def _authtoken(self, user):
        return self._credentials(user) | {
            "www_authenticate_uri": self.auth_url, "memcached_servers": f"{HOST}:{self.ports['memcached']}", "token_cache_time": 3600,
            "service_token_roles_required": "true", "service_token_roles": "service,admin"}

    def _pool(self, name):
        # A hundred parallel deletions exhaust the usual sizes.
        return {"connection": self.database(name), "max_pool_size": 15, "max_overflow": 100, "pool_timeout": 180, "max_retries": 10}

    def _cache(self):
        return {"enabled": "true", "backend": "dogpile.cache.pymemcache", "memcache_servers": f"{HOST}:{self.ports['memcached']}"}

    def _rabbit(self):
        return {"heartbeat_timeout_threshold": 0, "rabbit_retry_interval": 1}

    def _lock(self):
        return {"lock_path": self.directory / "lock"}

    def _keystone(self):
        return {
            "DEFAULT": {"log_file": self._log("keystone"), "default_log_levels": QUIET},
            "token": {"provider": "fernet", "expiration": 86400},
            "fernet_tokens": {"key_repository": self.directory / "fernet"},
            "credential": {"key_repository": self.directory / "credential"},
            "identity": {"password_hash_rounds": 4},
            "cache": self._cache(), "database": self._pool("keystone")}

    def _placement(self):
        return {"DEFAULT": {"log_file": self._log("placement")}, "api": {"auth_strategy": "keystone"},
                "keystone_authtoken": self._authtoken("placement"), "placement_database": self._pool("placement")}

    def _glance(self):
        return {
            "DEFAULT": {"bind_host": HOST, "bind_port": self.ports["glance"], "workers": 1, "log_file": self._log("glance"), "use_stderr": "false",
                        "enabled_backends": "file:file", "enabled_import_methods": "[glance-direct]"},
            "glance_store": {"default_backend": "file"},
            "file": {"filesystem_store_datadir": self.directory / "images"},
            "os_glance_staging_store": {"filesystem_store_datadir": self.directory / "staging"},
            "os_glance_tasks_store": {"filesystem_store_datadir": self.directory / "tasks"},
            "paste_deploy": {"flavor": "keystone", "config_file": "/usr/share/glance-common/glance-api-paste.ini"},
            "oslo_concurrency": self._lock(), "keystone_authtoken": self._authtoken("glance"), "database": self._pool("glance")}

    def _nova(self):
        return {
            "DEFAULT": {
                "use_stderr": "false", "log_dir": self.directory / "log", "state_path": self.directory / "nova", "instances_path": self.directory / "instances",
                "transport_url": self.messages, "my_ip": HOST, "host": "lab-control", "compute_driver": "fake.FakeDriver", "enabled_apis": "osapi_compute",
                "osapi_compute_listen": HOST, "osapi_compute_listen_port": self.ports["nova"], "osapi_compute_workers": WORKERS,
                "service_down_time": 180, "report_interval": 20, "max_concurrent_builds": 6, "rpc_response_timeout": 180,
                "vif_plugging_timeout": 0, "vif_plugging_is_fatal": "false", "sync_power_state_interval": -1,
                "initial_cpu_allocation_ratio": 16.0, "initial_ram_allocation_ratio": 4.0, "initial_disk_allocation_ratio": 4.0, "reserved_host_memory_mb": 0,
                "default_log_levels": QUIET},
            "wsgi": {"api_paste_config": "/usr/share/nova-common/api-paste.ini"},
            "workarounds": {"disable_rootwrap": "true"},
            "conductor": {"workers": 2}, "scheduler": {"workers": 1, "discover_hosts_in_cells_interval": 60},
            "filter_scheduler": {"enabled_filters": "ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter", "track_instance_changes": "false"},
            "quota": {"instances": 1000, "cores": 4000, "ram": 4000000, "key_pairs": 1000, "metadata_items": 128, "server_groups": 100},
            "glance": {"region_name": REGION, "endpoint_override": self.url("glance")},
            "vnc": {"enabled": "false"}, "spice": {"enabled": "false"},
            "neutron": self._credentials("nova") | {"endpoint_override": self.url("neutron")},
            "placement": self._credentials("nova"),
            "service_user": self._credentials("nova") | {"send_service_user_token": "true"},
            "keystone_authtoken": self._authtoken("nova"), "cache": self._cache(),
            "oslo_messaging_rabbit": self._rabbit(), "oslo_messaging_notifications": {"driver": "noop"}, "oslo_concurrency": self._lock()}

    def _neutron(self):
        return {
            "DEFAULT": {
                "use_stderr": "false", "log_dir": self.directory / "log", "state_path": self.directory / "neutron", "transport_url": self.messages,
                "bind_host": HOST, "bind_port": self.ports["neutron"], "api_paste_config": "/usr/share/neutron-common/api-paste.ini",
                "core_plugin": "ml2", "service_plugins": "router", "api_workers": WORKERS, "rpc_workers": 1, "rpc_state_report_workers": 0,
                "network_auto_schedule": "false", "router_auto_schedule": "false", "notify_nova_on_port_status_changes": "true",
                "notify_nova_on_port_data_changes": "true", "send_events_interval": 1, "rpc_response_timeout": 180, "default_log_levels": QUIET},
            "quotas": {"quota_network": 1000, "quota_subnet": 1000, "quota_port": 5000, "quota_router": 100, "quota_floatingip": 2000,
                       "quota_security_group": 500, "quota_security_group_rule": 5000},
            "keystone_authtoken": self._authtoken("neutron"), "nova": self._credentials("nova"), "database": self._pool("neutron"),
            "oslo_messaging_rabbit": self._rabbit(), "oslo_messaging_notifications": {"driver": "noop"}, "oslo_concurrency": self._lock()}

    def _uwsgi(self, name, program):
        return {"uwsgi": {
            "plugins": "python3", "http-socket": f"{HOST}:{self.ports[name]}", "wsgi-file": program, "master": "true", "processes": WORKERS, "threads": 4,
            "enable-threads": "true", "lazy-apps": "true", "need-app": "true", "die-on-term": "true", "no-orphans": "true", "thunder-lock": "true",
            "buffer-size": 65535, "post-buffering": 65535, "listen": 128, "add-header": "Connection: close", "disable-logging": "true"}}

    def _clouds(self):
        """Entries for people: a project with addresses of this host, the same with floating IPs, and the administrator."""
        fixed = "    networks:\n      - {name: lab-net, routes_externally: true, default_interface: true}\n"
        floating = ("    networks:\n      - {name: lab-private, nat_destination: true, default_interface: true}\n"
                    "      - {name: lab-ext, routes_externally: true, nat_source: true}\n")
        return "clouds:\n" + self._cloud("lab", "nodepool") + fixed + self._cloud("lab-fip", "nodepool") + floating + self._cloud("lab-admin", "admin")

    def _cloud(self, name, project):
        return (f"  {name}:\n    region_name: {REGION}\n    identity_api_version: 3\n    auth:\n      auth_url: {self.auth_url}\n      username: {project}\n"
                f"      password: {self.password}\n      project_name: {project}\n      user_domain_name: Default\n      project_domain_name: Default\n")
