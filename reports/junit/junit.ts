import type { Finding } from '../../lib/model/finding.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { sentenceOf } from '../headline.ts';
import type { Renderer, ReportInput } from '../report.ts';
import { xmlText } from './xml.ts';

/**
 * `junit.xml`: one test case for the verdict itself and one for each objective, invariant and condition of validity.
 *
 * What CI shows must agree with the exit code:
 * - failed or violated is a `failure`;
 * - inconclusive, unknown, and a load that was not delivered are an `error`: nothing was proved, so nothing passed;
 * - once the verdict is a pass, what did not pass was not asked for (an invariant the SLA leaves out): `skipped`;
 * - a claim that says nothing about the sale is `skipped`, whatever the verdict.
 */
export const junit: Renderer = {
  id: 'junit',
  render: async (input) => [{ name: 'junit.xml', content: junitOf(input) }],
};

type Ending = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly ending: Ending;
  readonly message: string;
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  pass: 'passed',
  holds: 'passed',
  fail: 'failure',
  violated: 'failure',
  inconclusive: 'error',
  unknown: 'error',
};

function junitOf(input: ReportInput): string {
  const cases = casesOf(input);
  const count = (ending: Ending) => cases.filter((one) => one.ending === ending).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const { run } = input.verdict;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Onsale" ${counts}>`,
    `<testsuite name="${xmlText(run.scenario)}" ${counts} time="0" timestamp="${xmlText(run.createdAt)}">`,
    ...cases.map(caseXml),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ verdict, statements }: ReportInput): TestCase[] {
  const ending = (value: string) => endingIn(verdict, value);
  return [
    {
      group: 'verdict',
      name: 'verdict',
      ending: ending(verdict.result),
      message: verdict.reasons.join(' '),
    },
    ...verdict.objectives.map((objective) => ({
      group: 'objectives',
      name: `${objective.id}: ${objective.promise}`,
      ending: ending(objective.result),
      message:
        objective.measurement === null
          ? objective.because
          : `${sentenceOf(objective)}. ${objective.because}`,
    })),
    ...verdict.findings.map((finding) => ({
      group: 'invariants',
      name: named(finding.invariant, statements),
      ending: ending(finding.value),
      message: messageOf(finding),
    })),
    ...verdict.notJudged.map(({ invariant, because }) => ({
      group: 'invariants',
      name: named(invariant, statements),
      ending: 'skipped' as const,
      message: `The claim says nothing about this sale. ${because}`,
    })),
    ...verdict.validity.map(({ id, result, because }) => ({
      group: 'validity',
      name: id,
      // The target did nothing wrong: the run proves nothing.
      ending: ending(result === 'fail' ? 'inconclusive' : result),
      message: because,
    })),
  ];
}

function endingIn({ result }: Verdict, value: string): Ending {
  const ending = ENDINGS[value] ?? 'error';
  return result === 'pass' && ending !== 'passed' ? 'skipped' : ending;
}

function named(invariant: string, statements: ReportInput['statements']): string {
  return Object.hasOwn(statements, invariant)
    ? `${invariant}: ${statements[invariant]}`
    : invariant;
}

function messageOf(finding: Finding): string {
  const missing = finding.value === 'unknown' ? ` Missing: ${finding.missing.join('; ')}` : '';
  return `${finding.summary}${missing}`;
}

function caseXml({ group, name, ending, message }: TestCase): string {
  const open = `<testcase classname="onsale.${group}" name="${xmlText(name)}" time="0"`;
  if (ending === 'passed') return `${open}/>`;
  const text = xmlText(message);
  if (ending === 'skipped') return `${open}><skipped message="${text}"/></testcase>`;
  return `${open}><${ending} message="${text}" type="${ending}">${text}</${ending}></testcase>`;
}
