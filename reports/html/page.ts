import { createHash } from 'node:crypto';
import { figuresOf } from '../figures/figures.ts';
import type { ReportInput } from '../report.ts';
import { charts } from './charts.ts';
import { findings } from './findings.ts';
import { html, trusted } from './markup.ts';
import { objectives } from './objectives.ts';
import { style } from './style.ts';
import { summary, totals } from './summary.ts';
import { checkAgain, environment, validity } from './surroundings.ts';

/** The page of a run: verdict first, then what it rests on, in falling order of how often it is asked for. */
export async function page(input: ReportInput): Promise<string> {
  const { verdict } = input;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdict.result}: ${verdict.run.scenario} – Onsale</title>
<style>${trusted(style)}</style>
</head>
<body>
<main>
${summary(input)}
${totals(verdict)}
${await charts(figuresOf(input))}
${objectives(verdict)}
${findings(input)}
${validity(input)}
${environment(input)}
${checkAgain(input)}
</main>
</body>
</html>
`.text;
}
