/* Traffic of the benchmark. One core, one process an end.
 *
 *   traffic serve ADDRESS PORT
 *   traffic connect ADDRESS PORT SECONDS CONNECTIONS_PER_SECOND     (0: as fast as it goes)
 *
 * A connection is connect, 64 bytes there, 64 bytes back, RST. `connect` prints one line of JSON: connections, failures, seconds,
 * the latency of connect(2) at p50 and p99 in microseconds, and the CPU time that this end used in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 64, MAX_US = 100000 };
static unsigned histogram[MAX_US * 10]; /* tenths of a microsecond up to 100 ms */

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in address_of(char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  if (inet_pton(AF_INET, words[0], &address.sin_addr) != 1) die("address");
  return address;
}

static int exchange_as_server(int fd) {
  char message[MESSAGE_BYTES];
  if (recv(fd, message, sizeof message, MSG_WAITALL) != MESSAGE_BYTES) return -1;
  return send(fd, message, sizeof message, MSG_NOSIGNAL) == MESSAGE_BYTES ? 0 : -1;
}

static void serve(char **words) {
  struct sockaddr_in address = address_of(words);
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) die("listen");
  puts("ready");
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    exchange_as_server(fd);
    close(fd);
  }
}

static double percentile(unsigned long count, double share) {
  unsigned long wanted = (unsigned long)(count * share), seen = 0;
  for (int i = 0; i < MAX_US * 10; i++) {
    seen += histogram[i];
    if (seen > wanted) return i / 10.0;
  }
  return MAX_US;
}

static int connect_once(const struct sockaddr_in *to) {
  static const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  char message[MESSAGE_BYTES] = {0};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  double began = now_s();
  int failed = connect(fd, (const struct sockaddr *)to, sizeof *to);
  double tenths = (now_s() - began) * 1e7;
  if (!failed) histogram[tenths < MAX_US * 10 ? (int)tenths : MAX_US * 10 - 1]++;
  failed = failed || send(fd, message, sizeof message, MSG_NOSIGNAL) != MESSAGE_BYTES || recv(fd, message, sizeof message, MSG_WAITALL) != MESSAGE_BYTES;
  close(fd);
  return failed ? -1 : 0;
}

static void wait_until(double at) {
  struct timespec until = {.tv_sec = (time_t)at, .tv_nsec = (long)((at - (time_t)at) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
  }
}

static void connect_for(char **words) {
  struct sockaddr_in to = address_of(words);
  double seconds = atof(words[2]), rate = atof(words[3]), began = now_s();
  unsigned long connected = 0, failed = 0;
  alarm((unsigned)seconds + 10); /* a packet that is dropped must not hang the benchmark, nor time-outs on each socket slow it */
  while (now_s() - began < seconds) {
    /* Paced in bursts of a millisecond: no sleep is shorter than a timer's slack. */
    if (rate > 0 && connected + failed >= (now_s() - began) * rate) wait_until(now_s() + 0.001);
    else if (connect_once(&to)) failed++;
    else connected++;
  }
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  printf("{\"connections\":%lu,\"failures\":%lu,\"seconds\":%.3f,\"p50Us\":%.1f,\"p99Us\":%.1f,\"cpuUs\":%.0f}\n", connected, failed, now_s() - began,
         percentile(connected, 0.5), percentile(connected, 0.99), cpu_us);
}

int main(int count, char **words) {
  if (count == 4 && !strcmp(words[1], "serve")) serve(words + 2);
  else if (count == 6 && !strcmp(words[1], "connect")) connect_for(words + 2);
  else fprintf(stderr, "usage: traffic serve ADDRESS PORT | connect ADDRESS PORT SECONDS RATE\n");
  return count == 4 || count == 6 ? 0 : 2;
}
