/**
 * The style of the page. Colours are named after their meaning, and the dark scheme gives the same
 * names other values. The text must not contain `</`, which would end the style element.
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f8f7f4;--card:#fff;--ink:#23262b;--soft:#666c76;
  --line:#e3e1db;--lane:#f3f1ec;--accent:#2b6a8f;--tap:#e2eff6;--tap-ink:#1b4f6d;
--good:#2c7a4b;--good-bg:#e5f3ea;--bad:#b4302b;--bad-bg:#fbe9e7;--warn:#8d6100;
  --warn-bg:#fbf1d9;--band:#d98a00;--hit:#7a3fc4;--hit-bg:#f0e6fc;
  --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1b1e24;--ink:#e4e5e8;
  --soft:#99a0ab;--line:#2d3139;--lane:#20242b;--accent:#7db8dc;--tap:#1d3a4b;--tap-ink:#c3e2f3;
--good:#6fc490;--good-bg:#17301f;--bad:#ff8a80;--bad-bg:#3a1d1c;--warn:#e3b44f;
  --warn-bg:#33290f;--band:#e0a030;--hit:#c79bff;--hit-bg:#33244a}
}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0 auto;padding:28px 20px 80px;max-width:1140px;background:var(--bg);
  color:var(--ink);
  font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
h1,h2,h3,h4,p,dl,dd,figure,ul,ol{margin:0;padding:0}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code{font:13px/1.5 var(--mono);overflow-wrap:anywhere}
bdi{overflow-wrap:anywhere}
.icons{position:absolute}
.icon,symbol path{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;
  stroke-linejoin:round}
.sub{color:var(--soft);font-size:12.5px}
.none{color:var(--soft)}
.s-check{color:var(--good)}.s-failed,.s-gone{color:var(--bad)}.s-clock{color:var(--warn)}
header{margin-bottom:28px}
.brand{display:flex;gap:10px;align-items:center;color:var(--soft);font-size:13px;
  letter-spacing:.02em}
.brand path{fill:none;stroke:var(--soft);stroke-width:2.2;stroke-linecap:round}
.brand .rail{stroke-width:1.4}
h1{font-size:32px;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:18px 0 6px}
h1.fail{color:var(--bad)}h1.pass{color:var(--good)}h1.unknown{color:var(--warn)}
.tally{color:var(--soft)}
.worlds{display:flex;flex-wrap:wrap;gap:4px 24px;margin-top:10px;font-size:13.5px}
.holdings{color:var(--soft);font-size:13.5px;margin-top:4px}
.worlds div{display:flex;gap:8px}.worlds dt{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:8px 12px 8px 0;
  border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--soft);font-size:12.5px;padding-top:0}
th .sub,td>.sub{display:block}
nav{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 20px 8px}
.overview tbody th{font-weight:550}
.overview td a{display:inline-flex;flex-wrap:wrap;gap:2px 8px;align-items:baseline;
  text-decoration:none}
.overview td a:hover .sub{text-decoration:underline}
.clients td a{display:flex}
.skipped{border-top:1px solid var(--line);padding:8px 0;color:var(--soft);font-size:13.5px}
.skipped ul{padding:4px 0 4px 20px}
.verdict{display:inline-block;font-size:12.5px;font-weight:600;padding:1px 9px;
  border-radius:99px;white-space:nowrap}
.verdict.pass{background:var(--good-bg);color:var(--good)}
.verdict.fail{background:var(--bad-bg);color:var(--bad)}
.verdict.unknown{background:var(--warn-bg);color:var(--warn)}
.idle{color:var(--soft);font-size:13.5px;margin:10px 2px}
.run{background:var(--card);border:1px solid var(--line);border-radius:12px;margin-top:16px}
.run.fail{border-left:4px solid var(--bad)}.run.unknown{border-left:4px solid var(--warn)}
summary{cursor:pointer}
.run>summary{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;padding:14px 20px;
  list-style:none}
.run>summary::-webkit-details-marker{display:none}
.run>summary:hover h2{text-decoration:underline;text-decoration-thickness:1px;
  text-underline-offset:3px}
h2{font-size:18px;font-weight:620;letter-spacing:-.005em}
.setting,.sum{color:var(--soft);font-size:13.5px}.sum{margin-left:auto}
.body{padding:0 20px 20px}
.story{font-size:16.5px;line-height:1.55;max-width:72ch;margin-bottom:16px}
h3{font-size:14px;font-weight:620;margin:28px 0 10px}
.finding{background:var(--bad-bg);border-radius:10px;padding:12px 16px;margin-bottom:10px}
.finding:target{outline:2px solid var(--hit)}
h4{font-size:13px;font-weight:400;color:var(--soft);margin-bottom:2px}
h4 .id{color:var(--bad);font-weight:680;letter-spacing:.02em;margin-right:6px}
.breach{margin-top:8px}.breach>p{font-weight:560;max-width:86ch}
.evidence{list-style:none;margin-top:4px;font-size:13.5px}
.evidence a{display:grid;grid-template-columns:84px 64px 1fr;gap:10px;text-decoration:none;
  color:inherit;padding:1px 6px;margin:0 -6px;border-radius:5px}
.evidence a[href]:hover{background:var(--card)}
.evidence .t,.moments text{font-variant-numeric:tabular-nums}
.evidence .t{text-align:right;color:var(--soft)}
.evidence .n{color:var(--soft);overflow:hidden;text-overflow:ellipsis}
.evidence li.none{padding-left:100px}
.undecided{background:var(--warn-bg);border-radius:10px;padding:12px 16px;margin-bottom:10px}
.undecided b{color:var(--warn)}.undecided ul{padding-left:18px}
.replay{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline;font-size:13.5px;
  color:var(--soft);margin-top:12px}
.replay code{color:var(--ink);background:var(--lane);padding:2px 8px;border-radius:6px}
.copy{font:inherit;font-size:12.5px;color:var(--accent);background:none;border:0;padding:0 2px;
  cursor:pointer;text-decoration:underline}
.diagram{overflow:auto;max-height:min(820px,88vh);border:1px solid var(--line);
  border-radius:10px;background:var(--card);scroll-padding:60px}
.diagram>svg{display:block;margin:0 auto;max-width:none}
.heads{box-sizing:content-box;position:sticky;top:0;background:var(--card);
  border-bottom:1px solid var(--line);z-index:1}
.diagram text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;
  fill:var(--ink)}
.diagram .heads .who{font-size:12.5px;font-weight:620}
.diagram .heads .via,.diagram .moments text{fill:var(--soft);font-size:11px}
.heads use{color:var(--soft)}
.diagram .lanes rect{fill:var(--lane)}
.life{stroke:var(--soft);stroke-width:1.5}
.dead{stroke:var(--card);stroke-width:3}.dead{stroke-dasharray:4 4}
.diagram .lanes .down{fill:var(--bad);opacity:.16}
.waits{stroke:var(--accent);stroke-width:5;opacity:.28}
.jump path,.phase path{stroke:var(--line);stroke-width:1;stroke-dasharray:2 5}
.diagram .jump text{fill:var(--soft);font-style:italic;font-size:11px}
.phase path{stroke:var(--soft);stroke-dasharray:none;opacity:.5}
.diagram .phase text,.diagram .quiet{fill:var(--soft);font-size:11px}
.band rect{fill:var(--band);opacity:.2}.band.server rect,.band.device rect{opacity:.15}
.diagram .band .pill{fill:var(--warn-bg);stroke:var(--band);opacity:1}
.diagram .band text{fill:var(--warn);font-size:11px;font-weight:600}
.arrow path{fill:none;stroke:var(--accent);stroke-width:1.5}
.arrow .head{fill:var(--accent);stroke:none}
.arrow.response path{stroke-dasharray:5 3}
.arrow .head,.arrow .cross{stroke-dasharray:none!important}
.arrow.faint path{stroke:var(--soft);stroke-width:1}.arrow.faint .head{fill:var(--soft);stroke:none}
.diagram .arrow text{font-size:11px;fill:var(--soft);paint-order:stroke;stroke:var(--card);
  stroke-width:3px;stroke-linejoin:round}
.diagram .arrow:not(.faint).request text{fill:var(--accent)}
.arrow.bad path{stroke:var(--bad)}.arrow .cross{stroke-width:2.2}
.note circle{fill:var(--card);stroke:var(--soft);stroke-width:1.5}
.note.faint text,.note.faint use{fill:var(--soft);color:var(--soft)}
.diagram .note.faint text{fill:var(--soft)}
.diagram .note.good text{fill:var(--good)}
.note.good circle{stroke:var(--good)}
.note.good use{color:var(--good)}
.diagram .note.bad text{fill:var(--bad)}
.note.bad circle{fill:var(--bad);stroke:var(--bad)}
.note.bad use{color:var(--bad)}
.diagram .note.warn text{fill:var(--warn)}.note.warn circle{stroke:var(--warn)}
.note.tap rect,.note.tap path{fill:var(--tap)}
.diagram .note.tap text{fill:var(--tap-ink);font-size:12px;font-weight:560}
.diagram .mark{fill:var(--bad-bg);stroke:var(--bad);stroke-width:1}
.ev .note circle,.ev>.note circle{fill:var(--bad);stroke:var(--bad)}
.ev .tap rect{stroke:var(--bad);stroke-width:1.5}
.ev .arrow path{stroke:var(--bad);stroke-width:2.2}.ev .arrow .head{fill:var(--bad);stroke:none}
:target .arrow path{stroke:var(--hit);stroke-width:3.4}:target .arrow .head{fill:var(--hit)}
:target .note rect{fill:var(--hit-bg);stroke:var(--hit);stroke-width:2}
:target .note circle{fill:var(--hit);stroke:var(--hit);r:6px}
.diagram :target text{font-weight:680;fill:var(--hit)!important}
.screens{display:flex;flex-wrap:wrap;gap:14px}
.screen{flex:1 1 230px;max-width:360px;border:1px solid var(--line);border-radius:14px;
  padding:10px 14px 12px;font-size:14px}
.screen.held{background:var(--lane);border-radius:8px}
figcaption{font-size:12.5px;font-weight:620;margin-bottom:6px}
.when{color:var(--soft);font-weight:400}
.screen ul{list-style:none;display:grid;gap:4px}
.screen li{display:flex;gap:8px;justify-content:space-between;align-items:center;
  background:var(--tap);color:var(--tap-ink);border-radius:10px;padding:4px 10px}
.screen li svg{flex:none}.screen li.none{background:none}
.held li{background:var(--card);color:var(--ink);border-radius:5px}
.v{color:var(--soft);font-size:12px;white-space:nowrap}
.badge{color:var(--soft);font-size:12.5px;margin-top:6px}
.ledger tbody th{width:30%;font-weight:500}
.ledger .broken th{box-shadow:inset 3px 0 var(--bad);padding-left:10px}
.broke{color:var(--bad);font-weight:620}
.ledger td a{white-space:nowrap}
.ledger td .sub{display:inline;margin-left:2px}
.ledger td,.ledger th .sub{font-variant-numeric:tabular-nums}
.more{margin-top:24px}.more>summary h3{display:inline;margin:0}
.more table{margin-top:10px}
.exchange{border-top:1px solid var(--line);padding:8px 0;font-size:13.5px}
.exchange p{margin:0}.exchange .t{color:var(--soft)}.exchange .fault{color:var(--warn)}
.exchange pre{margin:4px 0 6px;font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere}
.invariants tbody th{font-size:12.5px;font-weight:600;white-space:nowrap;letter-spacing:.02em}
.word{font-weight:600;font-size:13px}
.word.pass{color:var(--good)}
.word.fail{color:var(--bad)}
.word.unknown{color:var(--warn)}
.word.idle{color:var(--soft);font-weight:400}
.invariants td .sub{display:inline}
.invariants .idle,.invariants .idle th{color:var(--soft)}
.exercised,.facts{display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--soft);font-size:13px;
  margin-top:14px}
.exercised b{font-weight:600;color:var(--ink)}
.exercised .short,.exercised .short b{color:var(--warn)}
@media (max-width:720px){
body{padding:18px 12px 60px}
h1{font-size:25px}
nav{padding:12px 12px 6px}
.body{padding:0 12px 16px}
.run>summary{padding:12px}
.overview td a{flex-direction:column;gap:0}
.stack thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
.stack tr{display:block;border-top:1px solid var(--line);padding:8px 0}
.stack th,.stack td{display:block;width:auto!important;border:0;padding:1px 0}
.clients td::before{content:attr(data-label);color:var(--soft);font-size:12.5px}
.ledger td{display:grid;grid-template-columns:112px 1fr}.ledger td>*{grid-column:2}
.ledger td::before{content:attr(data-label);color:var(--soft);font-size:12.5px;grid-row:1}
.evidence a{grid-template-columns:auto 1fr;gap:0 8px}.evidence a bdi{grid-column:1/-1}
.sum{margin-left:0;width:100%}.screen{max-width:none}
}
@media print{.diagram{max-height:none;overflow:visible}.copy{display:none}body{max-width:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`
