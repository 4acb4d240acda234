"""Every five seconds: HTTP from each web host and the load balancer, PING from Redis, a TCP check of PostgreSQL."""
import socket
import time
import urllib.request

PAGES = ["http://web1:8080/metrics", "http://web2:8080/metrics", "http://lb1/health"]


def check_port(host, port, say=b""):
    with socket.create_connection((host, port), timeout=2) as connection:
        if say:
            connection.sendall(say)
            connection.recv(64)


def check_page(url):
    urllib.request.urlopen(url, timeout=2).read()


CHECKS = [(url, lambda url=url: check_page(url)) for url in PAGES] + [
    ("redis", lambda: check_port("cache1", 6379, b"PING\r\n")),
    ("postgresql", lambda: check_port("db1", 5432)),
]
down = set()
while True:
    for name, check in CHECKS:
        try:
            check()
            if name in down:
                print(f"{name} is up again", flush=True)
            down.discard(name)
        except OSError as error:
            if name not in down:
                print(f"{name} is down: {error}", flush=True)
            down.add(name)
    time.sleep(5)
