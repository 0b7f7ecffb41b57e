import type { Plan } from '../../lib/model/plan.ts';
import { nextSteps } from '../next.ts';
import { showCount, showDuration, showRatio } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { pill } from './summary.ts';

/** Whether the load was delivered: a verdict on a load that never came says nothing. */
export function validity({ verdict, manifest }: ReportInput): Markup {
  const notes = [...manifest.trouble, ...(manifest.load?.gaps ?? [])];
  return html`<section><h2>Validity of the load</h2>
<ul class="conditions">${verdict.validity.map(
    ({ id, result, because }) =>
      html`<li>${pill(result)} <bdi>${because}</bdi> <span class="faint"><bdi>${id}</bdi></span></li>`,
  )}</ul>
${notes.length === 0 ? null : html`<h3>Noted on the way</h3><ul>${notes.map((note) => html`<li><bdi>${note}</bdi></li>`)}</ul>`}
</section>`;
}

export function environment({ manifest }: ReportInput): Markup {
  const { versions, plan, load } = manifest;
  const entries: readonly (readonly [string, Piece])[] = [
    ['target', manifest.target],
    ['address', manifest.url || 'not known'],
    ...Object.entries(manifest.options ?? {}).map(
      ([name, value]) => ['its option', `${name}=${value}`] as const,
    ),
    ['scenario', manifest.scenario],
    ['run', manifest.runId],
    ['begun', manifest.createdAt],
    ['came to', `${manifest.status}, stage ${manifest.stage}`],
    [
      'versions',
      `Onsale ${versions.onsale}, Node ${versions.node}, ${versions.k6 === null ? 'no k6' : `k6 ${versions.k6}`}`,
    ],
    ...(plan === null ? ([['plan', 'not known']] as const) : planEntries(plan)),
    [
      'generator CPU',
      ratios(load?.generatorCpuRatioMean ?? null, load?.generatorCpuRatioMax ?? null),
    ],
    ['CPU taken by others', load?.stealRatio == null ? 'not told' : showRatio(load.stealRatio)],
  ];
  return html`<section><h2>Environment</h2><dl class="pairs">${entries.map(
    ([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`,
  )}</dl></section>`;
}

function planEntries(plan: Plan): readonly (readonly [string, string])[] {
  const quantities = plan.quantities.map(
    ({ quantity, weight }) => `${quantity} (weight ${weight})`,
  );
  return [
    ['seed', String(plan.seed)],
    ['buyers', showCount(plan.buyers)],
    ['arrivals', arrivalsOf(plan)],
    [
      'tickets',
      plan.pools === 1
        ? `${showCount(plan.capacity)} in one pool`
        : `${showCount(plan.capacity)} in each of ${showCount(plan.pools)} pools, Zipf ${plan.zipf}`,
    ],
    ['tickets a buyer', quantities.join(', ')],
    ...visitEntries(plan),
    ['time-out', showDuration(plan.timeoutMs)],
    ['virtual users', `at most ${showCount(plan.virtualUsersMax)}`],
  ];
}

function arrivalsOf({ arrivals, crowdRatio, durationMs, stages = [] }: Plan): string {
  if (arrivals === 'constant') return `constant over ${showDuration(durationMs)}`;
  if (arrivals === 'burst')
    return `burst: ${showRatio(crowdRatio)} at once, the others over ${showDuration(durationMs)}`;
  const each = stages.map(
    (stage) => `${showCount(stage.buyers)} in ${showDuration(stage.durationMs)}`,
  );
  return `stages: ${each.join(', then ')}`;
}

/** What a visit is beyond one purchase; nothing in a plain burst. */
function visitEntries(plan: Plan): readonly (readonly [string, string])[] {
  const { stories, thinkMs, attemptsMax, intentsPerBuyer, seats } = plan;
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['stories', stories?.map(({ story, weight }) => `${story} (weight ${weight})`).join(', ')],
    ['pauses', thinkMs && `${showDuration(thinkMs.min)} to ${showDuration(thinkMs.max)}`],
    ['attempts', attemptsMax === undefined ? undefined : `at most ${showCount(attemptsMax)}`],
    ['visits a buyer', intentsPerBuyer === undefined ? undefined : showCount(intentsPerBuyer)],
    ['seats', seats && 'buyers want certain seats'],
  ];
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function ratios(mean: number | null, most: number | null): string {
  if (mean === null || most === null) return 'not measured';
  return `${showRatio(mean)} on average, ${showRatio(most)} at most`;
}

export function checkAgain(input: ReportInput): Markup {
  return html`<section><h2>Check it again</h2>
<p>The verdict follows from the run's files alone: manifest, history, state and SLA. The same files give the same verdict, byte for byte.</p>
<dl class="commands">${nextSteps(input.verdict, input).map(
    ({ why, command }) => html`<dt>${why}</dt><dd><code>${command}</code></dd>`,
  )}</dl></section>`;
}
