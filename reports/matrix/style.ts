/** The page of the matrix has this besides the style of reports. It must not contain `</`. */
export const MATRIX_STYLE = `
.grid{table-layout:fixed;font-size:13px;width:100%}
.grid th,.grid td{padding:3px 1px}
.grid .name{width:30%;padding-right:8px}
.grid thead th{vertical-align:bottom;height:150px;text-align:center}
.grid thead .name{text-align:left}
.grid thead span{writing-mode:vertical-rl;transform:rotate(180deg);display:inline-block;
  white-space:nowrap}
.grid tbody th{font-weight:550}
.grid td{text-align:center}
.grid td a,.grid td span{display:block;border-radius:5px;text-decoration:none;font-weight:600;
  line-height:22px}
.grid .pass{color:var(--good)}
.grid .fail{background:var(--bad-bg);color:var(--bad)}
.grid .unknown{background:var(--warn-bg);color:var(--warn)}
.grid .skipped{border:0;padding:0;color:var(--soft)}
.grid .differs{outline:2px solid var(--hit)}
.key{display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--soft);font-size:13px;padding:8px 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:8px 18px;
  margin-bottom:14px}
.figures dt{color:var(--soft);font-size:12.5px}
.row{background:var(--card);border:1px solid var(--line);border-radius:12px;margin-top:16px;
  padding:14px 20px 18px}
.row>h2{margin-bottom:2px}.row>.sub{margin-bottom:12px}
.cell{border-left:3px solid var(--line);padding:2px 0 2px 14px;margin-top:16px}
.cell.fail{border-color:var(--bad)}.cell.unknown{border-color:var(--warn)}
.cell:target{outline:2px solid var(--hit);outline-offset:6px;border-radius:4px}
.cell h3{margin:0 0 4px;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline}
.cell .found{font-weight:560;max-width:86ch}
.cell .differs{color:var(--hit);font-weight:560}
.cell pre{font:12.5px/1.5 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;margin:6px 0}
.broken{color:var(--bad);font-weight:680;font-size:13px;letter-spacing:.02em}
.legend{color:var(--soft);font-size:13px;margin-top:24px;padding-left:18px}
@media (max-width:720px){
.grid{font-size:11px}
.grid thead th{height:136px;font-size:10.5px}
.grid .name{width:26%;overflow-wrap:anywhere;padding-right:4px}
.grid thead .name{font-size:0}
.grid td a,.grid td span{line-height:20px;border-radius:3px}
.row{padding:12px}
}
`
