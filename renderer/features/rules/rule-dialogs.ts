import type { Rule } from '../../../shared/model/policy.ts';

/** The dialog that is open on the rules screen. */
export type RuleDialogKind =
  | { readonly kind: 'add' | 'template' | 'file' | 'prove' }
  | { readonly kind: 'edit' | 'about'; readonly rule: Rule }
  | { readonly kind: 'remove'; readonly rules: readonly Rule[] }
  | { readonly kind: 'bulk'; readonly field: 'owner' | 'reviewOn'; readonly rules: readonly Rule[] };
