import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../bin/program.ts';
import { newMachine } from '../experience/product.ts';

const root = dirname(dirname(import.meta.dirname));
const pagePath = join(root, 'docs', 'history-format.md');
/** `UPDATE_DOCS=1 npx vitest run test/bin/foreign-docs.test.ts` writes into the page what the commands say now. */
const isUpdating = process.env.UPDATE_DOCS === '1';

const FILE_BLOCK = /(<!-- file: (\S+) -->\n```\w+\n)[\s\S]*?```/g;
const JUDGED_BLOCK = /(<!-- judged -->\n```console\n\$ bin\/loadtest ([^\n]*)\n)[\s\S]*?```/g;

const machine = await newMachine();

/** What differs from run to run: where the folders are, and the time in a run's name. */
function settled(stdout: string): string {
  return stdout
    .replaceAll(`${machine.cwd}/`, '')
    .replaceAll(join(root, 'bin', 'loadtest'), 'bin/loadtest')
    .replaceAll(/runs\/imported\/[\dTZ-]+/g, 'runs/imported/2025-11-21T10-01-00Z');
}

/** The page with each block's content made anew of what its opening names. */
async function renewed(text: string, block: RegExp, content: (named: string) => Promise<string>) {
  let result = '';
  let from = 0;
  for (const { 0: whole, 1: opening, 2: named, index } of text.matchAll(block)) {
    result += `${text.slice(from, index)}${opening}${await content(named!)}\`\`\``;
    from = index + whole.length;
  }
  expect(from, 'the page has such blocks').toBeGreaterThan(0);
  return result + text.slice(from);
}

test('the page shows the example, and what the command really says of it', async () => {
  for (const name of ['history.ndjson', 'state.json']) {
    const content = await readFile(join(root, 'examples', 'foreign', name));
    await writeFile(join(machine.cwd, name), content);
  }
  await cp(join(root, 'examples', 'foreign-holds'), join(machine.cwd, 'holds'), {
    recursive: true,
  });
  const text = await readFile(pagePath, 'utf8');
  const withFiles = await renewed(text, FILE_BLOCK, (path) => readFile(join(root, path), 'utf8'));
  const now = await renewed(withFiles, JUDGED_BLOCK, async (args) => {
    const { stdout } = await machine.loadtest(args.split(' '));
    return settled(stdout);
  });
  if (isUpdating) await writeFile(pagePath, now);
  else expect(text).toBe(now);
});

/** The names of all properties in a JSON Schema, at any depth. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(namesIn)]
      : namesIn(value),
  );
}

describe('the page names', () => {
  const named = async () =>
    new Set(
      [...(await readFile(pagePath, 'utf8')).matchAll(/`([^`\n]+)`/g)].map(([, word]) => word),
    );

  const files = ['operation', 'state', 'fixture', 'intents', 'manifest', 'verdict'];
  test.each(files)('every field of the schema %s', async (name) => {
    const schema: unknown = JSON.parse(
      await readFile(join(root, 'schemas', `${name}.schema.json`), 'utf8'),
    );
    const fields = [...new Set(namesIn(schema))];
    expect(fields.length).toBeGreaterThan(2);
    const words = await named();
    expect(fields.filter((field) => !words.has(field))).toEqual([]);
  });

  test('every option that is for a history of another tool', async () => {
    const judge = buildProgram().commands.find((command) => command.name() === 'judge')!;
    const flags = judge.options.map(({ long }) => long!);
    const words = [...(await named())].map((word) => word!.split(' ')[0]);
    const elsewhere = ['--quiet', '--json'];
    expect(flags.filter((flag) => !words.includes(flag) && !elsewhere.includes(flag))).toEqual([]);
  });
});
