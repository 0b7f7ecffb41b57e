import { existsSync } from 'node:fs';
import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import { type Certificate, certificateSchema } from '../../lib/model/certificate.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { fixtureSchema } from '../../lib/model/fixture.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import type { Rules } from '../../lib/model/rules.ts';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { openRunFolder } from '../../lib/run/run-folder.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { findingsByWeight } from '../../reports/headline.ts';
import { certificateOf as certificateFacts } from '../../reports/next.ts';
import type { ExplainOptions } from '../commands/explain.ts';
import { sayable } from '../sayable.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { certificatePath } from './certificates.ts';
import { isAboutRules } from './explain-rules.ts';
import { besideText, listText, type Story, storySvg, storyText } from './explain-story.ts';
import { foundInRun, inRun } from './run-files.ts';
import { shownPath } from './shown-path.ts';
import { unknownName } from './unknown-name.ts';

/** `explain`: 0, whatever the verdict. Throws a `UsageFailure` for a run without a verdict, or an unknown invariant. */
export async function explain(
  run: string,
  invariant: string | null,
  { json = false, svg }: ExplainOptions,
): Promise<number> {
  const terminal = openTerminal({ quiet: false });
  const folder = await openRunFolder(run);
  const verdict = await readArtefact(inRun(folder, 'verdict'), verdictSchema, 'a verdict');
  if (invariant === null) {
    if (svg !== undefined) throw nothingToDraw('none');
    const list = json
      ? JSON.stringify(verdict.findings, null, 2)
      : sayable(
          listText(findingsByWeight(verdict), verdict.notJudged, { ...terminal, statementOf }),
        );
    process.stdout.write(`${list}\n`);
    return exitCodes.pass;
  }
  const beside = verdict.notJudged.find((each) => each.invariant === invariant);
  if (beside !== undefined) {
    if (svg !== undefined) throw nothingToDraw(`${invariant}, which says nothing about this sale`);
    const statement = statementOf(invariant);
    const text = json
      ? JSON.stringify({ finding: null, certificate: null, notJudged: beside }, null, 2)
      : besideText(beside, { statement, colour: terminal.colour, width: terminal.width });
    process.stdout.write(`${text}\n`);
    return exitCodes.pass;
  }
  const finding = findingOf(verdict, invariant, folder);
  await explainOne(finding, { folder, json, svg: svg ?? null, terminal });
  return exitCodes.pass;
}

const statementOf = (id: string) => invariants.find((one) => one.id === id)?.statement ?? id;

async function explainOne(
  finding: Finding,
  how: { folder: string; json: boolean; svg: string | null; terminal: Terminal },
): Promise<void> {
  const { folder, json, svg, terminal } = how;
  const certificate = await certificateOf(folder, finding);
  const { load } = await readArtefact(inRun(folder, 'manifest'), manifestSchema, 'a manifest');
  const startedAt = load?.startedAt ?? null;
  const operations = certificate?.operations.length
    ? certificate.operations
    : (finding.witness?.operations ?? []);
  const story: Story = {
    finding,
    certificate,
    rules: await rulesOf(folder, finding, certificate),
    operations,
    startedAt,
    statement: statementOf(finding.invariant),
    recheck: certificateFacts(shownPath(folder), finding.invariant).command,
  };
  if (svg !== null) {
    await writeArtefact(svg, storySvg(story));
    terminal.note(`The timeline is drawn in ${svg}.`);
  }
  const told = json
    ? JSON.stringify({ finding, certificate }, null, 2)
    : storyText(story, terminal);
  process.stdout.write(`${told}\n`);
}

async function certificateOf(folder: string, finding: Finding): Promise<Certificate | null> {
  const path = certificatePath(folder, finding.invariant);
  if (finding.value !== 'violated' || !existsSync(path)) return null;
  return readArtefact(path, certificateSchema, 'a certificate');
}

/** A certificate carries them; without one they are read where they are told. */
async function rulesOf(
  folder: string,
  { invariant }: Finding,
  certificate: Certificate | null,
): Promise<Rules | undefined> {
  if (certificate !== null) return certificate.restsOn.fixture.rules;
  if (!isAboutRules(invariant) || foundInRun(folder, 'fixture') === null) return undefined;
  return (await readArtefact(inRun(folder, 'fixture'), fixtureSchema, 'a fixture')).rules;
}

function findingOf({ findings, notJudged }: Verdict, asked: string, folder: string): Finding {
  const finding = findings.find(({ invariant }) => invariant === asked);
  if (finding !== undefined) return finding;
  const known = [...findings, ...notJudged].map(({ invariant }) => invariant);
  if (known.length > 0) throw unknownName(asked, { known, what: '', where: folder, more: '' });
  throw new UsageFailure({
    expected: 'an invariant that was judged',
    got: JSON.stringify(asked.slice(0, 100)),
    where: folder,
    remedy: 'Judge the run again.',
  });
}

function nothingToDraw(got: string): UsageFailure {
  return new UsageFailure({
    expected: 'an invariant whose timeline is to be drawn',
    got,
    where: '--svg',
    remedy: 'Name it after the run; without --svg, "explain <run>" lists them.',
  });
}
