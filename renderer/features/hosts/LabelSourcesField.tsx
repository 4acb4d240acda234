import { Button } from '../../ui/Button.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { type ImportFieldProps, readLabelSources } from './import-form.ts';

const SHOWN = 12;

/** Which groups and variables of an inventory become which label, and whom to log in as where it names nobody. */
export function LabelSourcesField({ form, set, result }: ImportFieldProps) {
  const { error } = readLabelSources(form.labelSources);
  const add = (line: string) => set({ labelSources: [...form.labelSources.split('\n').filter((one) => one.trim() !== '' && one.trim() !== line), line].join('\n') });
  return (
    <>
      <TextInput
        label="Labels from groups and variables"
        mono
        rows={3}
        value={form.labelSources}
        onChange={(labelSources) => set({ labelSources })}
        error={error}
        placeholder={'env=var:env_name\nrole=group:*_servers'}
        note="One a line. Of a group that matches, what stands for * is the value. Where sources say different things of a host, the label is left out there."
      />
      {result === null ? null : (
        <section className="stack tight" aria-label="Make a label of">
          <div className="row wrap">
            {result.variables.slice(0, SHOWN).map(({ name, hosts, values }) => (
              <Button key={name} small onPress={() => add(`${toKey(name)}=var:${name}`)}>
                {`variable ${name} (${hosts})${values.length === 0 ? '' : `: ${values.slice(0, 2).join(', ')}${values.length > 2 ? ' …' : ''}`}`}
              </Button>
            ))}
            {result.groups.slice(0, SHOWN).map(({ name, hosts }) => (
              <Button key={`group ${name}`} small kind="quiet" onPress={() => add(`role=group:${name}`)}>
                {`group ${name} (${hosts})`}
              </Button>
            ))}
          </div>
        </section>
      )}
      <TextInput label="Log in as" value={form.user} onChange={(user) => set({ user })} mono placeholder="where the inventory names nobody: you" />
    </>
  );
}

const toKey = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, '-').replace(/^[^a-z]+/, '').slice(0, 63) || 'label';
