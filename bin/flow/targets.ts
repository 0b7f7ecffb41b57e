import { invariants } from '../../lib/invariants/registry.ts';
import { type Capability, capabilityWords } from '../../lib/model/capability.ts';
import { scenarios } from '../../lib/run/scenarios.ts';
import type { Target } from '../../lib/targets/admin.ts';
import { targets } from '../../lib/targets/registry.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { loadTarget } from './load-target.ts';

/** `targets`: a line each. */
export function listTargets({ json }: { json: boolean }): number {
  const rows = targets.map(({ name, summary }) => ({ name, summary }));
  print(
    json
      ? JSON.stringify(rows, null, 2)
      : rows.map(({ name, summary }) => `${name.padEnd(20)} ${summary}`).join('\n'),
  );
  return exitCodes.pass;
}

/** `targets <api>`: what follows from what it declares. */
export async function tellTarget(api: string, { json }: { json: boolean }): Promise<number> {
  const target = await loadTarget(api);
  const told = telling(target);
  print(json ? JSON.stringify(told, null, 2) : asText(target, told));
  return exitCodes.pass;
}

interface Telling {
  readonly name: string;
  readonly summary: string;
  /** What ONSALE_TOKEN is; null where none is needed. */
  readonly secret: string | null;
  readonly capabilities: readonly { readonly name: Capability; readonly means: string }[];
  readonly options: readonly {
    readonly name: string;
    readonly summary: string;
    readonly default: string;
  }[];
  readonly scenarios: readonly Possible[];
  readonly invariants: readonly Possible[];
}

/** Something that needs capabilities, and those that the target lacks. */
interface Possible {
  readonly name: string;
  readonly lacks: readonly Capability[];
}

function telling(target: Target): Telling {
  const { name, summary, secret, capabilities } = target;
  const lacks = (needs: readonly Capability[]) =>
    needs.filter((each) => !capabilities.includes(each));
  return {
    name,
    summary,
    secret,
    capabilities: capabilities.map((each) => ({ name: each, means: capabilityWords[each] })),
    options: target.options.map((option) => ({
      name: option.name,
      summary: option.summary,
      default: option.default,
    })),
    scenarios: scenarios.map((each) => ({ name: each.name, lacks: lacks(each.needs) })),
    invariants: invariants.map((each) => ({ name: each.id, lacks: lacks(each.needs ?? []) })),
  };
}

function asText(target: Target, told: Telling): string {
  const possible = (all: readonly Possible[]) =>
    all.map(({ name, lacks }) =>
      lacks.length === 0 ? `  ${name}` : `  ${name.padEnd(28)} no: it lacks ${lacks.join(', ')}`,
    );
  return [
    `${target.name}: ${target.summary}`,
    '',
    'It can:',
    ...told.capabilities.map(({ name, means }) => `  ${name.padEnd(18)} ${means}`),
    '',
    'Options (--option name=value):',
    ...(told.options.length === 0 ? ['  none'] : []),
    ...told.options.map(
      (option) =>
        `  ${option.name.padEnd(18)} ${option.summary} (default: ${option.default === '' ? 'none' : option.default})`,
    ),
    '',
    `ONSALE_TOKEN: ${told.secret ?? 'not needed'}`,
    '',
    'Scenarios:',
    ...possible(told.scenarios),
    '',
    'Claims that can be decided, given the evidence:',
    ...possible(told.invariants),
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
