"""Opens new UDP flows to a host at a steady rate, each with another destination port, so that each is a new element for a recorder.

usage: new-flows.py ADDRESS FLOWS_PER_S SECONDS FIRST_PORT     prints how many were sent
"""
import socket, sys, time

address, rate, seconds, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
sent, begin = 0, time.monotonic()
while sent < rate * seconds:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow:
        flow.sendto(b'x', (address, port))
    port = port + 1 if port < 65535 else 10000
    sent += 1
    time.sleep(max(0, begin + sent / rate - time.monotonic()))
print(sent)
