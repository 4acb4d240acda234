"""One connection attempt by a real process. usage: connect.py tcp|udp 4|6 ADDRESS PORT TIMEOUT_MS; prints one word."""
import errno
import socket
import sys

protocol, family, address, port, timeout_ms = sys.argv[1:6]
kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
sock = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, kind)
sock.settimeout(int(timeout_ms) / 1000)
UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM}
try:
    sock.connect((address, int(port)))
    if protocol == "udp":  # UDP has no handshake: a reply, or an ICMP error, is the answer
        sock.send(b"probe\n")
        sock.recv(64)
    print("connected")
except socket.timeout:
    print("timeout")
except ConnectionRefusedError:
    print("refused")
except OSError as error:
    if error.errno == errno.ETIMEDOUT:
        print("timeout")
    elif error.errno in UNREACHABLE:
        print("unreachable")
    else:
        raise
