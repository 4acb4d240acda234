import type { AlertSubject } from '../model/alert.ts';
import type { ForwardEvent, SpooledEvent } from '../model/forward.ts';

/**
 * The event with every text that is longer than `maxChars` cut to that, and behind it how long it was and where the whole is: an audit entry by its number and hash, anything else by the
 * id that the same event has in a file or webhook. Names of things with bounds of their own (hosts, kinds, ids) are left. Pure.
 */
export function shortenEvent({ event, ...spooled }: SpooledEvent, maxChars: number): SpooledEvent {
  const whole = event.kind === 'audit' ? `audit entry ${event.seq}, hash ${event.hash}` : `event ${spooled.uid}`;
  const cut = (text: string): string => (text.length > maxChars ? `${cutWhole(text, maxChars)}…[shortened from ${text.length} characters; whole in ${whole}]` : text);
  return { ...spooled, event: cutTexts(event, cut, (text) => (text === null ? null : cut(text))) };
}

type Cut = (text: string) => string;
type CutMaybe = (text: string | null) => string | null;

function cutTexts(event: ForwardEvent, cut: Cut, cutMaybe: CutMaybe): ForwardEvent {
  switch (event.kind) {
    case 'audit':
      return { ...event, actor: cut(event.actor), action: cut(event.action), subject: cut(event.subject), detail: cut(event.detail) };
    case 'alert':
      return { ...event, hostName: cut(event.hostName), subject: cutSubject(event.subject, cut, cutMaybe), why: cut(event.why) };
    case 'push':
      return { ...event, author: cut(event.author), note: cut(event.note) };
    case 'flow':
      return { ...event, hostName: cut(event.hostName), user: cutMaybe(event.user), unit: cutMaybe(event.unit), process: cutMaybe(event.process), zone: cutMaybe(event.zone) };
    case 'test':
      return { ...event, user: cut(event.user) };
  }
}

function cutSubject(subject: AlertSubject, cut: Cut, cutMaybe: CutMaybe): AlertSubject {
  switch (subject.kind) {
    case 'service-new':
      return { ...subject, process: cutMaybe(subject.process), user: cutMaybe(subject.user), unit: cutMaybe(subject.unit) };
    case 'agent-silent':
      return { ...subject, code: cut(subject.code), title: cut(subject.title) };
    case 'tampered':
      return { ...subject, what: cut(subject.what), text: cut(subject.text) };
    case 'drifted':
      return { ...subject, text: cut(subject.text) };
    case 'flow-blocked':
    case 'connection-rate':
    case 'posture':
    case 'footprint':
    case 'more':
      return subject;
  }
}

/** No half of a character that takes two. */
const cutWhole = (text: string, maxChars: number): string => text.slice(0, /[\ud800-\udbff]/.test(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars);
