import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SudoDialogue } from './sudo-dialogue.ts';

const markers = { prompt: 'firebreak-prompt-0a', ready: 'firebreak-ready-0b' };

/** Feeds `text` in the given pieces; gives what was asked for and what belongs to the command. */
function play(text: string, cuts: readonly number[] = []) {
  const dialogue = new SudoDialogue(markers);
  const bytes = Buffer.from(text);
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const steps = edges.slice(1).map((end, index) => dialogue.feed(bytes.subarray(edges[index], end)));
  return { actions: steps.map((step) => step.action).filter((action) => action !== 'wait'), passedOn: Buffer.concat(steps.map((step) => step.passOn)).toString(), preamble: dialogue.preamble };
}

test('the password is asked for once and the command starts', () => {
  expect(play('firebreak-prompt-0afirebreak-ready-0bwarning: x', [3, 19, 25])).toEqual({ actions: ['send-password', 'start'], passedOn: 'warning: x', preamble: ' ' });
});

test('a host that does not ask starts at once', () => {
  expect(play('firebreak-ready-0b')).toEqual({ actions: ['start'], passedOn: '', preamble: '' });
});

test('a second prompt is a refusal, never a second answer', () => {
  expect(play('firebreak-prompt-0a\nSorry, try again.\nfirebreak-prompt-0a', [19]).actions).toEqual(['send-password', 'password-refused']);
});

test('a prompt that the command itself prints later is its own output', () => {
  const { actions, passedOn } = play('firebreak-ready-0bPassword: firebreak-prompt-0a', [18]);
  expect({ actions, passedOn }).toEqual({ actions: ['start'], passedOn: 'Password: firebreak-prompt-0a' });
});

test('a lecture before the prompt is read over and kept for messages', () => {
  const { actions, preamble } = play('We trust you have received the usual lecture.\nfirebreak-prompt-0a', [10]);
  expect({ actions, preamble }).toEqual({ actions: ['send-password'], preamble: 'We trust you have received the usual lecture.\n ' });
});

test('however the bytes are cut, the same things happen and nothing of the command is lost', () => {
  const text = 'Lecture.\nfirebreak-prompt-0a\nfirebreak-ready-0bcommand says Grüße\n';
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      const { actions, passedOn } = play(text, cuts);
      expect(actions.at(-1)).toBe('start');
      expect(actions.length).toBeLessThanOrEqual(2);
      expect(passedOn).toBe('command says Grüße\n');
    }),
  );
});

test('a host that talks without end before it is ready is kept in bounds', () => {
  const dialogue = new SudoDialogue(markers);
  for (let i = 0; i < 200; i += 1) dialogue.feed(Buffer.alloc(32_768, 'x'));
  expect(dialogue.preamble.length).toBe(65_536);
});
