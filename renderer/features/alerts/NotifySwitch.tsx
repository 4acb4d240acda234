import { useNotify } from '../../api/notify-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Note } from '../../ui/Note.tsx';

/** Desktop notifications of this window, and one to try. */
export function NotifySwitch() {
  const { isOn, problem, choose, test } = useNotify();
  return (
    <section aria-label="Desktop notifications" className="stack tight">
      <h3>Desktop notifications</h3>
      <div className="row">
        <div className="grow">
          <Check isSelected={isOn} onChange={(isNowOn) => void choose(isNowOn)}>
            Tell the desktop of new alerts while this window is open
          </Check>
        </div>
        <Button small isDisabled={!isOn} onPress={test}>
          Send a test
        </Button>
      </div>
      <p className="muted small">They say the kind of an alert and the host’s name, and nothing else.</p>
      {problem === null ? null : <Note kind="warning" title={problem} />}
    </section>
  );
}
