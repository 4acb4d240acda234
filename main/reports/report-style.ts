/** Black on white, one page of A4. System fonts: the report is one file and reaches nothing. */
export const reportStyle = `
@page { size: A4; margin: 14mm 15mm 14mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #555; } }
* { box-sizing: border-box; }
html { font: 8.8pt/1.35 Inter, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; color: #16191d; background: #fff; }
body { margin: 0 auto; max-width: 180mm; }
@media screen { body { padding: 8mm 0; } }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 1mm; letter-spacing: -.01em; }
h2 { font-size: 11pt; margin: 4.5mm 0 1mm; padding-top: 1.8mm; border-top: .3mm solid #16191d; break-after: avoid; }
p { margin: 0 0 1.5mm; }
.about { color: #4a525b; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .7mm 3mm .7mm 0; border-bottom: .2mm solid #d5d9de; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
td.long { overflow-wrap: anywhere; }
th { font-weight: 600; color: #4a525b; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.short { white-space: nowrap; }
.limits th { width: 34mm; font-weight: 400; color: #16191d; }
.limits td:nth-child(2) { width: 27mm; font-weight: 600; }
.warn::before { content: "▲ "; color: #9a5b00; }
.mode { font-weight: 600; }
.nil { color: #4a525b; }
`;
