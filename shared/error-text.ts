import type { ErrorCode, ErrorPayload, Issue } from './errors.ts';
import { machineText } from './text/machine-text.ts';
import { printConflict, printFileIssue } from './text/file-issue-text.ts';
import { describeShut } from './text/maintenance-text.ts';

/** What happened, what it means, what to do next. Plain text; whoever shows it escapes it. */
export type ErrorText = { title: string; hint: string };

type TextFor = { [Code in ErrorCode]: (payload: ErrorPayload<Code>) => ErrorText };

const list = (items: readonly string[]) => (items.length === 0 ? 'none' : items.slice(0, 8).join(', ') + (items.length > 8 ? ` … (${items.length} in all)` : ''));
const where = (i: Issue) => (i.line === undefined ? i.path : `line ${i.line}, column ${i.column ?? 1}`);

const texts: TextFor = {
  INPUT_INVALID: (p) => ({ title: p.issues.map((i) => (where(i) ? `${where(i)}: ${i.message}` : i.message)).join('\n'), hint: 'Correct the input and try again; nothing was changed.' }),
  POLICY_FILE_INVALID: (p) => ({ title: [...p.issues.map((issue) => printFileIssue(p.file, issue)), ...(p.more > 0 ? [`… and ${p.more} more`] : [])].join('\n'), hint: 'Correct the file and try again; nothing was changed.' }),
  MERGE_CONFLICT: (p) => ({ title: p.conflicts.map((conflict) => printConflict(p.file, conflict)).join('\n'), hint: 'Nothing was imported. Take the draft’s side of these (--ours) or the file’s (--theirs), or export again and edit that.' }),
  MERGE_BASE_UNKNOWN: (p) => ({ title: `${p.file} was exported from a state (base ${p.base}) that this workspace does not keep, so what the draft changed since cannot be told.`, hint: 'Nothing was imported. Export again and edit that, or take the file as it is (--replace), which drops what only the draft has.' }),
  NOT_FOUND: (p) => ({ title: `There is no ${p.what} “${p.name}”.`, hint: p.known.length === 0 ? 'It was removed meanwhile, or is of another workspace: see which one is open, and look at the list again.' : `Known: ${list(p.known)}.` }),
  NAME_TAKEN: (p) => ({ title: `There is already a ${p.what} “${p.name}”.`, hint: 'Choose another name, or change the existing one.' }),
  ADDRESS_TAKEN: (p) => ({ title: `${p.address} is already the address of host “${p.host}”.`, hint: `Remove “${p.host}” first, or give another address.` }),
  SOURCE_KNOWN: (p) => ({ title: `${p.path} was imported before, as source ${p.id} (${p.name}, ${new Date(p.importedAtMs).toISOString()}).`, hint: `Nothing was changed. To import it anew, take the former one out first: firebreak flows import remove ${p.id}` }),
  STILL_USED: (p) => ({ title: `The ${p.what} “${p.name}” is still used by ${list(p.usedBy)}.`, hint: 'Change or remove those first.' }),
  WORKSPACE_NOT_FOUND: (p) => ({ title: `There is no workspace at ${p.path}.`, hint: 'Create one with: firebreak --workspace FILE init' }),
  WORKSPACE_EXISTS: (p) => ({ title: `${p.path} already exists.`, hint: 'Open it as it is, or choose another file name; init never overwrites.' }),
  WORKSPACE_NOT_A_DATABASE: (p) => ({ title: `${p.path} is not a Firebreak workspace (not an SQLite database of ours).`, hint: 'Check the path; the file was not changed.' }),
  WORKSPACE_FROM_NEWER_VERSION: (p) => ({ title: `${p.path} was written by a newer Firebreak (format ${p.fileVersion}; this one knows ${p.ourVersion}).`, hint: 'Update Firebreak on this machine; the file was not changed.' }),
  WORKSPACE_READ_ONLY: (p) => ({ title: `${p.path} or its folder cannot be written.`, hint: 'Give this user write permission on the folder, or choose another place with --workspace.' }),
  WORKSPACE_DAMAGED: (p) => ({ title: `${p.path} is damaged: ${p.detail}`, hint: 'Restore the newest backup that lies beside it (the Workspace screen, or firebreak workspace restore); the damaged file is kept aside.' }),
  DISK_FULL: (p) => ({ title: `The disk that holds ${p.path} is full.`, hint: 'Free some space and try again; what was stored before is intact.' }),
  WORKSPACE_HELD: (p) => ({ title: `${p.path} is open in another console (${p.user}, process ${p.pid}, since ${new Date(p.sinceMs).toISOString()}).`, hint: 'Nothing was changed. Make the change there, or close that console and take the workspace over.' }),
  RESTORE_LOSES: (p) => ({ title: [`Going back to ${p.backup} loses what ${p.path} has got since:`, ...p.losses].join('\n'), hint: 'Nothing was changed. Confirm it to go on (command line: --replace); the current file is kept aside then.' }),
  SAMPLE_CONNECTS_TO_NOTHING: (p) => ({ title: `${p.path} is the sample: its hosts are made up, and nothing is ever connected to.`, hint: 'Edit, simulate and plan here; to reach hosts of your own, make a new workspace.' }),
  WINDOW_NEEDED: () => ({ title: 'Only a window can change to another workspace.', hint: 'On the command line, name the file: firebreak --workspace FILE …' }),
  HOST_UNREACHABLE: (p) => ({ title: `${p.host}: no SSH answer from ${p.address} port ${p.port} (${p.detail}).`, hint: 'Check the address and port, that sshd runs, and that no firewall is in between.' }),
  HOST_TIMEOUT: (p) => ({ title: `${p.host}: no answer within ${p.timeoutMs / 1000} s while ${p.doing}.`, hint: 'The host may be overloaded or the path cut; look at the host, then try again.' }),
  HOST_DISCONNECTED: (p) => ({ title: `${p.host}: the SSH connection ended while ${p.doing}.`, hint: 'Ask for the host’s status to see what it did; then try again.' }),
  HOST_KEY_UNKNOWN: (p) => ({ title: `${p.host}: its host key is not trusted yet (${p.algorithm} ${p.fingerprint}).`, hint: `Compare the fingerprint on the host (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then: firebreak host trust ${p.host}` }),
  HOST_KEY_CHANGED: (p) => ({ title: `${p.host}: HOST KEY CHANGED. Pinned ${p.pinned}, presented ${p.presented}. Nothing was sent.`, hint: `Somebody may be in between, or the host was reinstalled. Compare on the host itself; only then: firebreak host trust ${p.host} --replace, and after a reinstallation: firebreak agent install ${p.host}` }),
  HOST_KEY_NOT_AS_LISTED: (p) => ({ title: `${p.host}: THE HOST KEY IS NOT THE ONE THAT IS LISTED. ${p.source} lists ${p.listed}, presented ${p.presented}. Nothing was sent.`, hint: `Somebody may be in between, the host was reinstalled, or the list is old. Compare on the host itself; only then: firebreak host trust ${p.host} --replace` }),
  HOST_KEY_REVOKED: (p) => ({ title: `${p.host}: THE HOST KEY IS REVOKED. ${p.source} marks ${p.algorithm} ${p.fingerprint} as @revoked. Nothing was sent.`, hint: `Somebody has this key who should not. Make the host a new one there. If the list is wrong: firebreak host keys forget ${p.host}, then trust it again.` }),
  HOST_REBUILT: (p) => ({ title: `${p.host}: another machine answers there than before (machine id ${machineText(p.now)}, before ${machineText(p.former)}). Nothing was taken from it or sent to it.`, hint: `If it was made anew, or got another machine id, compare its key on the host and say so: firebreak host trust ${p.host} --replace; then: firebreak agent install ${p.host}. If not, its address leads to somebody else.` }),
  SSH_AUTH_FAILED: (p) => ({ title: `${p.host}: login as ${p.user} with ${p.identity} was refused.`, hint: 'Check the user and that its public key is in ~/.ssh/authorized_keys on the host.' }),
  SSH_KEY_UNREADABLE: (p) => ({ title: `${p.host}: the key file ${p.keyPath} cannot be used (${p.detail}).`, hint: 'Give a private key in OpenSSH’s form or in PEM (--identity FILE), or load the key into ssh-agent and choose that (--identity agent).' }),
  SSH_PASSPHRASE_NEEDED: (p) => ({ title: `${p.host}: the key file ${p.keyPath} has a passphrase, which was not given yet. The host was not contacted.`, hint: 'In the window: Hosts, “Unlock keys”. On the command line it is asked for; in scripts: FIREBREAK_KEY_PASSPHRASE.' }),
  SSH_PASSPHRASE_WRONG: (p) => ({ title: `That is not the passphrase of ${p.keyPath}. No host was contacted.`, hint: 'Type it again. Nothing counts the attempts: the key is opened on this machine.' }),
  SSH_CERTIFICATE_UNUSABLE: (p) => ({ title: `${p.host}: the certificate ${p.certificatePath} cannot be used: ${p.detail}. The host was not contacted.`, hint: 'Have your key signed anew and put the new certificate in its place; to log in with the key alone, move it away.' }),
  SECRET_NOT_GIVEN: (p) => ({ title: `No ${p.what} was given for ${p.name} in this session, so there is none to keep.`, hint: 'Give it first, then keep it.' }),
  KEYCHAIN_MISSING: (p) => ({ title: `Nothing can be kept here. ${p.why}`, hint: 'What was given holds for this session, and is asked for again in the next.' }),
  SSH_PASSWORD_NEEDED: (p) => ({ title: `${p.host}: a password for ${p.user} is needed.`, hint: 'Give it when asked; it is kept in memory only. In scripts: FIREBREAK_SSH_PASSWORD.' }),
  SSH_LIMIT_REACHED: (p) => ({ title: `${p.host}: sshd refused another session (${p.detail}).`, hint: 'Other clients hold its sessions; try again later or raise MaxSessions/MaxStartups there.' }),
  SUDO_REFUSED: (p) => ({ title: `${p.host}: sudo refused ${p.user} (${p.detail}).`, hint: 'Allow this user the agent in sudoers, log in as root, or correct the password.' }),
  SUDO_PASSWORD_NEEDED: (p) => ({ title: `${p.host}: sudo asks ${p.user} for a password.`, hint: 'Set the host to “sudo with password” and give it when asked (scripts: FIREBREAK_SUDO_PASSWORD), or allow NOPASSWD.' }),
  OUTPUT_TOO_LARGE: (p) => ({ title: `${p.host}: sent more than ${p.limitBytes} bytes while ${p.doing}; the connection was closed.`, hint: 'The host misbehaves; look at it before trusting what it reports.' }),
  HOST_REPLY_INVALID: (p) => ({ title: `${p.host}: its answer while ${p.doing} could not be understood (${p.detail}).`, hint: 'Reinstall the agent there: firebreak agent install ' + p.host }),
  NFT_MISSING: (p) => ({ title: `${p.host}: nft is not installed.`, hint: 'Install the package “nftables” there (or iptables with ipset, which can do less) and try again; nothing was changed on the host.' }),
  HOST_UNSUPPORTED: (p) => ({ title: `${p.host}: cannot run the agent: ${p.reasons.join('; ')}.`, hint: 'Nothing was changed on the host. It can be kept as an unmanaged host.' }),
  AGENT_MISSING: (p) => ({ title: `${p.host}: the agent is not installed.`, hint: `Install it: firebreak agent install ${p.host}` }),
  AGENT_NOT_OURS: (p) => ({ title: `${p.host}: the agent there belongs to another workspace, to this host before it was added again, or to the host whose disk was copied (it is ${p.otherId} there).`, hint: `Uninstall it from that workspace, or take it over: firebreak agent install ${p.host} --adopt (its rules stay until the next push) or --replace (its rules are dropped; it observes then).` }),
  AGENT_DOWNGRADE: (p) => ({ title: `${p.host}: agent ${p.installed} is there, and this console’s (${p.offered}) is older.`, hint: `Nothing was changed. Use the newer console, or go back on purpose: firebreak agent upgrade ${p.host} --allow-downgrade` }),
  AGENT_OTHER_KEY: (p) => ({ title: `${p.host}: the agent there does not trust this workspace’s signature: ${p.detail}.`, hint: `It was installed by another workspace, or by this one before its key was lost. To have it trust this one: firebreak agent install ${p.host} --adopt` }),
  BUNDLE_REPLAYED: (p) => ({ title: `${p.host}: the host refused the rules as old: ${p.detail}.`, hint: 'Somebody else pushed meanwhile, or this console’s clock went back. Read its status, plan and push again.' }),
  AGENT_FAILED: (p) => ({ title: `${p.host}: the agent failed while ${p.doing} (exit ${p.exitCode}): ${p.detail}`, hint: `Look at the host’s journal (journalctl -t firebreak), then: firebreak agent status ${p.host}` }),
  PUSH_PENDING_ELSEWHERE: (p) => ({ title: `${p.host}: another push (${p.pendingId}) by ${p.by} waits for its confirmation.`, hint: 'Wait until it is confirmed or has rolled back, then plan again.' }),
  CONFIRM_REFUSED: (p) => ({ title: `${p.host}: the host refused the confirmation: ${p.detail}`, hint: 'It runs its former policy. Plan and push again.' }),
  PLAN_REFUSED: (p) => ({ title: p.refusals.map((r) => `${r.host}: ${r.reason}${r.rule === null ? '' : ` (rule ${r.rule})`}`).join('\n'), hint: 'Nothing was sent to any host. Change the draft and plan again.' }),
  PLAN_STALE: (p) => ({ title: `The draft changed since this plan was shown (${p.planned} → ${p.current}).`, hint: 'Look at the new plan, then push that.' }),
  GATE_CLOSED: (p) => ({ title: `${p.what}: ${p.reasons.join('; ')}.`, hint: 'Meet these, or waive them by name and with a reason.' }),
  DRAFT_CHANGED: (p) => ({ title: `The draft was changed elsewhere meanwhile (revision ${p.seen} → ${p.current}).`, hint: 'Nothing was changed. Look at the draft as it is now, then try again.' }),
  WINDOW_CLOSED: (p) => ({ title: `${p.windows.map((window) => `${list(window.hosts)}: ${describeShut(window, p.nowMs)}`).join('; ')}.`, hint: 'Nothing was sent to any host. Push while it is open, or give a reason, which is kept: firebreak push --outside-window "REASON". A rollback and a containment need none.' }),
  NOTHING_PENDING: () => ({ title: 'No host waits for a push that it missed.', hint: 'Nothing was sent. What the draft would change: firebreak plan' }),
  NOTHING_TO_UNDO: (p) => ({ title: p.way === 'undo' ? 'There is no edit of the draft that could be taken back.' : 'There is no edit of the draft that could be done again.', hint: 'Nothing was changed. An older state of the policy is made the draft again with: firebreak version restore ID' }),
  NOTHING_TO_PUSH: () => ({ title: 'Every host with an agent already runs the draft.', hint: 'Change the draft first; nothing was sent.' }),
  NOTHING_TO_ROLL_BACK: () => ({ title: 'These hosts have no push behind them that could be undone.', hint: 'Make an older version the draft and push that: firebreak version list; nothing was sent.' }),
  PUSH_RUNNING: (p) => ({ title: `Push ${p.push} is still running.`, hint: 'Wait until it ends.' }),
  PUSH_NOT_HERE: (p) => ({ title: `Push ${p.push} is not run by this console.`, hint: 'It has ended, or another console runs it: stop it there. firebreak reconcile asks its hosts what they did.' }),
  FORWARD_NOT_CONFIRMED: (p) => ({ title: `${p.name} is not confirmed on this machine; nothing is sent to ${p.to}.`, hint: `The workspace names it, and nobody here has said that events may go there. Confirm it in Settings, “Events out”, or with: firebreak forward confirm ${p.name}` }),
  UPDATES_OFF: () => ({ title: 'This console asks nobody for new versions.', hint: 'Say where releases are and by whose key they are signed, in Settings, “Updates”, or with: firebreak update from https://…/release.json --key FILE.pub' }),
  UPDATE_UNREACHABLE: (p) => ({ title: `${p.url} could not be fetched: ${p.detail}.`, hint: 'Check the address. Without a way out from here, carry release.json and release.json.sig over and read them with: firebreak update check --file release.json' }),
  UPDATE_REFUSED: (p) => ({ title: `What ${p.from} says is not believed: ${p.detail}.`, hint: 'Do not install what came with it. Ask whoever releases, over another way, which key they sign with.' }),
  FORWARD_FAILED: (p) => ({ title: `${p.name}: ${p.to} did not take the event: ${p.detail}.`, hint: 'Check the address and that the receiver runs; for TLS, that its certificate is for this name and signed by the authority that was given (--ca). Events that wait are kept.' }),
  BROWSER_MISSING: (p) => ({ title: `No Chromium, Chrome or Electron was found (tried ${list(p.tried)}).`, hint: 'Install one (Debian: apt install chromium); HTML and CSV are made without it.' }),
  BROWSER_FAILED: (p) => ({ title: `${p.path} did not start: ${p.detail}.`, hint: 'Start Firebreak as an ordinary user (Chromium refuses root), or name another browser with FIREBREAK_CHROMIUM.' }),
  DISPLAY_MISSING: () => ({ title: 'There is no display to open a window on.', hint: 'Run: npm run demo (works in the terminal), or set DISPLAY.' }),
  FILE_NOT_WRITABLE: (p) => ({ title: `${p.path} cannot be written (${p.detail}).`, hint: 'Choose a folder that this user may write.' }),
  FILE_NOT_READABLE: (p) => ({ title: `${p.path} cannot be read (${p.detail}).`, hint: 'Check the path and its permissions.' }),
  ABORTED: (p) => ({ title: `Stopped while ${p.doing}.`, hint: 'Start it again when ready.' }),
  INTERNAL: (p) => ({ title: `Something in Firebreak itself failed: ${p.detail}`, hint: 'Please report it with the file that “firebreak support” makes (in the window: Settings, Support file); no host was left half changed, see its status.' }),
};

/** The one place where an error becomes a sentence. Pure. */
export function describeError<Code extends ErrorCode>(code: Code, payload: ErrorPayload<Code>): ErrorText {
  return texts[code](payload);
}
