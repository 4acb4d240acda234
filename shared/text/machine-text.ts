import { inert } from './inert.ts';

/** The beginning of a machine id: enough to compare by eye, and not the whole, which machine-id(5) asks to keep from others. A host chooses the text. */
export const machineText = (machineId: string): string => inert(machineId.slice(0, 12));
