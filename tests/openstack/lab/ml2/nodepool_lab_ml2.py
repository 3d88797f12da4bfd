"""Neutron without agents: every port is bound and ACTIVE at once, and floating IPs are ACTIVE while they are at a port."""
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import constants as plugins
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api


class LabMechanismDriver(api.MechanismDriver):
    def initialize(self):
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(self._follow_floating_ip, resources.FLOATING_IP, event)

    def bind_port(self, context):
        segment = context.segments_to_bind[0]
        context.set_binding(segment[api.ID], portbindings.VIF_TYPE_BRIDGE, {portbindings.CAP_PORT_FILTER: True},
                            status=constants.PORT_STATUS_ACTIVE)

    def _follow_floating_ip(self, resource, event, trigger, payload):
        address = payload.latest_state
        status = constants.FLOATINGIP_STATUS_ACTIVE if address.get("port_id") else constants.FLOATINGIP_STATUS_DOWN
        if address.get("status") != status:
            directory.get_plugin(plugins.L3).update_floatingip_status(payload.context.elevated(), payload.resource_id, status)
            address["status"] = status
