const WORDS: Readonly<Record<string, string>> = {
  'policy.addRules': 'add',
  'policy.updateRule': 'change rule',
  'policy.updateRules': 'change',
  'policy.removeRule': 'remove rule',
  'policy.removeRules': 'remove',
  'policy.addZone': 'add zone',
  'policy.updateZone': 'change zone',
  'policy.setZoneMode': 'set the mode of zone',
  'policy.removeZone': 'remove zone',
  'policy.putService': 'set service',
  'policy.removeService': 'remove service',
  'policy.putIpList': 'set IP list',
  'policy.removeIpList': 'remove IP list',
  'templates.apply': 'apply template',
  'versions.restore': 'restore version',
};
/** What changes the whole draft, or has no one name. */
const WHOLE: Readonly<Record<string, string>> = { 'policy.orderZones': 'order the zones', 'policy.discardDraft': 'discard the draft', 'policy.importText': 'import a policy file' };
const OF_RULES: readonly string[] = ['policy.addRules', 'policy.updateRules', 'policy.removeRules'];
const LONGEST = 120;

/** What a step of the draft did, in few words: `change rule r_0123456789ab`, `add 12 rules`. One of an action that is not known here is named by its audit entry. */
export function describeDraftStep({ action, subject }: { readonly action: string; readonly subject: string }): string {
  const whole = WHOLE[action];
  if (whole !== undefined) return whole;
  const ids = subject.split(' ');
  const object = OF_RULES.includes(action) ? (ids.length === 1 ? `rule ${subject}` : `${ids.length} rules`) : subject;
  const text = `${WORDS[action] ?? action} ${object}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
