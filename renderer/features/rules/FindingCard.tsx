import { useMutation, useQuery } from '@tanstack/react-query';
import { performFix } from '../../../shared/contract/perform-fix.ts';
import { type Finding, findingId, type LintAct } from '../../../shared/model/finding.ts';
import type { Rule } from '../../../shared/model/policy.ts';
import { api, client } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { SEVERITY_LOOKS } from './finding-look.ts';

type Props = { readonly finding: Finding; readonly onEdit: (rule: Rule) => void };

/** One finding. What a person must decide or say is done in the rule's own dialog; everything else by one press. */
export function FindingCard({ finding, onEdit }: Props) {
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const fix = useMutation({ mutationFn: (act: LintAct) => performFix(client, act, null) });
  const rule = policy.data?.policy.rules.find((candidate) => candidate.id === finding.subject.id);
  const { act } = finding.fix;
  const look = SEVERITY_LOOKS[finding.severity];
  return (
    <article className="suggestion" aria-label={findingId(finding)}>
      <div className="row">
        <Mark {...look} />
        <span className="small muted truncate">{findingId(finding)}</span>
      </div>
      <span className="mono inert">{finding.subject.text}</span>
      <p className="small inert">{finding.evidence}</p>
      <p className="small muted inert">→ {finding.fix.text}</p>
      <div className="row">
        {act === null || act.kind === 'ask' ? null : (
          <Button small isDisabled={fix.isPending} onPress={() => fix.mutate(act)} aria-label={`Do it in the draft: ${findingId(finding)}`}>
            {fix.isPending ? 'Working …' : 'Do it in the draft'}
          </Button>
        )}
        {rule === undefined ? null : (
          <Button small kind="quiet" onPress={() => onEdit(rule)} aria-label={`Edit rule: ${findingId(finding)}`}>
            Edit rule
          </Button>
        )}
      </div>
      {fix.error === null ? null : <ErrorNote error={fix.error} />}
    </article>
  );
}
