/** `1 host`, `2 hosts`; `many` where it is not the one with an s. */
export const amount = (value: number, one: string, many = `${one}s`): string => `${value} ${value === 1 ? one : many}`;
