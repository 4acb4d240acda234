"""Makes real connections as whom it is asked to, and listens; runs as a service, so that a systemd unit sends and receives them.

connect-worker.py SOCKET [PORT...]

Listens on the TCP ports (both families) and hangs up on whoever comes. One request a connection to the unix socket, JSON up to its end:
  {"uid": 0, "gid": 0, "wait": 0.7, "probes": [[SOURCE, DESTINATION, PORT], ...]}
and the answer is a JSON list of as many words: connected, refused, timeout, or the error's own name.
"""
import errno, json, os, selectors, signal, socket, sys, threading, time

SIDE_BY_SIDE = 64


def listen(port):
    sock = socket.create_server(("::", port), family=socket.AF_INET6, backlog=512, dualstack_ipv6=True)
    while True:
        sock.accept()[0].close()


def begin(source, destination, port):
    sock = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: the port is chosen for this destination
    try:
        sock.bind((source, 0))
    except OSError as error:
        return sock, error.errno
    return sock, sock.connect_ex((destination, port))


def word(code):
    if code == 0:
        return "connected"
    return "refused" if code == errno.ECONNREFUSED else errno.errorcode.get(code, str(code))


def connect_all(probes, wait):
    words = ["timeout"] * len(probes)
    with selectors.DefaultSelector() as waiting:
        for at, probe in enumerate(probes):
            sock, code = begin(*probe)
            if code == errno.EINPROGRESS:
                waiting.register(sock, selectors.EVENT_WRITE, at)
            else:
                words[at] = word(code)
                sock.close()
        until = time.monotonic() + wait
        while waiting.get_map() and time.monotonic() < until:
            for key, _ in waiting.select(max(0, until - time.monotonic())):
                words[key.data] = word(key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                waiting.unregister(key.fileobj)
                key.fileobj.close()
        for key in list(waiting.get_map().values()):
            key.fileobj.close()
    return words


def answer(connection):
    request = json.loads(b"".join(iter(lambda: connection.recv(65536), b"")))
    os.setgroups([])
    os.setgid(request["gid"])
    os.setuid(request["uid"])
    probes = request["probes"]
    words = [one for at in range(0, len(probes), SIDE_BY_SIDE) for one in connect_all(probes[at : at + SIDE_BY_SIDE], request["wait"])]
    connection.sendall(json.dumps(words).encode())


def main(path, ports):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for port in ports:
        threading.Thread(target=listen, args=(int(port),), daemon=True).start()
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(16)
    while True:
        connection = server.accept()[0]
        if os.fork() == 0:
            answer(connection)
            os._exit(0)
        connection.close()


main(sys.argv[1], sys.argv[2:])
