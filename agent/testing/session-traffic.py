"""Connections between this network namespace (the host) and another one (the peers), kept busy; what lives is written to a file.

argv: PID of a process in the peers' namespace, file for the state. stdin ends it. Every pair sends a byte each way a few times a second;
the file has {"NAME": "alive" | "ended"} and the ports in use.
"""
import ctypes, json, os, select, socket, sys

libc = ctypes.CDLL(None, use_errno=True)
own, peers = os.open("/proc/self/ns/net", os.O_RDONLY), os.open(f"/proc/{sys.argv[1]}/ns/net", os.O_RDONLY)


def inside(namespace, make):
    if libc.setns(namespace, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    try:
        return make()
    finally:
        libc.setns(own, 0)


def tcp(server_in, address, port, client_address):
    def listen():
        # Like most servers: one IPv6 socket for both families.
        listener = socket.socket(socket.AF_INET6)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", port))
        listener.listen()
        return listener

    listener = listeners.get((server_in, port)) or inside(server_in, listen)
    listeners[(server_in, port)] = listener
    client = inside(own if server_in == peers else peers, lambda: socket.create_connection((address, port), source_address=(client_address, 0)))
    server, _ = listener.accept()
    return client, server


def udp(address, port, client_address):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", port))
    client = inside(peers, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    client.bind((client_address, 0))
    client.connect((address, port))
    return client, server


listeners = {}
pairs = {
    "db4": tcp(own, "10.0.0.20", 5432, "10.0.0.1"),
    "db6": tcp(own, "fd00::20", 5432, "fd00::1"),
    "web": tcp(own, "10.0.0.20", 8080, "10.0.0.1"),
    "console": tcp(own, "10.0.0.20", 22, "10.0.0.9"),
    "out": tcp(peers, "10.0.0.1", 9000, "10.0.0.20"),
}
# Both ends here: rules never see it.
loop = socket.create_server(("127.0.0.1", 7))
loop_client = socket.create_connection(("127.0.0.1", 7))
loop_server, _ = loop.accept()
stream = udp("10.0.0.20", 5353, "10.0.0.1")
state = {name: {"state": "alive", "client": client.getsockname()[1]} for name, (client, _) in pairs.items()}
state["stream"] = {"state": "alive", "client": stream[0].getsockname()[1]}


def exchange(one, other):
    one.settimeout(0.5)
    other.settimeout(0.5)
    one.sendall(b"x")
    if other.recv(1) == b"":
        raise OSError("end of file")


def write_state():
    with open(sys.argv[2] + ".new", "w") as file:
        json.dump(state, file)
    os.rename(sys.argv[2] + ".new", sys.argv[2])


write_state()
while not select.select([sys.stdin], [], [], 0.1)[0]:
    for name, (client, server) in pairs.items():
        if state[name]["state"] == "alive":
            try:
                exchange(client, server)
                exchange(server, client)
            except OSError:
                state[name]["state"] = "ended"
    try:
        stream[0].send(b"x")
        stream[1].settimeout(0.5)
        data, sender = stream[1].recvfrom(10)
        stream[1].sendto(data, sender)
        state["stream"]["state"] = "alive"
    except OSError:
        state["stream"]["state"] = "ended"
    write_state()
