"""Sends numbered UDP datagrams to ports of a host, each from a new socket, so that each is a new connection to the other side's kernel.

usage: probe-send.py STREAM ADDRESS TICK_MS PORT…     ends when /run/probe-stop-STREAM appears; every tick sends one to each port
Prints one line for each: PORT SEQ SENT_NS (CLOCK_MONOTONIC, which all hosts of the lab and the machine share).
"""
import os, socket, struct, sys, time

stream, address, tick_s, ports = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]) / 1000, [int(port) for port in sys.argv[4:]]
stop = f'/run/probe-stop-{stream}'
sent, seq, due = [], 0, time.monotonic()
while seq % 20 or not os.path.exists(stop):
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            at = time.monotonic_ns()
            try:
                probe.sendto(struct.pack('!II', stream, seq), (address, port))
            except OSError:
                continue  # no neighbour while the host boots: nothing was sent
            sent.append((port, seq, at))
    seq += 1
    due = max(due + tick_s, time.monotonic())
    time.sleep(max(0, due - time.monotonic()))
os.unlink(stop)
sys.stdout.write(''.join(f'{port} {seq} {at}\n' for port, seq, at in sent))
