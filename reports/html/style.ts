import { dark, light, type Theme } from '../png/theme.ts';

/** The pictures' own colours, so that charts and drawings speak one language. */
function variables({ background, text, textFaint, grid, mark, roles }: Theme): string {
  return (
    `--card:${background};--text:${text};--faint:${textFaint};--line:${grid};--mark:${mark};` +
    `--good:${roles.good};--bad:${roles.bad};--unclear:${roles.secondary};--calm:${roles.primary};` +
    `--muted:${roles.muted};`
  );
}

const lightPage = `${variables(light)}--page:#f4f5f7;`;
const darkPage = `${variables(dark)}--page:#0e1217;`;

/** The only style of the page; its hash is in the page's policy, so none can be added by what the page shows. */
export const style = `
:root{color-scheme:light dark;${lightPage}}
@media (prefers-color-scheme:dark){:root{${darkPage}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:1000px;margin:0 auto;padding:24px 20px 64px}
section{margin-top:40px}
h1,h2,h3,h4{line-height:1.25;margin:0 0 12px}
h1{font-size:44px;text-transform:uppercase;letter-spacing:.02em}
h2{font-size:22px}
h3{font-size:17px}
h4{font-size:15px;margin-top:20px}
p,ul,ol,dl{margin:0 0 12px}
ul{padding-left:20px}
code{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}
.faint,dt{color:var(--faint)}
.faint{font-size:14px}
.verdict,.card,figure,.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:10px}
.verdict{padding:24px 28px 16px;border-left:8px solid var(--unclear)}
.verdict.pass{border-left-color:var(--good)}
.verdict.fail{border-left-color:var(--bad)}
.verdict.pass h1{color:var(--good)}
.verdict.fail h1{color:var(--bad)}
.verdict.inconclusive h1{color:var(--unclear)}
.kicker{color:var(--faint);margin:0}
.verdict h1{margin:0 0 8px}
.reasons{font-size:18px;padding:0;list-style:none}
.reasons li+li{margin-top:4px}
.notice{border:1px solid var(--unclear);border-radius:6px;padding:8px 12px}
.named{margin:16px 0 0;padding-top:16px;border-top:1px solid var(--line)}
.named h2{font-size:17px}
.next{margin-top:16px}
.next code,.commands code{display:block;background:var(--page);border:1px solid var(--line);border-radius:6px;padding:8px 12px}
.pill{display:inline-block;font-size:13px;font-weight:600;line-height:1;padding:4px 9px;border-radius:999px;border:1.5px solid currentColor;vertical-align:2px;color:var(--unclear)}
.pill.pass,.pill.holds{color:var(--good)}
.pill.fail,.pill.violated{color:var(--card);background:var(--bad);border-color:var(--bad)}
.facts{display:flex;flex-wrap:wrap;gap:8px 36px}
.facts dt,.tiles dt{font-size:14px}
dd{margin:0}
.facts dd{font-size:20px;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px}
.tiles>div{padding:12px 16px}
.tiles dd{font-size:24px;font-weight:600}
.tiles dd.faint{font-size:14px;font-weight:400}
figure{margin:0 0 16px;padding:16px 16px 8px}
figcaption h3{margin-bottom:8px}
img{display:block;max-width:100%;height:auto;margin:0 auto}
.card{padding:16px 20px 8px;margin-bottom:16px}
.card .facts dd{font-size:17px}
svg{display:block;overflow:visible}
.allowed{fill:var(--good);opacity:.14}
.axis,.tick{stroke:var(--line);stroke-width:1}
.range{fill:var(--calm);opacity:.55}
.value{fill:var(--calm);stroke:var(--card);stroke-width:2}
.limit{stroke:var(--mark);stroke-width:2;stroke-dasharray:5 3}
.limit-name{fill:var(--mark);font-size:13px;font-weight:600}
.ends{display:flex;justify-content:space-between;gap:16px;margin-bottom:8px}
.lanes{list-style:none;padding:0;margin:0}
.lanes li{border-top:1px solid var(--line);padding:8px 0}
.lanes p{margin:0 0 4px}
.lanes strong.ok{color:var(--good)}
.lanes strong.refused{color:var(--muted)}
.lanes strong.fail{color:var(--bad)}
.lanes strong.info{color:var(--unclear)}
.bar{stroke-width:2;fill:none}
.bar.ok{fill:var(--good);stroke:var(--good)}
.bar.refused{stroke:var(--muted)}
.bar.fail{stroke:var(--bad);stroke-dasharray:2 2}
.bar.info{fill:var(--unclear);stroke:var(--unclear)}
.open{stroke:var(--unclear);stroke-width:2;stroke-dasharray:4 4}
summary{cursor:pointer;color:var(--calm);margin-bottom:12px}
table{border-collapse:collapse;width:100%;font-size:14px;margin-bottom:12px}
th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--faint);font-weight:400}
.conditions{list-style:none;padding:0}
.conditions li{margin-bottom:8px}
.pairs{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:4px 24px}
.commands dt{margin-top:12px}
@media (max-width:600px){
main{padding:12px 12px 48px}
section{margin-top:28px}
h1{font-size:36px}
.verdict{padding:16px 16px 8px}
figure{padding:12px 6px 6px}
figcaption{padding:0 8px}
.card{padding:14px 14px 6px}
.tiles{grid-template-columns:repeat(2,1fr);gap:8px}
.tiles dd{font-size:20px}
.facts{gap:8px 20px}
.facts dd{font-size:17px}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}
td{display:flex;gap:12px;border:0;padding:2px 0}
td::before{content:attr(data-name);color:var(--faint);flex:0 0 70px}
.pairs{grid-template-columns:1fr;gap:0}
.pairs dd{margin-bottom:8px}
}
@media print{
:root{color-scheme:light;${lightPage}--page:#fff;}
main{max-width:none;padding:0}
figure,.card,.tiles>div,li,tr{break-inside:avoid}
h2,h3,h4{break-after:avoid}
}
`;
