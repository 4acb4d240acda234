import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { workspaceName } from '../../ui/workspace-name.ts';

/** The name of the workspace, which leads to its screen; what is special about it stands beside the name, and in the title of the window. */
export function WorkspaceHead() {
  const info = useQuery(api.workspace.info.queryOptions({ input: {} }));
  const name = info.data !== undefined ? workspaceName(info.data.path) : info.isError ? 'cannot be read' : '…';
  const mark = info.data?.sample === true ? 'sample' : info.data?.readOnly === true ? 'read-only' : null;
  useEffect(() => {
    document.title = mark === null ? `${name} · Firebreak` : `${name} (${mark}) · Firebreak`;
  }, [name, mark]);
  return (
    <Link to="/workspace" className="workspace" title={info.data?.path ?? ''}>
      <span className="visually-hidden">Workspace </span>
      <span className="truncate">{name}</span>
      {mark === null ? null : <span className="badge test">{mark}</span>}
      <ChevronsUpDown size={12} aria-hidden />
    </Link>
  );
}
