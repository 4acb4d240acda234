import { useNavigate } from '@tanstack/react-router';
import type { SearchHit } from '../../../shared/contract/search.ts';
import { client } from '../../api/client.ts';
import { runTask } from '../../api/task-store.ts';
import { useTheme } from '../../ui/theme.ts';
import type { PaletteAct } from './palette-commands.ts';
import type { PaletteEntry } from './palette-entries.ts';

/** How long a screen may take to show its main action; it does so once its data is there. */
const PRESS_WITHIN_MS = 3000;

/** What happens when an entry is chosen. Every place is an address, so that back and forward lead through them. */
export function usePaletteAct(openShortcuts: () => void): (entry: PaletteEntry) => void {
  const navigate = useNavigate();
  const { choose } = useTheme();
  const act = (chosen: PaletteAct) => {
    switch (chosen.kind) {
      case 'go':
        return void navigate({ to: chosen.to }).then(() => chosen.press && pressPageAdd(performance.now() + PRESS_WITHIN_MS));
      case 'visit':
        return void navigate({ to: chosen.to });
      case 'import':
        return void navigate({ to: chosen.to, search: { ask: 'import' } });
      case 'airgap':
        return void navigate({ to: '/air-gapped', search: { ask: chosen.ask ?? undefined, view: chosen.view ?? undefined } });
      case 'theme':
        return choose(chosen.theme);
      case 'collect':
        return void runTask('Collect from all hosts', () => client.agents.collect({ hosts: { kind: 'all' } }));
      case 'shortcuts':
        return openShortcuts();
    }
  };
  const open = (hit: SearchHit) => {
    switch (hit.kind) {
      case 'host':
        return void navigate({ to: '/hosts/$name', params: { name: hit.name } });
      case 'zone':
        return void navigate({ to: '/zones', search: { find: hit.name } });
      case 'rule':
        return void navigate({ to: '/rules', search: { find: hit.name } });
      case 'service':
      case 'iplist':
        return void navigate({ to: '/objects', search: { find: hit.name, objectKind: hit.kind } });
      case 'view':
        return void client.flows.views({}).then((views) => navigate({ to: '/flows', search: views.find((view) => view.name === hit.name)?.filters ?? {} }));
      case 'address':
      case 'flow':
        return void navigate({ to: '/flows', search: { text: hit.name, period: 'all' } });
    }
  };
  return ({ what }) => (what.kind === 'command' ? act(what.command.act) : open(what.hit));
}

/** Presses the main action of the screen shown, once it is there and no dialog is in front of it. */
function pressPageAdd(untilMs: number): void {
  const button = document.querySelector('[data-page-add]');
  const isCovered = document.querySelector('[role=dialog]') !== null;
  if (button instanceof HTMLElement && !isCovered) {
    button.focus();
    button.click();
  } else if (performance.now() < untilMs) requestAnimationFrame(() => pressPageAdd(untilMs));
}
