"""Traffic for the hitless test: one role a process, until a line on stdin; then one JSON line of counts. Standard library only.

  traffic.py udp-send DEVICE DST_MAC   UDP frames to 10.0.9.9:5000 in turn from allowed (10.0.1.0/24) and forbidden (10.0.2.0/24) sources
  traffic.py udp-count                 counts what arrived on port 5000, by source network
  traffic.py tcp-serve                 accepts on 7000 (echo) and 7001 (accept and close)
  traffic.py tcp-connect ADDRESS       connects to 7001 again and again; a connect over 200 ms means a lost SYN
  traffic.py tcp-stream ADDRESS        one connection to 7000 that echoes numbered lines all the time
"""
import json
import select
import socket
import struct
import sys
import time

PORT_UDP, PORT_ECHO, PORT_ACCEPT = 5000, 7000, 7001
LOST_SYN_SECONDS = 0.2


def asked_to_stop():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def report(**counts):
    print(json.dumps(counts), flush=True)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def udp_frame(head, source, sport):
    udp = struct.pack("!HHHH", sport, PORT_UDP, 12, 0) + b"FBPR"
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, source, bytes([10, 0, 9, 9]))
    return head + ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + udp


def udp_send(device, dst_mac):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((device, 0))
    head = bytes.fromhex(dst_mac.replace(":", "")) + sock.getsockname()[4] + b"\x08\x00"
    frames = [[udp_frame(head, bytes([10, 0, network, 1 + i % 250]), 1024 + i) for i in range(20000)] for network in (1, 2)]
    sent, at = 0, 0
    while not asked_to_stop():
        for _ in range(50):
            sock.send(frames[0][at])
            sock.send(frames[1][at])
            at = (at + 1) % 20000
            sent += 1
        time.sleep(0.004)  # about 10,000 packets/s of each kind: a load, not a flood
    report(allowed=sent, forbidden=sent)


def udp_count():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)  # SO_RCVBUFFORCE
    sock.bind(("0.0.0.0", PORT_UDP))
    sock.settimeout(0.2)
    counts = {b"10.0.1.": 0, b"10.0.2.": 0}
    stopping = False
    report(ready=True)
    while True:
        try:
            source = sock.recvfrom(64)[1][0]
            counts[source[:7].encode()] += 1
        except socket.timeout:
            if stopping:
                break
            stopping = asked_to_stop()
    report(allowed=counts[b"10.0.1."], forbidden=counts[b"10.0.2."])


def listen(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("0.0.0.0", port))
    sock.listen(1024)
    return sock


def tcp_serve():
    echo, accept = listen(PORT_ECHO), listen(PORT_ACCEPT)
    streams = []
    report(ready=True)
    while not asked_to_stop():
        for sock in select.select([echo, accept, *streams], [], [], 0.1)[0]:
            if sock is echo:
                streams.append(sock.accept()[0])
            elif sock is accept:
                sock.accept()[0].close()
            else:
                data = sock.recv(65536)
                if data:
                    sock.sendall(data)
                else:
                    streams.remove(sock)
    report(stopped=True)


def tcp_connect(address):
    ok = slow = failed = 0
    while not asked_to_stop():
        began = time.monotonic()
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(3)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            sock.connect((address, PORT_ACCEPT))
            ok += 1
            slow += time.monotonic() - began > LOST_SYN_SECONDS
        except OSError:
            failed += 1
        sock.close()
        time.sleep(0.001)
    report(ok=ok, slow=slow, failed=failed)


def tcp_stream(address):
    sock = socket.create_connection((address, PORT_ECHO), 3)
    sock.settimeout(3)
    file = sock.makefile("rb")
    number, slow, broken = 0, 0, ""
    report(ready=True)
    try:
        while not asked_to_stop():
            began = time.monotonic()
            line = b"%d\n" % number
            sock.sendall(line)
            if file.readline() != line:
                raise OSError("another line came back")
            number += 1
            slow += time.monotonic() - began > LOST_SYN_SECONDS
            time.sleep(0.001)
    except OSError as error:
        broken = str(error)
    report(lines=number, slow=slow, broken=broken)


ROLES = {"udp-send": udp_send, "udp-count": udp_count, "tcp-serve": tcp_serve, "tcp-connect": tcp_connect, "tcp-stream": tcp_stream}
ROLES[sys.argv[1]](*sys.argv[2:])
