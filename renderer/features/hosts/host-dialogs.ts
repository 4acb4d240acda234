import type { HostView } from '../../../shared/contract/views.ts';

/** Which dialog of this screen is open, and about whom. */
export type HostDialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'trust'; readonly name: string; readonly thenInstall: boolean }
  | { readonly kind: 'onboard'; readonly hosts: readonly HostView[] }
  | { readonly kind: 'unlock'; readonly name: string }
  | { readonly kind: 'unlock-keys' }
  | { readonly kind: 'labels'; readonly hosts: readonly HostView[] }
  | { readonly kind: 'remove'; readonly hosts: readonly HostView[] }
  | { readonly kind: 'quarantine'; readonly name: string }
  | { readonly kind: 'uninstall'; readonly names: readonly string[] };
