import { z } from 'zod';
import { HostId } from './ids.ts';
import { Labels } from './label.ts';
import { HostName } from './names.ts';
import { Posture } from './posture.ts';
import { TransportProtocol } from './service.ts';

/** How sudo is used on the host: `none` (the login is root), `nopasswd`, or `password` (asked for, kept in memory only). */
export const SudoMode = z.enum(['none', 'nopasswd', 'password']);
export type SudoMode = z.infer<typeof SudoMode>;

/** How the console proves who it is. Files and the agent’s socket stay where they are; only paths are stored. */
export const SshIdentity = z.discriminatedUnion('kind', [
  /** Without `certificatePath`: the certificate is `KEY-cert.pub` beside the key, where there is one. */
  z.strictObject({ kind: z.literal('key-file'), keyPath: z.string().min(1), certificatePath: z.string().min(1).exactOptional() }),
  z.strictObject({ kind: z.literal('agent') }),
  z.strictObject({ kind: z.literal('password') }),
]);
export type SshIdentity = z.infer<typeof SshIdentity>;

export const SshTarget = z.strictObject({
  address: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  user: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'a login name starts with a letter or _, then letters, digits and . _ -'),
  identity: SshIdentity,
  sudo: SudoMode,
  /** The name of another host to go through, or null. */
  jump: HostName.nullable(),
});
export type SshTarget = z.infer<typeof SshTarget>;

/** A pinned host key. `fingerprint` is OpenSSH's form, `SHA256:` and base64 without padding (RFC 4648). */
export const HostKey = z.strictObject({ algorithm: z.string(), fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/) });
export type HostKey = z.infer<typeof HostKey>;

/** A key as a host presented it. `publicKey` is the whole of it in base64 (RFC 4253 section 6.6), of which the fingerprint is the hash; absent where only the fingerprint is known. */
export const PresentedKey = HostKey.extend({ publicKey: z.string().max(12_000).regex(/^[A-Za-z0-9+/]+=*$/).exactOptional() });
export type PresentedKey = z.infer<typeof PresentedKey>;

/** A peer address as the compiler takes it: one canonical IPv4 or IPv6 address, without prefix length or zone index. */
export const IpAddress = z.string().min(2).max(45);

/** A port of the host that it redirects to another namespace (a container), first to last. Nothing of the host's own listens there for the network. */
export const PublishedPort = z.strictObject({ protocol: TransportProtocol, from: z.number().int().min(0).max(65535), to: z.number().int().min(0).max(65535) });
export type PublishedPort = z.infer<typeof PublishedPort>;

/** What the compiler and the simulator need of a host, and nothing more. `addresses` may be empty: such a host is matched by no rule. */
export const FleetHost = z.strictObject({
  id: HostId,
  name: HostName,
  labels: Labels,
  /** Derived from what the host reported; selectors name it as labels `posture.…`. Absent is unknown in all parts. */
  posture: Posture.exactOptional(),
  addresses: z.array(IpAddress),
  /** Whether an agent enforces on it; unmanaged hosts are peers only. */
  managed: z.boolean(),
  management: z.strictObject({
    /** Console addresses as the host sees them (SSH_CONNECTION); locked open on `sshPort`. */
    consoleAddresses: z.array(IpAddress),
    sshPort: z.number().int().min(1).max(65535),
  }),
  /** Resolvers and time servers in use, from the host's facts: part of the essential block. */
  resolvers: z.array(IpAddress),
  timeServers: z.array(IpAddress),
  /** From the host's facts; absent where there are none. Only verdicts, suggestions and what an export cannot judge look at it: the rules hold for whatever is published later, too. */
  published: z.array(PublishedPort).exactOptional(),
  /** False where nft or the kernel cannot match control groups (nft before 1.0.2, Debian 11); absent where they can, or were not asked. */
  cgroupKeys: z.literal(false).exactOptional(),
  /** Where there is no nft, or none that does: its agent works over iptables and ipset. Absent is nft. */
  backend: z.literal('iptables').exactOptional(),
});
export type FleetHost = z.infer<typeof FleetHost>;
