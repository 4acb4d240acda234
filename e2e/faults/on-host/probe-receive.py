"""Notes every datagram of probe-send.py that the kernel hands over: one line PORT STREAM SEQ in /var/tmp/fault-received (on the disk: it outlives a reboot).

Started as early in the boot as can be, so that nothing that comes through before the rules are loaded is missed.
"""
import os, select, socket, struct, sys

SO_RCVBUFFORCE = 33
log = os.open('/var/tmp/fault-received', os.O_WRONLY | os.O_APPEND | os.O_CREAT)
sockets = {}
for port in map(int, sys.argv[1:]):
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
    listener.setblocking(False)
    listener.bind(('0.0.0.0', port))
    sockets[listener] = port
while True:
    lines = []
    for listener in select.select(list(sockets), [], [])[0]:
        try:
            while True:
                data = listener.recv(64)
                if len(data) == 8:
                    lines.append('%d %d %d\n' % (sockets[listener], *struct.unpack('!II', data)))
        except BlockingIOError:
            pass
    if lines:
        os.write(log, ''.join(lines).encode())
