import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { projectRoot } from '../../lib/run/project-root.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { checkedTargetName } from './own-target.ts';

const SKELETON = join(projectRoot, 'examples', 'tutorial-shop');
/** The name in the skeleton's texts. */
const SKELETON_NAME = 'my-shop';

/** `init`: the skeleton under another name, its test, and what an editor needs to know the module onsale. */
export async function init(name: string): Promise<number> {
  checkedTargetName(name, '<name>');
  const [file, test, editor] = [`${name}.ts`, `${name}.test.mjs`, 'tsconfig.json'] as const;
  const there = [file, test].filter((one) => existsSync(one));
  if (there.length > 0) throw alreadyThere(there);
  await write(file, await skeleton('my-shop.ts', name));
  await write(test, await skeleton('my-shop.test.mjs', name));
  const written: string[] = [file, test];
  if (!existsSync(editor)) {
    await write(editor, editorSettings(name));
    written.push(editor);
  }
  const own = wayTo('bin', 'loadtest');
  const shop = relative(process.cwd(), join(SKELETON, 'shop.mjs'));
  process.stdout.write(
    [
      `Wrote ${written.join(', ')}. They fit the small shop of the tutorial; change them for yours.`,
      `  $ node --test ${test}`,
      `  $ node ${shop} & export ONSALE_TOKEN=letmein`,
      `  $ ${own} targets check ./${file} --url http://127.0.0.1:4000`,
      '',
    ].join('\n'),
  );
  return exitCodes.pass;
}

async function skeleton(source: string, name: string): Promise<string> {
  const text = await readFile(join(SKELETON, source), 'utf8');
  return text
    .replaceAll(SKELETON_NAME, name)
    .replaceAll('../../bin/testing.mjs', wayTo('bin', 'testing.mjs'));
}

/** From this folder to a file of the project, as an import says it: it goes on working when both are moved together. */
function wayTo(...to: readonly string[]): string {
  const way = relative(process.cwd(), join(projectRoot, ...to))
    .split(sep)
    .join('/');
  return way.startsWith('.') ? way : `./${way}`;
}

/** Onsale needs none of it: types are not checked when a file is run. */
function editorSettings(name: string): string {
  const settings = {
    compilerOptions: {
      target: 'es2023',
      module: 'esnext',
      moduleResolution: 'bundler',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      exactOptionalPropertyTypes: true,
      typeRoots: [wayTo('node_modules', '@types')],
      types: ['node'],
      paths: { onsale: [wayTo('lib', 'targets', 'own', 'module.ts')] },
    },
    include: [`${name}.ts`],
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** `wx`: another that came to be meanwhile is not overwritten either. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere([path]);
    throw new RunFailure({
      expected: `to write ${path}`,
      got: cause instanceof Error ? cause.message : String(cause),
      where: process.cwd(),
      remedy: 'Make the folder writable, or go to another.',
      cause,
    });
  }
}

function alreadyThere(names: readonly string[]): UsageFailure {
  return new UsageFailure({
    expected: 'a name whose files are not there yet: nothing is overwritten',
    got: names.join(' and '),
    where: process.cwd(),
    remedy: 'Take another name, or move them away.',
  });
}
