"""Sends and receives crafted packets for the kernel oracle. Standard library only; needs root inside a network namespace.

  probe.py send-frames DEVICE DST_MAC   packets as Ethernet frames towards the host under test (inbound probes)
  probe.py send-raw                     packets from the host under test itself (outbound probes), marked 0x77
  probe.py receive-local                reports what passed the input hook (raw sockets are fed after it)
  probe.py receive-frames DEVICE        reports what left the host under test

Protocol on stdin/stdout, one line each way: `send FILE` -> `sent N`; `collect TIMEOUT_S` -> `got I,I,...` once the sentinel
packet was seen (or `lost ...` when it was not within the timeout). A probe file holds 38-byte records: family, protocol,
source[16], destination[16], source port, destination port (ICMP: type, code). A probe's index travels in the TCP sequence number,
the UDP payload or the ICMP data. Source: RELIABILITY.md section 3.
"""
import select
import socket
import struct
import sys
import time

RECORD = struct.Struct("!BB16s16sHH")
INDEX = struct.Struct("!I")
MAGIC = b"FBPR"
SENTINEL = 0xFFFFFFFF
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
ALL_FRAMES = 0x0003
MARK = 0x77


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def pad_even(data):
    return data if len(data) % 2 == 0 else data + b"\0"


def transport(protocol, source, destination, sport, dport, index):
    if protocol == TCP:
        body = struct.pack("!HHIIBBHHH", sport, dport, index, 0, 0x50, 2, 8192, 0, 0)
        at = 16
    elif protocol == UDP:
        body = struct.pack("!HHHH", sport, dport, 16, 0) + MAGIC + INDEX.pack(index)
        at = 6
    else:
        body = struct.pack("!BBHHH", sport, dport, 0, index & 0xFFFF, 1) + MAGIC + INDEX.pack(index)
        at = 2
    pseudo = b"" if protocol == ICMP else source + destination + struct.pack("!II", len(body), protocol)
    value = checksum(pad_even(pseudo + body)) or 0xFFFF
    return body[:at] + struct.pack("!H", value) + body[at + 2 :]


def packet(record, index):
    family, protocol, source, destination, sport, dport = record
    size = 4 if family == 4 else 16
    source, destination = source[:size], destination[:size]
    body = transport(protocol, source, destination, sport, dport, index)
    if family == 6:
        return struct.pack("!IHBB", 0x60000000, len(body), protocol, 64) + source + destination + body
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), index & 0xFFFF, 0, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def index_of(protocol, body):
    """The probe index in a transport body, or None for packets that are not ours."""
    if protocol == TCP and len(body) >= 20 and body[13] == 2:
        return INDEX.unpack_from(body, 4)[0]
    if protocol in (UDP, ICMP, ICMP6) and len(body) >= 16 and body[8:12] == MAGIC:
        return INDEX.unpack_from(body, 12)[0]
    return None


def read_records(path):
    with open(path, "rb") as file:
        return list(RECORD.iter_unpack(file.read()))


def serve_sender(send):
    for line in sys.stdin:
        records = read_records(line.split(" ", 1)[1].strip())
        last = len(records) - 1
        for index, record in enumerate(records):
            send(record, packet(record, SENTINEL if index == last else index))
        print("sent", last, flush=True)


def frame_sender(device, dst_mac):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((device, 0))
    source_mac = sock.getsockname()[4]
    target = bytes.fromhex(dst_mac.replace(":", ""))
    heads = {4: target + source_mac + b"\x08\x00", 6: target + source_mac + b"\x86\xdd"}
    return lambda record, data: sock.send(heads[record[0]] + data)


def raw_sender():
    four = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    six = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for sock in (four, six):
        sock.setsockopt(socket.SOL_SOCKET, 36, MARK)  # SO_MARK

    def send(record, data):
        try:
            if record[0] == 4:
                four.sendto(data, (socket.inet_ntop(socket.AF_INET, record[3][:4]), 0))
            else:
                six.sendto(data, (socket.inet_ntop(socket.AF_INET6, record[3]), 0))
        except PermissionError:
            pass  # the output hook refused it: that is the answer which the receiver will not see

    return send


def receive_buffer(sock):
    sock.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)  # SO_RCVBUFFORCE
    sock.setblocking(False)
    return sock


def local_readers():
    readers = {}
    for family in (socket.AF_INET, socket.AF_INET6):
        for protocol in (TCP, UDP, ICMP if family == socket.AF_INET else ICMP6):
            sock = receive_buffer(socket.socket(family, socket.SOCK_RAW, protocol))
            skip_head = family == socket.AF_INET
            readers[sock] = lambda data, protocol=protocol, skip=skip_head: index_of(protocol, data[(data[0] & 15) * 4 :] if skip else data)
    return readers


def frame_index(data):
    if data[12:14] == b"\x08\x00":
        return index_of(data[23], data[14 + (data[14] & 15) * 4 :])
    if data[12:14] == b"\x86\xdd":
        return index_of(data[20], data[54:])
    return None


def frame_readers(device):
    sock = receive_buffer(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_FRAMES)))
    sock.setsockopt(263, 23, 1)  # SOL_PACKET, PACKET_IGNORE_OUTGOING: not the frames that our own sender makes
    sock.bind((device, ALL_FRAMES))
    return {sock: frame_index}


def drain(sock, reader, seen):
    while True:
        try:
            index = reader(sock.recv(2048))
        except BlockingIOError:
            return
        if index is not None:
            seen.add(index)


def serve_receiver(readers):
    print("ready", flush=True)
    for line in sys.stdin:
        deadline = time.monotonic() + float(line.split()[1])
        seen = set()
        while SENTINEL not in seen and time.monotonic() < deadline:
            for sock in select.select(list(readers), [], [], 0.05)[0]:
                drain(sock, readers[sock], seen)
        for sock, reader in readers.items():
            drain(sock, reader, seen)
        word = "got" if SENTINEL in seen else "lost"
        seen.discard(SENTINEL)
        print(word, ",".join(map(str, sorted(seen))), flush=True)


def main(argv):
    mode = argv[0]
    if mode == "send-frames":
        serve_sender(frame_sender(argv[1], argv[2]))
    elif mode == "send-raw":
        serve_sender(raw_sender())
    elif mode == "receive-local":
        serve_receiver(local_readers())
    elif mode == "receive-frames":
        serve_receiver(frame_readers(argv[1]))
    else:
        sys.exit("usage: see the head of this file")


main(sys.argv[1:])
