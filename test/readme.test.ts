import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shapeOf } from './readme-output.ts';

const root = dirname(import.meta.dirname);
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

it.each(pages)('%s points to files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
  const gone = links.filter((link) => !existsSync(join(root, dirname(page), link)));
  expect(gone).toEqual([]);
});

describe('the shape of an output', () => {
  it('does not change with figures, addresses, folders and progress', () => {
    expect(shapeOf('PASS on http://127.0.0.1:1\n  0 s: 3 of 4\n  p99 1.5 s (5 ms to 2 s)')).toBe(
      shapeOf('PASS on http://127.0.0.1:22\n  p99   780 ms (1.9 ms to\n  31 s)\n'),
    );
  });

  it('changes with words', () => {
    expect(shapeOf('PASS 1 of 2')).not.toBe(shapeOf('FAIL 1 of 2'));
    expect(shapeOf('holds')).not.toBe(shapeOf('holds  holds'));
  });
});
