import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { RefObject } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { MapQuery } from '../../../shared/contract/map-query.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { saveFile } from '../../ui/save-file.ts';
import type { MapHandle } from './MapCanvas.tsx';

type Props = { readonly handle: RefObject<MapHandle | null>; readonly query: MapQuery; readonly hasPicture: boolean };

/** What is shown as a file: the picture as an image or a drawing, its connections as rows. */
export function ExportMenu({ handle, query, hasPicture }: Props) {
  const csv = useMutation({
    mutationFn: () => client.flows.mapCsv(query),
    onSuccess: ({ text }) => saveFile('map.csv', new Blob([text], { type: 'text/csv' })),
  });
  const actions: readonly { readonly id: string; readonly text: string; readonly isDisabled: boolean; readonly run: () => void }[] = [
    { id: 'png', text: 'Picture (PNG)', isDisabled: !hasPicture, run: () => handle.current !== null && saveFile('map.png', handle.current.toPng()) },
    { id: 'svg', text: 'Drawing (SVG)', isDisabled: !hasPicture, run: () => handle.current !== null && saveFile('map.svg', handle.current.toSvg()) },
    { id: 'csv', text: 'Connections (CSV)', isDisabled: csv.isPending, run: () => csv.mutate() },
  ];
  return (
    <>
      {csv.error === null ? null : <ErrorNote error={csv.error} />}
      <MenuTrigger>
        <Button icon={Download}>Export</Button>
        <Popover className="popover" placement="bottom end">
          <Menu onAction={(key) => actions.find(({ id }) => id === key)?.run()}>
            {actions.map(({ id, text, isDisabled }) => (
              <MenuItem key={id} id={id} className="menu-item" isDisabled={isDisabled}>
                {text}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
