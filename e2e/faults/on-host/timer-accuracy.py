"""Applies a bundle (stdin) and measures when its rollback starts, in seconds after its timer was armed.

usage: timer-accuracy.py ID WINDOW_S systemd|fallback
Both times are the kernel's: the timer unit's (or the sleeping process's) start and the start of the rollback's process (proc(5), stat field 22).
`fallback` hides systemd from the agent in a mount namespace. Prints the seconds, with two decimals.
"""
import os, subprocess, sys, time

push, window_s, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
AGENT = '/usr/local/sbin/firebreak-agent'
TICKS = os.sysconf('SC_CLK_TCK')


def start_of(*words):
    """Start in seconds since boot of the first process whose arguments contain all the words, or None."""
    for name in os.listdir('/proc'):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open(f'/proc/{name}/cmdline', 'rb') as cmdline:
                arguments = cmdline.read().decode('utf-8', 'replace').split('\0')
            if all(word in arguments for word in words):
                with open(f'/proc/{name}/stat') as stat:
                    return int(stat.read().rsplit(') ', 1)[1].split()[19]) / TICKS
        except OSError:
            continue
    return None


apply = [AGENT, 'apply', '--id', push, '--by', 'tester', '--confirm-within', str(window_s)]
if kind == 'fallback':
    apply = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /run/systemd && exec "$@"', 'sh', *apply]
done = subprocess.run(apply, stdin=sys.stdin, stdout=subprocess.PIPE)
if done.returncode != 0:
    sys.exit(f'apply ended with {done.returncode}: {done.stdout.decode()}')
if kind == 'fallback':
    armed = start_of('firebreak-sleeper', push)
else:
    shown = subprocess.run(['systemctl', 'show', '-p', 'ActiveEnterTimestampMonotonic', '--value', f'firebreak-rollback-{push}.timer'], stdout=subprocess.PIPE)
    armed = int(shown.stdout) / 1e6
if not armed:
    sys.exit('no timer was found')
give_up = time.monotonic() + window_s + 30
fired = None
while fired is None and time.monotonic() < give_up:
    fired = start_of('rollback', push, 'timeout')
    time.sleep(0.01)
print('%.2f' % (fired - armed) if fired else 'never')
