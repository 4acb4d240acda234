import { CircleCheck, CircleSlash, OctagonX, X } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { countText } from '../../../shared/text/amount-text.ts';
import { type Task, useTasks } from '../../api/task-store.ts';
import { CommandText } from '../../ui/CommandText.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

/** How long good news stays; whoever points at it, or is in it by the keyboard, keeps it. */
const GOOD_NEWS_MS = 10_000;

/** Running and ended commands, below every screen and beside nothing that one could want to press. What went well leaves by itself; what failed stays until somebody has read it. */
export function TaskTray() {
  const { tasks, dismiss } = useTasks();
  if (tasks.length === 0) return null;
  return (
    <section className="task-tray" aria-label="Commands">
      {tasks.map((task) => (
        <TaskCard key={task.id} task={task} onDismiss={() => dismiss(task.id)} />
      ))}
    </section>
  );
}

function TaskCard({ task, onDismiss }: { readonly task: Task; readonly onDismiss: () => void }) {
  const failed = task.hosts.filter((host) => !host.ok);
  const [isHeld, setHeld] = useState(false);
  const dismiss = useEffectEvent(onDismiss);
  // A result that can be opened is only here.
  const isNewsOnly = task.state === 'done' && task.show === null;
  useEffect(() => {
    if (!isNewsOnly || isHeld) return undefined;
    const timer = setTimeout(() => dismiss(), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [isNewsOnly, isHeld]);
  return (
    <article className="task" aria-label={task.title} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <div className="row">
        {task.state === 'running' ? <span className="spinner" aria-hidden /> : null}
        {task.state === 'done' ? <CircleCheck size={16} color="var(--allowed)" aria-hidden /> : null}
        {task.state === 'failed' ? <OctagonX size={16} color="var(--blocked)" aria-hidden /> : null}
        {task.state === 'stopped' ? <CircleSlash size={16} color="var(--unknown)" aria-hidden /> : null}
        <span className="strong grow">{task.title}</span>
        {task.state === 'running' ? null : <IconButton label="Dismiss" icon={X} onPress={onDismiss} />}
      </div>
      {task.state === 'running' ? (
        <ProgressBar label={task.title} done={task.done} total={task.total} />
      ) : null}
      <p className="small muted inert" role="status">
        <CommandText text={task.state === 'running' ? task.text : summary(task)} />
      </p>
      <TaskButtons task={task} />
      {failed.length > 0 ? (
        <ul className="task-hosts">
          {failed.map((host) => (
            <li key={host.hostName} className="small">
              <p className="inert">{host.error?.title ?? `${host.hostName}: ${host.text}`}</p>
              <p className="muted inert">
                <CommandText text={host.error?.hint ?? ''} />
              </p>
            </li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}

function TaskButtons({ task: { state, stop, show } }: { readonly task: Task }) {
  const canStop = state === 'running' && stop !== null;
  const canShow = state !== 'stopped' && show !== null;
  if (!canStop && !canShow) return null;
  return (
    <div className="row">
      {canShow ? (
        <Button small onPress={show}>
          {state === 'running' ? 'Show progress' : 'Show result'}
        </Button>
      ) : null}
      {canStop ? (
        <Button small onPress={stop}>
          Cancel
        </Button>
      ) : null}
    </div>
  );
}

function summary(task: Task): string {
  if (task.state === 'stopped') return 'Cancelled.';
  if (task.error !== null) return `${task.error.title} ${task.error.hint}`;
  if (task.hosts.length === 0 && task.text !== '') return task.text;
  const good = task.hosts.filter((host) => host.ok);
  const only = task.hosts.length === 1 ? good[0] : undefined;
  if (only !== undefined) return `${only.hostName}: ${only.text}`;
  return `${good.length} of ${countText(task.hosts.length, 'host')} done`;
}
