"""Runs an agent with `dash -x` and does something to it when its trace reaches a line.

usage: at-line.py ACTION LINE PROGRAM WORDS…     stdin: the agent's stdin; PROGRAM: path of the firebreak-agent to run
  count       nothing; LINE is ignored
  kill-shell  SIGKILL to the agent's shell only: an nft that it started goes on, as after any SIGKILL
  kill-tree   SIGKILL to the shell and everything below it
  stop        SIGSTOP to everything, then /run/fault.reached appears; ends with the host
  fill        SIGSTOP to everything, the disk is filled to the last block, and it goes on

Prints one JSON document: lines of the trace, whether the line was reached, the lines at which the agent writes to its disk, its exit code and stdout.
"""
import json, os, re, signal, subprocess, sys, tempfile, time

FILLER = '/var/tmp/.lab-filler'
WRITES = re.compile(rb'^\++ (put_file|pending_write|pending_drop|mkdir|mv|gzip|state_set|state_last|state_running|spool_snapshot)\b')


def descendants(pid):
    children = {}
    for name in os.listdir('/proc'):
        if not name.isdigit():
            continue
        try:
            with open(f'/proc/{name}/stat', 'rb') as stat:
                parent = int(stat.read().rsplit(b') ', 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def stop_all(pid):
    """Twice: what was being forked while the first walk ran."""
    for _ in range(2):
        send(descendants(pid), signal.SIGSTOP)


def fill_disk():
    filler = os.open(FILLER, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for size in (1 << 20, 1 << 16, 4096, 1):
        try:
            while True:
                os.write(filler, b'\0' * size)
                os.fsync(filler)
        except OSError:
            continue
    os.close(filler)


def act(action, pid):
    if action == 'kill-shell':
        os.kill(pid, signal.SIGKILL)
    elif action == 'kill-tree':
        stop_all(pid)
        send(reversed(descendants(pid)), signal.SIGKILL)
    elif action == 'stop':
        stop_all(pid)
        open('/run/fault.reached', 'w').close()
        time.sleep(3600)
    elif action == 'fill':
        stop_all(pid)
        fill_disk()
        send(descendants(pid), signal.SIGCONT)


def main():
    action, wanted, program, words = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    answer = tempfile.TemporaryFile(dir='/run')
    agent = subprocess.Popen(['dash', '-x', program, *words], stdout=answer, stderr=subprocess.PIPE, bufsize=0)
    lines, writes, reached = 0, [], False
    trace = os.fdopen(os.dup(agent.stderr.fileno()), 'rb', buffering=1 << 16)
    for text in trace:
        lines += 1
        if WRITES.match(text):
            writes.append(lines)
        if action != 'count' and lines == wanted:
            reached = agent.poll() is None
            if reached:
                act(action, agent.pid)
    code = agent.wait()
    answer.seek(0)
    print(json.dumps({'lines': lines, 'reached': reached, 'writes': writes, 'code': code, 'stdout': answer.read().decode('utf-8', 'replace')}))


main()
