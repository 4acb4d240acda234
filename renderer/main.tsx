import './zod-without-eval.ts';
import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/inter/600.css';
import '@fontsource/jetbrains-mono/400.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/radio.css';
import './ui/surfaces.css';
import './ui/overlays.css';
import './ui/table.css';
import './ui/hours.css';
import './ui/shell.css';
import './ui/layout.css';
import './ui/workspace.css';
import './ui/changes.css';
import './ui/rules.css';
import './ui/look.css';
import './ui/map.css';
import './ui/flows.css';
import './ui/palette.css';
import './ui/matrix.css';
import './ui/reach.css';
import './ui/overview.css';
import './ui/reports.css';
import './ui/airgap.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { showTheme, storedTheme } from './ui/theme.ts';

showTheme(storedTheme());

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
