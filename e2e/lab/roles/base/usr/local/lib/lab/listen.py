"""An echo server on both families. usage: listen.py tcp|udp PORT; prints `ready` once it listens."""
import socket
import sys
import threading

protocol, port = sys.argv[1], int(sys.argv[2])
sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(("::", port))


def echo(connection):
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data)


if protocol == "tcp":
    sock.listen(64)
print("ready", flush=True)
while True:
    if protocol == "tcp":
        threading.Thread(target=echo, args=(sock.accept()[0],), daemon=True).start()
    else:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)
