/** Black on white, one page of A4. System fonts: the report is one file and reaches nothing. */
export const reportStyle = `
@page { size: A4; margin: 14mm 15mm 14mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #555; } }
* { box-sizing: border-box; }
html { font: 9.5pt/1.4 Inter, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; color: #16191d; background: #fff; }
body { margin: 0 auto; max-width: 180mm; }
@media screen { body { padding: 8mm 0; } }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 1mm; letter-spacing: -.01em; }
h2 { font-size: 11pt; margin: 5.5mm 0 1.5mm; padding-top: 2mm; border-top: .3mm solid #16191d; break-after: avoid; }
p { margin: 0 0 1.5mm; }
.about { color: #4a525b; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .9mm 2mm .9mm 0; border-bottom: .2mm solid #d5d9de; overflow-wrap: anywhere; }
th { font-weight: 600; color: #4a525b; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.limits th { width: 52mm; font-weight: 400; color: #16191d; }
.limits td:nth-child(2) { width: 24mm; font-weight: 600; }
.warn::before { content: "▲ "; color: #9a5b00; }
.mode { font-weight: 600; }
.nil { color: #4a525b; }
`;
