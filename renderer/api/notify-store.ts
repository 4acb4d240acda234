import { create } from 'zustand';
import { ALERT_WORDS } from '../../shared/alerts/alert-text.ts';
import type { AlertNews } from '../../shared/contract/alerts.ts';

const STORAGE_KEY = 'firebreak.notify';

type NotifyState = {
  readonly isOn: boolean;
  /** Why nothing can be shown; null while nothing is known to be in the way. */
  readonly problem: string | null;
  /** Asks the desktop for leave when it is switched on. */
  readonly choose: (isOn: boolean) => Promise<void>;
  readonly test: () => void;
};

/** Desktop notifications of this window: off until the person switches them on. Stored in the window's own storage; it is no workspace data. */
export const useNotify = create<NotifyState>()((set) => ({
  isOn: localStorage.getItem(STORAGE_KEY) === 'on',
  problem: null,
  choose: async (isOn) => {
    const problem = isOn ? await askLeave() : null;
    const isNowOn = isOn && problem === null;
    localStorage.setItem(STORAGE_KEY, isNowOn ? 'on' : 'off');
    set({ isOn: isNowOn, problem });
  },
  test: () => showNotification('Firebreak: this is a test', 'New alerts of this workspace are told like this.'),
}));

async function askLeave(): Promise<string | null> {
  if (!('Notification' in window)) return 'This window cannot show desktop notifications. Alerts are in this list and in the navigation.';
  const answer = await Notification.requestPermission();
  return answer === 'granted' ? null : 'The desktop does not let this window show notifications. Allow them in its settings, then switch them on again.';
}

/** A notification of the desktop; it may be seen by whoever looks at the screen, so it has kinds and names and nothing else. */
function showNotification(title: string, body: string): void {
  new Notification(title, { body, tag: 'firebreak-alerts' });
}

export function notifyOf({ total, newest }: AlertNews): void {
  const lines = newest.map(({ kind, hostName }) => `${ALERT_WORDS[kind].one}: ${hostName}`);
  const more = total > newest.length ? [`and ${total - newest.length} more`] : [];
  showNotification(total === 1 ? 'Firebreak: a new alert' : `Firebreak: ${total} new alerts`, [...lines, ...more].join('\n'));
}
