/** How rules get to a host without this console: at its keyboard, by a playbook, or with what the machine is made from. */
export type CarriedWay = 'stick' | 'ansible' | 'image';

const HEADS = { stick: 'Carried by stick', ansible: 'Carried by Ansible', image: 'Came with its image' } as const satisfies Record<CarriedWay, string>;
const DOINGS = { stick: 'at the host’s own keyboard', ansible: 'by a playbook', image: 'at its first boot' } as const satisfies Record<CarriedWay, string>;
const WITHOUT_STICK = ['ansible', 'image'] as const;

/** An order's note says how it went, but for sticks, whose orders were there first and have the person's note alone. */
export const toOrderNote = (way: CarriedWay, note: string): string => (way === 'stick' ? note : headed(way, note));

/** What a push that is made of an order says. Pure. */
export function describeWay(orderNote: string): { note: string; doing: string } {
  const way = WITHOUT_STICK.find((one) => orderNote === HEADS[one] || orderNote.startsWith(`${HEADS[one]}: `));
  return way === undefined ? { note: headed('stick', orderNote), doing: DOINGS.stick } : { note: orderNote, doing: DOINGS[way] };
}

const headed = (way: CarriedWay, note: string): string => (note === '' ? HEADS[way] : `${HEADS[way]}: ${note}`);
