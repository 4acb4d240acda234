import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FlameKindling, GitCompareArrows, Keyboard, Layers, ListTree, type LucideIcon, Network, ScrollText, Server, Waypoints } from 'lucide-react';
import { api } from '../../api/client.ts';
import { SCREENS, type ScreenPath } from '../../routes.ts';
import { IconButton } from '../../ui/Button.tsx';
import { DraftCard } from './DraftCard.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

const icons: Record<ScreenPath, LucideIcon> = {
  '/map': Network,
  '/hosts': Server,
  '/zones': Layers,
  '/rules': ListTree,
  '/changes': GitCompareArrows,
  '/flows': Waypoints,
  '/audit': ScrollText,
};

const workspaceName = (path: string): string =>
  path
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(firebreak|db|sqlite)$/, '') ?? path;

export function SideNav({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const info = useQuery(api.workspace.info.queryOptions({ input: {} }));
  return (
    <div className="side">
      <header className="side-head">
        <FlameKindling size={22} color="var(--accent)" aria-hidden />
        <div className="grow">
          <div className="product">Firebreak</div>
          <div className="workspace truncate" title={info.data?.path ?? ''}>
            {info.data === undefined ? '…' : workspaceName(info.data.path)}
            {info.data?.readOnly === true ? ' (read only)' : ''}
          </div>
        </div>
      </header>
      <nav aria-label="Screens">
        <ul>
          {SCREENS.map((screen) => {
            const Icon = icons[screen.path];
            return (
              <li key={screen.path}>
                <Link to={screen.path} activeOptions={{ exact: false, includeSearch: false }}>
                  <Icon size={16} aria-hidden />
                  {screen.title}
                  <kbd aria-hidden>Alt {screen.digit}</kbd>
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      {info.data?.draftChanged === true ? <DraftCard version={info.data.version} /> : null}
      <div className="side-foot">
        <ThemeToggle />
        <IconButton label="Keyboard shortcuts" icon={Keyboard} onPress={onShortcuts} />
        <span className="muted small truncate grow number">{info.data?.user ?? ''}</span>
      </div>
    </div>
  );
}
