"""What is in a new lab: services and accounts in Keystone, networks and flavors, and hosts that are up."""
import time

import openstack
from configuration import COMPUTE_HOSTS, REGION
from processes import Failure

SERVICES = (("nova", "compute", "/v2.1"), ("placement", "placement", ""), ("glance", "image", ""), ("neutron", "network", ""))
FLAVORS = (("lab.tiny", 1, 192, 1), ("lab.small", 1, 512, 2), ("lab.medium", 2, 2048, 10), ("lab.large", 4, 8192, 40),
           # More than any host has.
           ("lab.impossible", 2000, 8192, 40))


def _connect(configuration):
    return openstack.connect(auth_url=configuration.auth_url, username="admin", password=configuration.password, project_name="admin",
                             user_domain_name="Default", project_domain_name="Default", region_name=REGION, load_yaml_config=False, load_envvars=False)


def make_identity(configuration):
    identity = _connect(configuration).identity
    for name, kind, path in SERVICES:
        service = identity.create_service(name=name, type=kind)
        for interface in ("public", "internal", "admin"):
            identity.create_endpoint(service_id=service.id, interface=interface, url=configuration.url(name) + path, region_id=REGION)
    roles = {role.name: role for role in identity.roles()}
    for name in ("service", "member", "reader"):
        if name not in roles:
            roles[name] = identity.create_role(name=name)

    def account(user, project, *names):
        made = identity.create_user(name=user, password=configuration.password, domain_id="default", default_project_id=project.id)
        for name in names:
            identity.assign_project_role_to_user(project, made, roles[name])

    service = identity.create_project(name="service", domain_id="default")
    for name, _, _ in SERVICES:
        account(name, service, "admin", "service")
    account("nodepool", identity.create_project(name="nodepool", domain_id="default"), "member", "reader")


def make_resources(configuration, services):
    cloud = _connect(configuration)
    for name, cores, ram, disk in FLAVORS:
        cloud.compute.create_flavor(name=name, vcpus=cores, ram=ram, disk=disk)

    def network(name, addresses, **more):
        made = cloud.network.create_network(name=name, **more)
        return made, cloud.network.create_subnet(name=name, network_id=made.id, ip_version=4, cidr=addresses, enable_dhcp=False)

    # Addresses of loopback are this host's own without a route to be made: one sshd can play every server.
    network("lab-net", "127.18.0.0/16", is_shared=True)
    outside, _ = network("lab-ext", "127.19.0.0/16", is_router_external=True)
    _, private = network("lab-private", "10.201.0.0/16", is_shared=True)
    router = cloud.network.create_router(name="lab-router", external_gateway_info={"network_id": outside.id})
    cloud.network.add_interface_to_router(router, subnet_id=private.id)
    _await_hosts(cloud, services)


def _await_hosts(cloud, services):
    end = time.monotonic() + 240
    while True:
        services.check()
        up = [service for service in cloud.compute.services(binary="nova-compute") if service.state == "up"]
        if len(up) == COMPUTE_HOSTS and len(list(cloud.compute.hypervisors())) == COMPUTE_HOSTS:
            return
        if time.monotonic() > end:
            raise Failure(f"{len(up)} of {COMPUTE_HOSTS} hosts of Nova are up after 240 s")
        time.sleep(0.5)
