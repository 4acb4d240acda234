import type { ScreenPath } from '../../routes.ts';
import { type AirgapAsk, SCREENS } from '../../routes.ts';

/** What a chosen entry does: goes to a screen (and presses its main action there), or does something with the window. */
export type PaletteAct =
  | { readonly kind: 'go'; readonly to: ScreenPath; readonly press: boolean }
  | { readonly kind: 'visit'; readonly to: '/workspace' | '/welcome' }
  | { readonly kind: 'import'; readonly to: '/hosts' | '/flows' }
  | { readonly kind: 'airgap'; readonly ask: AirgapAsk | null; readonly view: 'audit' | null }
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' | 'system' }
  | { readonly kind: 'collect' }
  | { readonly kind: 'shortcuts' };

export type PaletteCommand = { readonly id: string; readonly title: string; readonly detail: string; readonly keys: readonly string[]; readonly act: PaletteAct };

const add = (to: ScreenPath, title: string, detail: string): PaletteCommand => ({ id: `add ${to}`, title, detail, keys: ['n'], act: { kind: 'go', to, press: true } });

/** Screens first, in the order of the navigation. */
export const PALETTE_COMMANDS: readonly PaletteCommand[] = [
  ...SCREENS.map((screen): PaletteCommand => ({ id: screen.path, title: `Go to ${screen.title}`, detail: '', keys: ['g', screen.goKey], act: { kind: 'go', to: screen.path, press: false } })),
  add('/hosts', 'Add a host', 'SSH address, key and labels'),
  add('/zones', 'Add a zone', 'by labels; begins in observe'),
  add('/rules', 'Add a rule', 'to the draft'),
  { id: 'import hosts', title: 'Import hosts', detail: 'from CSV, ssh configuration, Ansible or a network', keys: [], act: { kind: 'import', to: '/hosts' } },
  { id: 'import logs', title: 'Import flow logs', detail: 'of firewalls, clouds and sensors', keys: [], act: { kind: 'import', to: '/flows' } },
  { id: 'bundle kit', title: 'Make a stick for air-gapped hosts', detail: 'collector, agent and a key of its own', keys: [], act: { kind: 'airgap', ask: 'kit', view: null } },
  { id: 'bundle import', title: 'Import bundles from a stick', detail: 'what air-gapped hosts told the collector', keys: [], act: { kind: 'airgap', ask: 'import', view: null } },
  { id: 'bundle export', title: 'Export policy to a stick', detail: 'signed rules for air-gapped hosts', keys: [], act: { kind: 'airgap', ask: 'export', view: null } },
  { id: 'bundle receipt', title: 'Import receipts from a stick', detail: 'what air-gapped hosts did with their rules', keys: [], act: { kind: 'airgap', ask: 'receipts', view: null } },
  { id: 'offline audit', title: 'Audit without an agent', detail: 'from rule files, inventories and bundles', keys: [], act: { kind: 'airgap', ask: null, view: 'audit' } },
  { id: 'workspace', title: 'Workspace: new, open, back up, restore', detail: 'the file that this window works on', keys: [], act: { kind: 'visit', to: '/workspace' } },
  { id: 'welcome', title: 'Show the first steps', detail: 'sample site, hosts, files', keys: [], act: { kind: 'visit', to: '/welcome' } },
  { id: 'collect', title: 'Collect from all hosts', detail: 'over SSH: status, facts and flows', keys: [], act: { kind: 'collect' } },
  { id: 'theme light', title: 'Use the light theme', detail: '', keys: [], act: { kind: 'theme', theme: 'light' } },
  { id: 'theme dark', title: 'Use the dark theme', detail: '', keys: [], act: { kind: 'theme', theme: 'dark' } },
  { id: 'theme system', title: 'Use the theme of the system', detail: '', keys: [], act: { kind: 'theme', theme: 'system' } },
  { id: 'shortcuts', title: 'Show all keyboard shortcuts', detail: '', keys: ['?'], act: { kind: 'shortcuts' } },
];
