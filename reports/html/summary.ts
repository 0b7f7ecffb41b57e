import type { Verdict } from '../../lib/model/verdict.ts';
import { decisiveObjectives, factsOf, originOf } from '../headline.ts';
import { nextSteps } from '../next.ts';
import { showCount, showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { html, type Markup, type Piece } from './markup.ts';

const NAMED_OBJECTIVES_MAX = 3;

/** The first screen: result, why, the failed objective with its figures, the next command. */
export function summary(input: ReportInput): Markup {
  const { verdict } = input;
  const { result, run, reasons } = verdict;
  const [next] = nextSteps(verdict, input);
  const named = result === 'pass' ? [] : decisiveObjectives(verdict).slice(0, NAMED_OBJECTIVES_MAX);
  return html`<header class="verdict ${result}">
<p class="kicker">Onsale · <bdi>${run.scenario}</bdi> on <bdi>${run.target}</bdi></p>
<h1>${result}</h1>
${interruption(verdict)}
<ul class="reasons">${reasons.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>
${named.map(
  (objective) => html`<section class="named">
<h2><bdi>${objective.promise}</bdi> ${pill(objective.result)}</h2>
${objective.measurement === null ? html`<p><bdi>${objective.because}</bdi></p>` : facts(factsOf(objective))}
</section>`,
)}
<p class="next"><span>${next!.why}:</span> <code>${next!.command}</code></p>
<p class="faint">${originOf(run).map((part, i) => html`${i === 0 ? '' : ', '}<bdi>${part}</bdi>`)}</p>
</header>`;
}

function interruption({ interrupted }: Verdict): Piece {
  return interrupted
    ? html`<p class="notice">The run was interrupted: what was recorded has been judged as far as it goes.</p>`
    : null;
}

export function pill(value: string): Markup {
  return html`<span class="pill ${value}">${value}</span>`;
}

export function facts({ measured, interval, limit }: ReturnType<typeof factsOf>): Markup {
  const entries = [
    ['measured', measured || 'nothing'],
    ['interval', interval || 'none'],
    ['limit', limit || 'none'],
  ] as const;
  return html`<dl class="facts">${entries.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

function overtaken({ inversions, pairs }: NonNullable<Verdict['totals']['fairness']>): string {
  return `${showCount(inversions)} of ${showCount(pairs)} pairs out of turn`;
}

export function totals({ totals: t }: Verdict): Markup {
  const ms = (value: number | null) => (value === null ? '–' : showDuration(value));
  const tiles: readonly (readonly [string, string, string])[] = [
    ['tickets sold', showCount(t.soldAcknowledged), `of ${showCount(t.capacity)}`],
    t.offered === 0
      ? ['arrivals', '–', 'no plan is known']
      : ['arrivals', showCount(t.delivered), `of ${showCount(t.offered)} offered`],
    ['ok', showCount(t.outcomes.ok), 'acknowledged'],
    ['refused', showCount(t.outcomes.refused), 'turned away'],
    ['failed', showCount(t.outcomes.fail), 'certainly did not happen'],
    ['uncertain', showCount(t.outcomes.info), 'may have happened'],
    ['latency p99', ms(t.latencyMsP99), `p50 ${ms(t.latencyMsP50)}, p95 ${ms(t.latencyMsP95)}`],
    ['lateness p99', ms(t.skewMsP99), `p50 ${ms(t.skewMsP50)}, at most ${ms(t.skewMsMax)}`],
    ...(t.fairness === undefined
      ? []
      : [
          [
            'served in turn',
            `τ ${t.fairness.kendallTau.toFixed(2)}`,
            overtaken(t.fairness),
          ] as const,
        ]),
  ];
  return html`<section><h2>Totals</h2><dl class="tiles">${tiles.map(
    ([name, value, note]) =>
      html`<div><dt>${name}</dt><dd>${value}</dd><dd class="faint">${note}</dd></div>`,
  )}</dl></section>`;
}
