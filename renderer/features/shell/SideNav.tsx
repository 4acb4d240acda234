import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing, Boxes, FileText, GitCompareArrows, Grid3x3, Keyboard, Layers, LayoutDashboard, ListTree, type LucideIcon, Network, Radius, ScrollText, Search, Server, Settings, Usb, Waypoints } from 'lucide-react';
import { Button } from 'react-aria-components';
import { api } from '../../api/client.ts';
import { SCREENS, type ScreenPath } from '../../routes.ts';
import { IconButton } from '../../ui/Button.tsx';
import { AlertBadge } from './AlertBadge.tsx';
import { BrandMark } from './BrandMark.tsx';
import { DraftCard } from './DraftCard.tsx';
import { HeldCard } from './HeldCard.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';
import { WorkspaceHead } from './WorkspaceHead.tsx';

const icons: Record<ScreenPath, LucideIcon> = {
  '/overview': LayoutDashboard,
  '/map': Network,
  '/matrix': Grid3x3,
  '/reach': Radius,
  '/hosts': Server,
  '/zones': Layers,
  '/rules': ListTree,
  '/objects': Boxes,
  '/changes': GitCompareArrows,
  '/flows': Waypoints,
  '/air-gapped': Usb,
  '/alerts': BellRing,
  '/reports': FileText,
  '/audit': ScrollText,
  '/settings': Settings,
};

export function SideNav({ onShortcuts, onPalette }: { readonly onShortcuts: () => void; readonly onPalette: () => void }) {
  const info = useQuery(api.workspace.info.queryOptions({ input: {} }));
  return (
    <div className="side">
      <header className="side-head">
        <BrandMark />
        <div className="grow">
          <div className="product">Firebreak</div>
          <WorkspaceHead />
        </div>
      </header>
      <Button className="side-search" onPress={onPalette}>
        <Search size={14} aria-hidden />
        <span className="grow">Search</span>
        <kbd aria-hidden>Ctrl K</kbd>
      </Button>
      <nav aria-label="Screens">
        <ul>
          {SCREENS.map((screen) => {
            const Icon = icons[screen.path];
            return (
              <li key={screen.path}>
                <Link to={screen.path} activeOptions={{ exact: false, includeSearch: false }}>
                  <Icon size={16} aria-hidden />
                  {screen.title}
                  {screen.path === '/alerts' ? <AlertBadge /> : null}
                  <kbd aria-hidden>{screen.digit === null ? `g ${screen.goKey}` : `Alt ${screen.digit}`}</kbd>
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <HeldCard />
      {info.data === undefined ? null : <DraftCard version={info.data.version} isChanged={info.data.draftChanged} />}
      <div className="side-foot">
        <ThemeToggle />
        <IconButton label="Keyboard shortcuts" icon={Keyboard} onPress={onShortcuts} />
        <span className="muted small truncate grow number">{info.data?.user ?? ''}</span>
      </div>
    </div>
  );
}
