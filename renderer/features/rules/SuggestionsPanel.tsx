import { useMutation, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { Suggestion, SuggestionsView } from '../../../shared/contract/suggest-views.ts';
import { api } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { FIRST_CHOICES, type SuggestChoices, toSuggestQuery } from './suggest-choices.ts';
import { SuggestControls } from './SuggestControls.tsx';
import { SuggestionCard } from './SuggestionCard.tsx';
import { SuggestionTotals } from './SuggestionTotals.tsx';

/** Rules that would explain what was seen, each with its evidence; accepted ones go into the draft. */
export function SuggestionsPanel({ zones, onClose }: { readonly zones: readonly string[]; readonly onClose: () => void }) {
  const [choices, setChoices] = useState<SuggestChoices>(FIRST_CHOICES);
  const suggest = useQuery({
    ...api.policy.suggest.queryOptions({ input: toSuggestQuery(choices) }),
    placeholderData: (previous) => previous,
  });
  return (
    <aside className="panel" aria-label="Suggestions">
      <div className="panel-head">
        <div className="stack tight grow">
          <h2>Suggested rules</h2>
          <SuggestControls choices={choices} zones={zones} onChange={setChoices} />
        </div>
        <IconButton label="Close suggestions" icon={X} onPress={onClose} />
      </div>
      <QueryState query={suggest} what="suggestions">
        {(answer) => <SuggestionList answer={answer} />}
      </QueryState>
    </aside>
  );
}

function SuggestionList({ answer }: { readonly answer: SuggestionsView }) {
  const { suggestions, unexplained } = answer;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const add = useMutation(api.policy.addRules.mutationOptions());
  const keyOf = (suggestion: Suggestion) => JSON.stringify(suggestion.rule);
  const chosen = suggestions.filter((suggestion) => !left.has(keyOf(suggestion)));
  const toggle = (key: string, isChosen: boolean) => setLeft((keys) => new Set(isChosen ? [...keys].filter((each) => each !== key) : [...keys, key]));
  return (
    <>
      <div className="panel-body">
        <SuggestionTotals answer={answer} />
        {suggestions.length === 0 ? (
          <p className="muted">
            Everything that was seen and can be named is explained by a rule. Collect more flows, or label the hosts that are named below.
          </p>
        ) : null}
        {suggestions.map((suggestion) => (
          <SuggestionCard
            key={keyOf(suggestion)}
            suggestion={suggestion}
            isChosen={!left.has(keyOf(suggestion))}
            onChoose={(isChosen) => toggle(keyOf(suggestion), isChosen)}
          />
        ))}
        <Unexplained texts={unexplained} />
        {add.error === null ? null : <ErrorNote error={add.error} />}
      </div>
      {suggestions.length === 0 ? null : (
        <div className="modal-foot">
          <Button
            kind="primary"
            isDisabled={chosen.length === 0 || add.isPending}
            onPress={() => add.mutate({ rules: chosen.map((suggestion) => suggestion.rule) })}
          >
            {chosen.length === 1 ? 'Accept 1 rule' : `Accept ${chosen.length} rules`}
          </Button>
        </div>
      )}
    </>
  );
}

function Unexplained({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>Not explained by any suggestion</h3>
      <ul className="stack tight small muted inert">
        {texts.slice(0, 50).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {texts.length > 50 ? <p className="small muted">and {texts.length - 50} more</p> : null}
    </section>
  );
}
