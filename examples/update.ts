/**
 * `npx tsx examples/update.ts` writes the expected verdicts anew, after a change of the judge that is meant. Read the
 * difference before it is committed: it is what the change does to verdicts that people have.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleNames, examplesFolder, judgeExample } from './judged.ts';

for (const name of await exampleNames()) {
  const { code, verdict } = await judgeExample(name);
  await writeFile(join(examplesFolder, name, 'verdict.json'), verdict);
  process.stdout.write(`${name}: exit code ${code}\n`);
}
