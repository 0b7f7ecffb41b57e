// A writer in a process of its own, so that limits and rights can be set for it: <path> <bytes> [effective user].
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { Failure } from '../../lib/model/failure.ts';

const [path, bytes, user] = process.argv.slice(2);
if (user !== undefined) process.seteuid!(Number(user));
try {
  await writeArtefact(path!, 'x'.repeat(Number(bytes)));
  console.log(JSON.stringify({ written: true }));
} catch (failure) {
  if (!(failure instanceof Failure)) throw failure;
  console.log(JSON.stringify({ name: failure.name, ...failure.parts, cause: undefined }));
}
