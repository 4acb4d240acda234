"""move-clock.py FOLDER: real connections at other times, by the guest's own clock.

Reads one JSON document: {"bundle": TEXT, "instants": [{"atMs": N, "from": "subject" | "peer", "wait": S, "probes": [[SOURCE, DESTINATION, PORT], ...]}]}.
Loads the bundle in namespace `subject`, then sets the clock to each instant and asks the worker of that side (connect-worker.py, FOLDER/SIDE.sock).
Prints a JSON list of {"beforeMs", "afterMs", "words"}; the clock is as it was afterwards.
"""
import json, socket, subprocess, sys, time

RELOAD = "table inet firebreak\ndelete table inet firebreak\n"


def ask(path, request):
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    sock.sendall(json.dumps(request).encode())
    sock.shutdown(socket.SHUT_WR)
    return json.loads(b"".join(iter(lambda: sock.recv(65536), b"")))


def now_ms():
    return time.clock_gettime_ns(time.CLOCK_REALTIME) // 1_000_000


def main(folder):
    job = json.load(sys.stdin)
    subprocess.run(["ip", "netns", "exec", "subject", "nft", "-f", "-"], input=(RELOAD + job["bundle"]).encode(), check=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"})
    answers = []
    started_ms, started = now_ms(), time.monotonic()
    try:
        for instant in job["instants"]:
            time.clock_settime(time.CLOCK_REALTIME, instant["atMs"] / 1000)
            before = now_ms()
            words = ask(f"{folder}/{instant['from']}.sock", {"uid": 0, "gid": 0, "wait": instant["wait"], "probes": instant["probes"]})
            answers.append({"beforeMs": before, "afterMs": now_ms(), "words": words})
    finally:
        time.clock_settime(time.CLOCK_REALTIME, started_ms / 1000 + time.monotonic() - started)
    print(json.dumps(answers))


main(sys.argv[1])
