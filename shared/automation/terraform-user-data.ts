/** Terraform's JSON reads templates in strings (https://developer.hashicorp.com/terraform/language/expressions/strings): what begins one is doubled. */
const literal = (text: string): string => text.replaceAll(/[$%]\{/g, (begin) => `${begin.charAt(0)}${begin}`);

const COMMENT = [
  'Made by: firebreak agent image --for terraform. User data by host, for any provider: user_data = local.firebreak_user_data["NAME"]',
  'Each is for that one machine, at the address that Firebreak knows it by. No secret is in it.',
  'Made anew it is another text, and providers make a machine anew whose user data changes: keep lifecycle { ignore_changes = [user_data] } there.',
];

/** `.tf.json` with one local value. Pure. */
export function printTerraformUserData(byName: ReadonlyMap<string, string>): string {
  const userData = Object.fromEntries([...byName].map(([name, text]) => [name, literal(text)]));
  return `${JSON.stringify({ '//': COMMENT, locals: { firebreak_user_data: userData } }, null, 2)}\n`;
}
