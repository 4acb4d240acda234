"""Runs a command and measures it and everything below it.

usage: measure-run.py cpu|memory WORDS…
  cpu     CPU time of all its processes (waited-for children, getrusage); nothing else runs meanwhile
  memory  samples VmRSS of all its processes, every two milliseconds: the highest sum, and the highest single one
"""
import json, os, resource, subprocess, sys, time


def descendants(root):
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            for task in os.listdir(f'/proc/{pid}/task'):
                with open(f'/proc/{pid}/task/{task}/children') as children:
                    queue.extend(int(one) for one in children.read().split())
        except OSError:
            continue
    return found


def resident_kb(pid):
    try:
        with open(f'/proc/{pid}/statm') as statm:
            return int(statm.read().split()[1]) * 4
    except (OSError, IndexError):
        return 0


def name_of(pid):
    try:
        with open(f'/proc/{pid}/comm') as comm:
            return comm.read().strip()
    except OSError:
        return '?'


def main():
    what, words = sys.argv[1], sys.argv[2:]
    began = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    peak_sum, peak_one, largest = 0, 0, ''
    while what == 'memory' and child.poll() is None:
        sizes = {pid: resident_kb(pid) for pid in descendants(child.pid)}
        peak_sum = max(peak_sum, sum(sizes.values()))
        pid, size = max(sizes.items(), key=lambda item: item[1])
        if size > peak_one:
            peak_one, largest = size, name_of(pid)
        time.sleep(0.002)
    code = child.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({'code': code, 'wallMs': (time.monotonic() - began) * 1000, 'cpuMs': (used.ru_utime + used.ru_stime) * 1000,
                      'peakSumKb': peak_sum, 'peakOneKb': peak_one, 'largest': largest}))


main()
