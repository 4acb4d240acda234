"""ask-worker.py SOCKET: sends stdin to a connect-worker and prints its answer."""
import socket, sys

sock = socket.socket(socket.AF_UNIX)
sock.connect(sys.argv[1])
sock.sendall(sys.stdin.buffer.read())
sock.shutdown(socket.SHUT_WR)
sys.stdout.buffer.write(b"".join(iter(lambda: sock.recv(65536), b"")))
