"""Namespaces on one bridge: an Ethernet segment of hosts."""


def join(lab, addresses, bridge="bridge"):
    """Makes one namespace for each name in `addresses`, with those IPv4 addresses (one or a list, /16) on `eth0`."""
    lab.run(None, "ip", "link", "add", bridge, "type", "bridge")
    lab.run(None, "ip", "link", "set", bridge, "up")
    for number, (name, own) in enumerate(addresses.items()):
        space, port = lab.namespace(name), f"{bridge[:6]}-{number}"
        lab.run(None, "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
        lab.run(None, "ip", "link", "set", port, "master", bridge, "up")
        for address in [own] if isinstance(own, str) else own:
            lab.run(space, "ip", "address", "add", f"{address}/16", "dev", "eth0")
        lab.run(space, "ip", "link", "set", "eth0", "up")
