const AGENT = '/usr/local/lib/firebreak/firebreak-agent';

/**
 * What the console calls over SSH, but for install and uninstall, as arguments in sudoers(5). `*` matches anything, blanks too; that is safe because
 * the first word is fixed, and no command listed takes a path, a program or a word that widens what it does.
 */
export const CONSOLE_COMMANDS: readonly string[] = [
  'facts --ssh *',
  'compat --ssh *',
  'status',
  'check',
  'apply --id *',
  'confirm *',
  'rollback',
  'rollback --id *',
  'drain --after *',
  'verify',
  'events --after *',
  'footprint --after *',
  'sessions',
  'cut --id *',
  'latency',
  'witness --seconds *',
  'try',
];

/** A whole sudoers file for `user`, with how to put it in place as comments. Ends with a newline. */
export function printSudoers(user: string): string {
  return `# Firebreak: what the login “${user}” may do as root on a host: run the agent, and nothing else.
# With it the console collects, plans, pushes, confirms, rolls back, verifies and proves. Installing, upgrading and uninstalling the agent
# need root itself, each time: firebreak agent install HOST --as root
#
# On the host, as root, after the agent was installed (FILE is this text):
#   useradd --system --create-home --shell /bin/sh ${user}
#   install -d -m 700 -o ${user} -g ${user} /home/${user}/.ssh
#   echo 'restrict ssh-ed25519 AAAA… console' >/home/${user}/.ssh/authorized_keys
#   chown ${user}: /home/${user}/.ssh/authorized_keys && chmod 600 /home/${user}/.ssh/authorized_keys
#   visudo -cf FILE && install -m 440 FILE /etc/sudoers.d/firebreak
Cmnd_Alias FIREBREAK_CONSOLE = \\
${CONSOLE_COMMANDS.map((words) => `    ${AGENT} ${words}`).join(', \\\n')}
Defaults:${user} !requiretty
${user} ALL=(root) NOPASSWD: FIREBREAK_CONSOLE
`;
}
