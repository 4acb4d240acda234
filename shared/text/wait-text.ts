import type { HostWait } from '../model/host-wait.ts';
import { timeText } from './time-text.ts';

/** `waits for version 7 since 2026-11-21 10:03Z`; and why it is not sent by itself. */
export const waitText = ({ version, sinceMs, held }: HostWait): string => `waits for version ${version} since ${timeText(sinceMs)}${held === null ? '' : `; not sent by itself: ${held}`}`;
