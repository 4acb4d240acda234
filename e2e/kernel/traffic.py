"""Traffic for the hitless test: one role a process, until a line on stdin; then one JSON line of counts. Standard library only.

  traffic.py udp-send DEVICE DST_MAC   UDP frames to 10.0.9.9, allowed and forbidden ones of each kind in turn (KINDS)
  traffic.py udp-count PORT...         counts what arrived on these ports, by the kind and verdict that it carries
  traffic.py tcp-serve                 accepts on 7000 (echo) and 7001 (accept and close)
  traffic.py tcp-connect ADDRESS       connects to 7001 again and again; the kernel says (tcp(7), TCP_INFO) which of them had to send something twice
  traffic.py tcp-stream ADDRESS        one connection to 7000 that echoes numbered lines all the time
"""
import json
import select
import socket
import struct
import sys
import time

PORT_ECHO, PORT_ACCEPT = 7000, 7001
# What makes the difference, by kind: source and destination port of the i-th allowed and the i-th forbidden packet.
KINDS = {
    "addresses": (lambda i: ((10, 0, 1, 1 + i % 125 * 2), 5000), lambda i: ((10, 0, 1, 2 + i % 125 * 2), 5000)),
    "networks": (lambda i: ((10, 0, 3, 1 + i % 250), 5001), lambda i: ((10, 0, 4, 1 + i % 250), 5001)),
    "ranges": (lambda i: ((10, 0, 5, 1 + i % 250), 5090 + i % 21), lambda i: ((10, 0, 5, 1 + i % 250), 5111)),
    "published": (lambda i: ((10, 0, 1, 1 + i % 125 * 2), 5300), lambda i: ((10, 0, 1, 2 + i % 125 * 2), 5300)),
}
FRAMES = 10000
SLOW_SECONDS = 0.2


def asked_to_stop():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def report(**counts):
    print(json.dumps(counts), flush=True)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def udp_frame(head, source, sport, dport, mark):
    udp = struct.pack("!HHHH", sport, dport, 12, 0) + mark
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(source), bytes([10, 0, 9, 9]))
    return head + ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + udp


def mark_of(kind, is_allowed):
    return b"FB" + bytes([list(KINDS).index(kind), is_allowed])


def udp_send(device, dst_mac):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((device, 0))
    head = bytes.fromhex(dst_mac.replace(":", "")) + sock.getsockname()[4] + b"\x08\x00"
    frames = []
    for i in range(FRAMES):
        for kind, (allowed, forbidden) in KINDS.items():
            for is_allowed, make in ((True, allowed), (False, forbidden)):
                source, dport = make(i)
                frames.append(udp_frame(head, source, 1024 + i, dport, mark_of(kind, is_allowed)))
    a_round = 2 * len(KINDS)
    sent = 0
    while not asked_to_stop():
        for _ in range(16):
            at = sent % FRAMES * a_round
            for frame in frames[at : at + a_round]:
                sock.send(frame)
            sent += 1
        time.sleep(0.004)  # about 4,000 packets/s of each kind and verdict: a load, not a flood
    report(sent=sent)


def udp_count(*ports):
    socks = []
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)  # SO_RCVBUFFORCE
        sock.bind(("0.0.0.0", int(port)))
        socks.append(sock)
    counts = {mark_of(kind, is_allowed): 0 for kind in KINDS for is_allowed in (True, False)}
    report(ready=True)
    stopping = False
    while True:
        ready = select.select(socks, [], [], 0.2)[0]
        for sock in ready:
            counts[sock.recv(64)] += 1
        if not ready:
            if stopping:
                break
            stopping = asked_to_stop()
    for kind in KINDS:
        counts[kind], counts[kind + " forbidden"] = counts.pop(mark_of(kind, True)), counts.pop(mark_of(kind, False))
    report(**counts)


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


def sent_again(sock):
    """tcpi_total_retrans of struct tcp_info (linux/tcp.h): SYNs count too. A clock would take a busy machine for a lost packet."""
    return struct.unpack_from("I", sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 100)[0] > 0


def tcp_connect(address):
    ok = resent = failed = 0
    while not asked_to_stop():
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(3)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            sock.connect((address, PORT_ACCEPT))
            ok += 1
            resent += sent_again(sock)
        except OSError:
            failed += 1
        sock.close()
        time.sleep(0.001)
    report(ok=ok, resent=resent, failed=failed)


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
            slow += time.monotonic() - began > SLOW_SECONDS
            time.sleep(0.001)
    except OSError as error:
        broken = str(error)
    report(lines=number, slow=slow, broken=broken)


ROLES = {"udp-send": udp_send, "udp-count": udp_count, "tcp-serve": tcp_serve, "tcp-connect": tcp_connect, "tcp-stream": tcp_stream}
ROLES[sys.argv[1]](*sys.argv[2:])
