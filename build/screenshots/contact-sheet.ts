import { STATES, type Shot, SIZES, sizePx, shotFile, THEMES } from './shots.ts';

const THUMB_PX = 420;
const STYLE = `body{margin:24px;font:13px/20px system-ui,sans-serif;color:#171a1f;background:#eceef1}h1{font-size:18px}h2{font-size:15px;margin:32px 0 8px}
h3{font-size:13px;margin:16px 0 4px;color:#576070}nav a,nav b{margin-right:12px}.row{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}
img{display:block;width:${THUMB_PX}px;height:auto;border:1px solid #c9ced6;background:#fff}figcaption{color:#576070}`;

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const rank = ({ state, size, theme }: Shot): number => (STATES.indexOf(state) * SIZES.length + SIZES.indexOf(size)) * THEMES.length + THEMES.indexOf(theme);

/** A page that shows every picture of the folder small: a heading a screen, a row a state, and each picture leads to itself. */
export function printContactSheet(shots: readonly Shot[]): string {
  const screens = [...Map.groupBy(shots, (shot) => shot.screen)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const links = screens.map(([screen]) => `<a href="#${escapeHtml(screen)}">${escapeHtml(screen)}</a>`).join('\n');
  const sections = screens.map(([screen, ofScreen]) => {
    const rows = [
      ...Map.groupBy(
        ofScreen.toSorted((a, b) => rank(a) - rank(b)),
        (shot) => shot.state,
      ),
    ];
    return `<h2 id="${escapeHtml(screen)}">${escapeHtml(screen)}</h2>\n${rows.map(([state, ofState]) => `<h3>${state}</h3>\n<div class="row">\n${ofState.map(printFigure).join('\n')}\n</div>`).join('\n')}`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Firebreak: every screen and state</title><style>${STYLE}</style></head><body>
<h1>Every screen and state: ${shots.length} ${shots.length === 1 ? 'picture' : 'pictures'}</h1>
<nav>${links}</nav>
${sections.join('\n')}
</body></html>
`;
}

function printFigure(shot: Shot): string {
  const [file, { width, height }] = [escapeHtml(shotFile(shot)), sizePx(shot.size)];
  return `<figure><a href="${file}"><img src="${file}" width="${width}" height="${height}" loading="lazy" alt="${file}"></a><figcaption>${shot.size} ${shot.theme}</figcaption></figure>`;
}
