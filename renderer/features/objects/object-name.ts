import type { ServiceName } from '../../../shared/model/names.ts';
import { isReservedServiceName } from '../../../shared/text/service-text.ts';

/** What is wrong with the name of a new object, or null. A name that is taken would replace the object of that name under the rules that use it. */
export function objectNameError(what: 'service' | 'IP list', name: string, schema: typeof ServiceName, taken: readonly { readonly name: string }[]): string | null {
  if (name === '') return `give the ${what} a name`;
  const parsed = schema.safeParse(name);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'not a name';
  if (what === 'service' && isReservedServiceName(name)) return 'where a rule names services this means a protocol or a port; choose another name';
  return taken.some((other) => other.name === name) ? `there is a ${what} “${name}” already; edit that one, or choose another name` : null;
}
