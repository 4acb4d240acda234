/**
 * What the kernel of a host has, read without the agent. `whole` is our table without recorded traffic, its objects sorted; `parts` only what
 * decides about packets, as much of it as changes at once: all of it over nft, a family each over iptables; null when the table is not there. `foreign` is every other table, byte for byte.
 */
export type KernelRules = { readonly whole: string | null; readonly parts: readonly string[] | null; readonly foreign: string };
