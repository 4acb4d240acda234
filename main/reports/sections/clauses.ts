import { STANDARDS } from '../clauses.ts';
import { html } from '../escape-html.ts';
import { readFigures } from '../read-figures.ts';
import type { Section } from './section.ts';

export const clauseSection: Section = {
  title: 'By clause: what this evidence supports',
  render: ({ figures, framework, see }) => {
    const of = readFigures(figures);
    const tables = STANDARDS.filter((standard) => framework === null || standard.framework === framework).map(
      ({ name, clauses }) => html`<h3>${name}</h3>
<table class="clauses"><thead><tr><th scope="col">Clause</th><th scope="col">Asks that</th><th scope="col">What the data shows in support</th><th scope="col">What it does not show</th></tr></thead><tbody>
${clauses.map((clause) => html`<tr><th scope="row" class="short">${clause.number}</th><td>${clause.asks}</td><td>${clause.shows(of, see)}</td><td>${clause.not}</td></tr>`)}</tbody></table>`,
    );
    return html`<p class="lead">Evidence supports a clause; whether it is met is for an assessor to say. Clauses are paraphrased.</p>
${tables}`;
  },
};
