import { Ellipsis } from 'lucide-react';
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

export type MenuAction = { readonly id: string; readonly text: string; readonly run: () => void; readonly isDanger?: boolean; readonly isDisabled?: boolean };

/** The `⋯` of a row: the actions that do not fit beside it. */
export function RowMenu({ label, actions }: { readonly label: string; readonly actions: readonly MenuAction[] }) {
  return (
    <MenuTrigger>
      <Button aria-label={label} className="button quiet icon small">
        <Ellipsis size={16} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <AriaMenu onAction={(key) => actions.find((action) => action.id === key)?.run()}>
          {actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              className={`menu-item ${action.isDanger === true ? 'danger' : ''}`}
              isDisabled={action.isDisabled ?? false}
            >
              {action.text}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
