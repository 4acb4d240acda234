"""The shop's web tier: every request asks PostgreSQL on db1 and Redis on cache1, over connections of its own."""
import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2
import redis

served = 0


def ask_database():
    connection = psycopg2.connect(host="db1", dbname="shop", user="shop", password="shop-lab", connect_timeout=3)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("insert into visits (web) values (%s)", (socket.gethostname(),))
            cursor.execute("select count(*) from orders")
            return {"ok": True, "orders": cursor.fetchone()[0]}
    finally:
        connection.close()


def ask_cache():
    cache = redis.Redis(host="cache1", socket_connect_timeout=2, socket_timeout=2)
    try:
        return {"ok": True, "hits": cache.incr("hits")}
    finally:
        cache.close()


def attempt(question):
    try:
        return question()
    except (psycopg2.Error, redis.RedisError, OSError) as error:
        return {"ok": False, "error": str(error).strip()}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self):
        global served
        served += 1
        if self.path == "/metrics":
            return self.reply(200, "text/plain", f"shop_requests_total {served}\n")
        body = {"web": socket.gethostname(), "db": attempt(ask_database), "cache": attempt(ask_cache)}
        status = 200 if body["db"]["ok"] and body["cache"]["ok"] else 503
        self.reply(status, "application/json", json.dumps(body) + "\n")

    def reply(self, status, content_type, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *values):
        pass


class Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True


Server(("::", 8080), Handler).serve_forever()
