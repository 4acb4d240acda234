/** README.txt of a stick: for whoever stands at a host with it. */
export function printStickReadme({ kit, madeAtMs, madeBy }: { kit: string; madeAtMs: number; madeBy: string }): string {
  return `Firebreak, for hosts that no cable reaches
==========================================

Kit ${kit}, made ${new Date(madeAtMs).toISOString()} by ${madeBy}.

On each host, as root, with the stick mounted at /mnt (nothing is installed, nothing is changed, nothing is left):

   sh /mnt/firebreak-collect

It writes one file to collected/: what the host is, what listens, which connections live, which firewall rules it has, and what could not be read.
Without root it still works, and says what is missing. It needs sh, awk, sed, tar and gzip.

Back at the console:

   firebreak bundle import /mnt/collected

Rules for a host are carried the other way. At the console:

   firebreak bundle export HOST --out /mnt

At the host, as root, at its own keyboard. It installs the agent where it is missing (into /usr/local/lib/firebreak, /etc/firebreak, /var/lib/firebreak and as systemd units),
loads the rules, and takes them back by itself unless you confirm within 300 seconds:

   sh /mnt/firebreak-apply

It writes a receipt to receipts/. Back at the console:

   firebreak bundle receipt /mnt/receipts

Later, to carry back once more what the host runs:   sh /mnt/firebreak-apply --receipt

Keep this stick as you keep a key. kit/site-key signs what is collected, so that the console knows that it was this stick, and that nobody changed the file since.
It opens nothing on any host. A host on which it is used can read it. If the stick is lost:

   firebreak bundle forget-kit ${kit}

Rules are signed by the console itself, and its key is not on the stick: no host takes rules that somebody changed here.
`;
}
