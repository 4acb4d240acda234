"""Both sides of the flood test, standard library only. Each role prints lines of JSON.

  flood.py serve ADDRESS...            at a line on stdin: accepts on port 7000 of each address, until its stdin ends
  flood.py scan DEVICE DST_MAC COUNT   sends one frame from each of COUNT random sources (four of five IPv4), half of them TCP to the port that
                                       listens, a quarter TCP and a quarter UDP to random ones; then says how long it took
  flood.py connect FIRST LAST SECONDS  connects from 10.210.1.FIRST to LAST in turn (each fifth time by IPv6) for so long, or with 0 once from each
"""
import json
import random
import select
import socket
import struct
import sys
import time

PORT = 7000
HOST4, HOST6 = "10.210.0.1", "fd00:210::1"


def say(**values):
    print(json.dumps(values), flush=True)


def sum16(data):
    return sum(struct.unpack("!%dH" % (len(data) // 2), data))


def fold(total):
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def segment(protocol, addresses, dport, number):
    """A SYN or an empty datagram, with the right checksum: conntrack looks."""
    sport = 1024 + number % 60000
    if protocol == 6:
        body = bytearray(struct.pack("!HHIIBBHHH", sport, dport, number, 0, 0x50, 2, 64240, 0, 0))
    else:
        body = bytearray(struct.pack("!HHHH", sport, dport, 8, 0))
    at = 16 if protocol == 6 else 6
    struct.pack_into("!H", body, at, fold(sum16(bytes(body)) + addresses + protocol + len(body)) or 0xFFFF)
    return bytes(body)


def frames(mac, own_mac, count):
    draw = random.Random(42)
    host4, host6 = socket.inet_aton(HOST4), socket.inet_pton(socket.AF_INET6, HOST6)
    head4, head6 = mac + own_mac + b"\x08\x00", mac + own_mac + b"\x86\xdd"
    for number, low in enumerate(draw.sample(range(1, 1 << 23), count)):
        kind = number % 4
        protocol, dport = (6, PORT) if kind < 2 else (6 if kind == 2 else 17, draw.randrange(1, 65535))
        if number % 5:
            source = struct.pack("!I", (10 << 24) | low)  # 10.0.0.0/9
            body = segment(protocol, sum16(source + host4), dport, number)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0, source, host4)
            yield head4 + ip[:10] + struct.pack("!H", fold(sum16(ip))) + ip[12:] + body
        else:
            source = struct.pack("!HHIQ", 0xFD00, 1, low, draw.getrandbits(64))  # fd00:1::/32
            body = segment(protocol, sum16(source + host6), dport, number)
            yield head6 + struct.pack("!IHBB", 6 << 28, len(body), protocol, 64) + source + host6 + body


def scan(device, mac, count):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((device, 0))
    ready = list(frames(bytes.fromhex(mac.replace(":", "")), sock.getsockname()[4], int(count)))
    say(ready=len(ready))
    sys.stdin.readline()
    began = time.monotonic()
    for number, frame in enumerate(ready):
        sock.send(frame)
        if number % 100 == 99:
            time.sleep(0.001)  # the receiving core must get its turn: what its queue drops, the host never sees
    say(frames=len(ready), seconds=round(time.monotonic() - began, 2))


def serve(*addresses):
    say(started=True)
    sys.stdin.readline()  # whoever started this moves it into a cgroup first: a listener belongs to that in which it was made
    listeners = []
    for address in addresses:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, PORT))
        sock.listen(1024)
        listeners.append(sock)
    say(ready=True)
    while True:
        for sock in select.select([*listeners, sys.stdin], [], [])[0]:
            if sock is sys.stdin:
                return
            sock.accept()[0].close()


def connect_once(number):
    v6 = number % 5 == 0
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(4)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.bind(("fd00:210::1:%d" % number if v6 else "10.210.1.%d" % number, 0))
    began = time.monotonic()
    try:
        sock.connect((HOST6 if v6 else HOST4, PORT))
        return (time.monotonic() - began) * 1e6
    except OSError:
        return None
    finally:
        sock.close()


def connect(first, last, seconds):
    peers = range(int(first), int(last) + 1)
    taken, failed = [], 0
    began = time.monotonic()
    while True:
        for number in peers:
            micros = connect_once(number)
            if micros is None:
                failed += 1
            else:
                taken.append(micros)
            time.sleep(0.001)
        if time.monotonic() - began >= float(seconds):
            break
    taken.sort()
    at = lambda share: round(taken[min(len(taken) - 1, int(len(taken) * share))]) if taken else 0
    say(connected=len(taken), failed=failed, p50Us=at(0.5), p99Us=at(0.99), maxUs=at(1))


{"scan": scan, "serve": serve, "connect": connect}[sys.argv[1]](*sys.argv[2:])
