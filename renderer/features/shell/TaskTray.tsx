import { CircleCheck, OctagonX, X } from 'lucide-react';
import { type Task, useTasks } from '../../api/task-store.ts';
import { IconButton } from '../../ui/Button.tsx';

/** Running and ended commands over hosts, in the corner of every screen. */
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
  const percent = task.total === 0 ? 4 : Math.round((100 * task.done) / task.total);
  return (
    <article className="task" aria-label={task.title}>
      <div className="row">
        {task.state === 'running' ? <span className="spinner" aria-hidden /> : null}
        {task.state === 'done' ? <CircleCheck size={16} color="var(--allowed)" aria-hidden /> : null}
        {task.state === 'failed' ? <OctagonX size={16} color="var(--blocked)" aria-hidden /> : null}
        <span className="strong grow">{task.title}</span>
        {task.state === 'running' ? null : <IconButton label="Dismiss" icon={X} onPress={onDismiss} />}
      </div>
      {task.state === 'running' ? (
        <div className="bar" role="progressbar" aria-label={task.title} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${percent}%` }} />
        </div>
      ) : null}
      <p className="small muted inert" role="status">
        {task.state === 'running' ? task.text : summary(task)}
      </p>
      {failed.length > 0 ? (
        <ul className="task-hosts">
          {failed.map((host) => (
            <li key={host.hostName} className="small">
              <p className="inert">{host.error?.title ?? `${host.hostName}: ${host.text}`}</p>
              <p className="muted inert">{host.error?.hint ?? ''}</p>
            </li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}

function summary(task: Task): string {
  if (task.error !== null) return `${task.error.title} ${task.error.hint}`;
  const good = task.hosts.filter((host) => host.ok);
  const only = task.hosts.length === 1 ? good[0] : undefined;
  if (only !== undefined) return `${only.hostName}: ${only.text}`;
  return `${good.length} of ${task.hosts.length} hosts done`;
}
