import { ArrowDown, ArrowUp, ListFilter } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Form, Popover } from 'react-aria-components';
import type { FlowOrder } from '../../../shared/contract/flow-pages.ts';
import { parseServiceRefs } from '../../../shared/text/service-text.ts';
import { issueText } from '../../editors/typed-text.ts';
import { Button } from '../../ui/Button.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import type { FlowHeads } from './flow-columns.tsx';
import { canBeBusiest, type FlowSearch } from './flow-search.ts';

type Change = (fields: Partial<FlowSearch>) => void;

/** The heads that order or filter. */
export function flowHeads(search: FlowSearch, order: FlowOrder, onChange: Change): FlowHeads {
  return {
    last: <TimeHead order={order} onChange={onChange} />,
    service: <FilterHead title="Service" value={search.service} placeholder="tcp/5432, udp/53, https" onChange={(service) => onChange({ service })} check={serviceIssue} />,
    user: <FilterHead title="User" value={search.user} placeholder="a part of the name" onChange={(user) => onChange({ user })} />,
    unit: <FilterHead title="Unit, process" field="Unit" value={search.unit} placeholder="a part of the unit’s name" onChange={(unit) => onChange({ unit })} />,
    connections: <BusiestHead search={search} order={order} onChange={onChange} />,
  };
}

/** A bare port means it over TCP and UDP. */
const serviceIssue = (text: string): string | null => (/^\s*\d+\s*$/.test(text) ? null : issueText(parseServiceRefs(text)));

function TimeHead({ order, onChange }: { readonly order: FlowOrder; readonly onChange: Change }) {
  const Arrow = order === 'newest' ? ArrowDown : ArrowUp;
  return (
    <button type="button" className="sort-button" onClick={() => onChange({ order: order === 'newest' ? 'oldest' : undefined })} title={order === 'newest' ? 'Newest first; press for the oldest' : 'Press for the newest first'}>
      Last seen
      {order === 'busiest' ? null : <Arrow size={12} aria-hidden />}
    </button>
  );
}

/** Totals of a window are summed from its hours, which no index orders. */
function BusiestHead({ search, order, onChange }: { readonly search: FlowSearch; readonly order: FlowOrder; readonly onChange: Change }) {
  const can = canBeBusiest(search);
  const title = can ? 'Connections of all time; press for the busiest first' : 'Busiest first is over all time alone; pressing shows all that is stored';
  const press = () => onChange(order === 'busiest' ? { order: undefined } : { order: 'busiest', period: 'all', since: undefined, until: undefined });
  return (
    <button type="button" className="sort-button" onClick={press} title={title}>
      Conns
      {order === 'busiest' ? <ArrowDown size={12} aria-hidden /> : null}
    </button>
  );
}

type FilterProps = {
  readonly title: string;
  /** What is filtered by, where the head says more. */
  readonly field?: string;
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly onChange: (value: string | undefined) => void;
  readonly check?: (text: string) => string | null;
};

/** A head with the filter of its column behind a button, which is marked while there is one. */
function FilterHead({ title, field = title, value, placeholder, onChange, check = () => null }: FilterProps) {
  const isOn = value !== undefined;
  return (
    <span className="filter-head">
      {title}
      <DialogTrigger>
        <AriaButton className={`button quiet icon tiny ${isOn ? 'on' : ''}`} aria-label={isOn ? `Filter by ${field}: ${value}` : `Filter by ${field}`}>
          <ListFilter size={12} aria-hidden />
        </AriaButton>
        <Popover className="popover filter-popover" placement="bottom start">
          <Dialog aria-label={`Filter by ${field}`}>{({ close }) => <FilterForm {...{ field, value, placeholder, onChange, check, close }} />}</Dialog>
        </Popover>
      </DialogTrigger>
    </span>
  );
}

type FormProps = Required<Pick<FilterProps, 'field' | 'placeholder' | 'onChange' | 'check'>> & Pick<FilterProps, 'value'> & { readonly close: () => void };

function FilterForm({ field, value, placeholder, onChange, check, close }: FormProps) {
  const [text, setText] = useState(value ?? '');
  const error = text.trim() === '' ? null : check(text);
  const set = (next: string) => {
    onChange(next.trim() === '' ? undefined : next.trim());
    close();
  };
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (error === null) set(text);
      }}
    >
      <TextInput label={field} value={text} onChange={setText} mono autoFocus placeholder={placeholder} error={error} />
      <div className="row end">
        <Button small kind="quiet" onPress={() => set('')} isDisabled={value === undefined && text === ''}>
          Clear
        </Button>
        <Button small kind="primary" type="submit" isDisabled={error !== null}>
          Filter
        </Button>
      </div>
    </Form>
  );
}
