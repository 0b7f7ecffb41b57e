import { readArtefact } from '../../lib/artefacts/read.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { fixtureSchema } from '../../lib/model/fixture.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { intentsFileSchema } from '../../lib/model/plan.ts';
import { openRunFolder } from '../../lib/run/run-folder.ts';
import { noSecrets } from '../../lib/targets/admin.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { sayable } from '../sayable.ts';
import { loadTarget } from './load-target.ts';
import { withWatch } from './run-and-tell.ts';
import { foundInRun, inRun } from './run-files.ts';
import { connectionFor } from './target-check.ts';

/**
 * `deprovision`: takes away what the run's fixture names, at the address in its manifest. `target` is the file where the
 * API is one of the user's own: a manifest keeps no paths.
 */
export async function deprovision(
  run: string,
  { target: file, allowHost }: { target: string | null; allowHost: readonly string[] },
): Promise<number> {
  const folder = await openRunFolder(run);
  const manifest = await readArtefact(inRun(folder, 'manifest'), manifestSchema, 'a manifest');
  if (manifest.url === '' || foundInRun(folder, 'fixture') === null) throw nothingMade(folder);
  const fixture = await readArtefact(inRun(folder, 'fixture'), fixtureSchema, 'a fixture');
  const intents = await readArtefact(
    inRun(folder, 'intents'),
    intentsFileSchema,
    'a plan of intents',
  );
  const target = await loadTarget(file ?? manifest.target);
  if (target.name !== manifest.target) throw anotherTarget(target.name, manifest.target);
  const option = Object.entries(manifest.options ?? {}).map(([name, value]) => `${name}=${value}`);
  return withWatch({}, async ({ interruption, terminal }) => {
    const connection = await connectionFor(
      target,
      { url: manifest.url, option, allowHost },
      { signal: interruption.signal, onNotice: terminal.note },
    );
    const known = { fixture, intents, secrets: noSecrets };
    const done = await target.admin.deprovision(connection, known);
    process.stdout.write(`${sayable(done.join('\n'))}\n`);
    return exitCodes.pass;
  });
}

/** What one API made the other would not find, or worse. */
function anotherTarget(got: string, wanted: string): UsageFailure {
  return new UsageFailure({
    expected: `the target ${wanted}, which the run was made on`,
    got,
    where: '--target',
    remedy: 'Name the file that was given to the run.',
  });
}

function nothingMade(folder: string): UsageFailure {
  return new UsageFailure({
    expected: 'a run that has provisioned something on a target',
    got: 'one without a fixture or an address',
    where: folder,
    remedy: 'Name another run; there is nothing of this one to take away.',
  });
}
