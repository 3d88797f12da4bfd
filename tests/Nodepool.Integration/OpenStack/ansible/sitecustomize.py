"""Debian 12 has Ansible's collection openstack.cloud 1.10 and a Python SDK that this collection refuses: servers have other keys since then.
Here the SDK tells its servers as the collection knows them. The collection itself, which makes the groups, is Debian's."""
import openstack.version
from openstack.cloud import inventory

openstack.version.__version__ = "0.98.0"


def list_hosts(self, **_):
    return [
        {"id": server.id, "name": server.name, "region": cloud.config.region_name, "cloud": cloud.name, "az": server.availability_zone,
         "interface_ip": cloud.get_openstack_vars(server)["interface_ip"], "metadata": dict(server.metadata), "flavor": {}, "image": {}}
        for cloud in self.clouds for server in cloud.list_servers()]


inventory.OpenStackInventory.list_hosts = list_hosts
