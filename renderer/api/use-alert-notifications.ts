import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from './client.ts';
import { notifyOf, useNotify } from './notify-store.ts';

/** Tells the desktop of each alert that becomes open while the window is there and the person has switched it on; never of what was open before. */
export function useAlertNotifications(): void {
  const isOn = useNotify((state) => state.isOn);
  const [sinceMs, setSinceMs] = useState<number | null>(null);
  // The first answer only says what time the backend has.
  const news = useQuery({ ...api.alerts.news.queryOptions({ input: { sinceMs: sinceMs ?? Number.MAX_SAFE_INTEGER } }), enabled: isOn });
  useEffect(() => {
    if (!isOn) setSinceMs(null);
    if (!isOn || news.data === undefined) return;
    if (sinceMs === null) setSinceMs(news.data.atMs);
    const [newest] = news.data.newest;
    if (sinceMs === null || newest === undefined) return;
    notifyOf(news.data);
    setSinceMs(newest.openedAtMs);
  }, [isOn, sinceMs, news.data]);
}
