import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Rule } from '../../../shared/model/policy.ts';
import { api, client } from '../../api/client.ts';
import type { CellExit } from './grid-position.ts';
import { readCell } from './read-cell.ts';
import { type CellField, typedTextOf } from './rule-cells.ts';

export type CellSave = {
  /** A sentence about what was typed, or what the command failed with; null while nothing is wrong. */
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly commit: (typed: string, exit: CellExit) => void;
  /** The focus went elsewhere: keeps what can be read, and stays open on what cannot. */
  readonly leave: (typed: string) => void;
  /** What was wrong is being corrected. */
  readonly forget: () => void;
};

/** Writes one cell of a rule into the draft. The editor closes once the table shows the new text, so that the old one does not flash up. */
export function useCellSave(rule: Rule, field: CellField, onExit: (exit: CellExit) => void): CellSave {
  const queries = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const isOver = useRef(false);
  const exit = (where: CellExit) => {
    isOver.current = true;
    onExit(where);
  };
  const update = useMutation({
    mutationFn: async ({ changed }: { readonly changed: Rule; readonly where: CellExit }) => {
      await client.policy.updateRule(changed);
      await queries.invalidateQueries({ queryKey: api.policy.get.key() });
    },
    onSuccess: (_done, { where }) => exit(where),
  });
  const commit = (typed: string, where: CellExit) => {
    if (update.isPending || isOver.current) return;
    if (typed.trim() === typedTextOf(rule, field)) return exit(where);
    const reading = readCell(rule, field, typed);
    if (reading.ok) update.mutate({ changed: reading.rule, where });
    else setRefusal(reading.error);
  };
  return {
    error: refusal ?? update.error,
    isBusy: update.isPending,
    commit,
    leave: (typed) => commit(typed, 'stay'),
    forget: () => {
      setRefusal(null);
      update.reset();
    },
  };
}
