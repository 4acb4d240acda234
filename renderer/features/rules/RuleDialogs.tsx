import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { AboutRuleDialog } from './AboutRuleDialog.tsx';
import { BulkRuleDialog } from './BulkRuleDialog.tsx';
import { PolicyFileDialog } from './PolicyFileDialog.tsx';
import { RemoveRulesDialog } from './RemoveRulesDialog.tsx';
import { ProveDialog } from './ProveDialog.tsx';
import type { RuleDialogKind } from './rule-dialogs.ts';
import { TemplateDialog } from './TemplateDialog.tsx';

type Props = { readonly dialog: RuleDialogKind | null; readonly zones: readonly string[]; readonly onClose: () => void };

/** The dialog that is open, or none. */
export function RuleDialogs({ dialog, zones, onClose }: Props) {
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'add':
      return <RuleDialog changed={null} onClose={onClose} />;
    case 'edit':
      return <RuleDialog changed={dialog.rule} onClose={onClose} />;
    case 'about':
      return <AboutRuleDialog rule={dialog.rule} onClose={onClose} />;
    case 'template':
      return <TemplateDialog onClose={onClose} />;
    case 'file':
      return <PolicyFileDialog onClose={onClose} />;
    case 'prove':
      return <ProveDialog zones={zones} onClose={onClose} />;
    case 'remove':
      return <RemoveRulesDialog rules={dialog.rules} onClose={onClose} />;
    case 'bulk':
      return <BulkRuleDialog field={dialog.field} rules={dialog.rules} onClose={onClose} />;
  }
}
