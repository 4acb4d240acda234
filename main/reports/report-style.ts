/** Black on white, pages of A4. System fonts: the report is one file and reaches nothing. What belongs together stays on one page: headings and lead-ins with what follows, rows and drawings whole. */
export const reportStyle = `
@page { size: A4; margin: 14mm 15mm 14mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #555; } }
* { box-sizing: border-box; }
html { font: 8.8pt/1.35 Inter, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; color: #16191d; background: #fff; }
body { margin: 0 auto; max-width: 180mm; }
@media screen { body { padding: 8mm 0; } }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 1mm; letter-spacing: -.01em; }
h2 { font-size: 11pt; margin: 4.5mm 0 1mm; padding-top: 1.8mm; border-top: .3mm solid #16191d; break-after: avoid; }
h3 { font-size: 9.5pt; margin: 3.5mm 0 1mm; break-after: avoid; }
.next-page { break-before: page; border-top: 0; }
p { margin: 0 0 1.5mm; }
.lead { break-after: avoid; }
.about { color: #4a525b; overflow-wrap: anywhere; }
ul { margin: 0 0 2mm; padding-left: 5mm; }
table + ul { margin-top: 2mm; }
table { width: 100%; border-collapse: collapse; font: inherit; color: inherit; }
th, td { text-align: left; vertical-align: top; padding: .7mm 3mm .7mm 0; border-bottom: .2mm solid #d5d9de; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
td.long, th.long { overflow-wrap: anywhere; min-width: 20mm; }
td.long:first-child { min-width: 26mm; }
th { font-weight: 600; color: #4a525b; }
thead { display: table-header-group; break-after: avoid; }
tr { break-inside: avoid; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.short { white-space: nowrap; }
.limits th { width: 34mm; font-weight: 400; color: #16191d; }
.limits td:nth-child(2) { width: 27mm; font-weight: 600; }
.figures td:first-child { width: 90mm; }
.kpis th[scope=row] { width: 40mm; font-weight: 400; color: #16191d; }
.kpis td:nth-child(2) { width: 46mm; }
.clauses th[scope=row] { width: 15mm; }
.clauses td:nth-child(2) { width: 45mm; }
.clauses td:nth-child(4) { width: 40mm; }
.id { color: #4a525b; font-size: 7.5pt; }
.warn::before { content: "▲ "; color: #9a5b00; }
.mode { font-weight: 600; }
.sample { border: .5mm solid #9a5b00; padding: 1.5mm 3mm; font-weight: 600; }
.nil { color: #4a525b; }
figure { margin: 2mm 0 3mm; break-inside: avoid; }
figcaption { color: #4a525b; margin-top: 1mm; }
svg.drawing { display: block; max-width: 100%; height: auto; }
svg.strip { display: block; width: 55mm; height: 3mm; margin-top: .8mm; }
`;
