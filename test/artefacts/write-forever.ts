// Replaces one file for ever, by turns with a megabyte of `a` and one of `b`, until it is killed.
import { writeArtefact } from '../../lib/artefacts/write.ts';

const path = process.argv[2]!;
for (let turn = 0; ; turn++) {
  await writeArtefact(path, (turn % 2 === 0 ? 'a' : 'b').repeat(1_000_000));
  if (turn === 0) console.log('started');
}
