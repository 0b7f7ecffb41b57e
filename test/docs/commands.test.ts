import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { scenarios } from '../../lib/run/scenarios.ts';
import { targets } from '../../lib/targets/registry.ts';
import { rows } from '../../matrix/expected.ts';

/*
 * Commands that pages name: what they point to has to be there. That the commands themselves work is tested beside
 * what they do.
 */
const root = dirname(dirname(import.meta.dirname));
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))]
  .filter((name) => name.endsWith('.md'))
  .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const);

const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');

/** The words behind `command` up to a flag, the end of the code, or a comment; those in every place of the text. */
function namedBehind(command: string, text: string): string[] {
  const found = text.matchAll(new RegExp(`${command} ([^\`\n#]*)`, 'g'));
  return [...found].flatMap(([, rest]) => {
    const words = rest!.trim().split(/\s+/);
    const flag = words.findIndex((word) => word.startsWith('-'));
    return flag === -1 ? words : words.slice(0, flag);
  });
}

describe.each(pages)('%s', (_name, text) => {
  it('names rows of the matrix that there are', () => {
    const names = rows.map(({ name }) => name);
    const unheardOf = namedBehind('npm run matrix --', text).filter((one) => !names.includes(one));
    expect(unheardOf).toEqual([]);
  });

  it('names tests that there are', () => {
    const gone = namedBehind('npm test --', text).filter((path) => !existsSync(join(root, path)));
    expect(gone).toEqual([]);
  });

  it('names targets and scenarios that there are', () => {
    const apis = targets.map(({ name }) => name);
    for (const [, api] of text.matchAll(/--target ([a-z0-9]+)\b(?!\/)/g))
      expect(apis).toContain(api);
    const stories = scenarios.map(({ name }) => name);
    for (const [, story] of text.matchAll(/bin\/loadtest run ([a-z][a-z-]+)/g))
      expect(stories).toContain(story);
  });
});

test('every target has a column in the table of what is shown, and every scenario a section', () => {
  const head = page('targets.md')
    .split('\n')
    .find((line) => line.startsWith('| |'));
  const columns = (head ?? '').split('|').map((cell) => cell.trim());
  expect(columns).toEqual(expect.arrayContaining(targets.map(({ name }) => name)));
  for (const { name } of scenarios) expect(page('scenarios.md')).toContain(`| [\`${name}\`]`);
});
