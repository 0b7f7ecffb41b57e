import { databaseAccount, giveTo } from '../target/database/account.ts';
import { makeFolder, removeFolder } from '../target/database/folder.ts';
import { pretix } from '../target/facades/pretix.ts';

/*
 * Gets the real pretix into the user's cache, which takes minutes once on a machine, so that no test has to wait for it.
 * Says on standard error how far it is. Where it is there already this is a matter of a second or two.
 */
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
process.once('SIGTERM', () => interruption.abort(new Error('terminated')));

const account = databaseAccount();
const folder = makeFolder(null, account);
giveTo(account, folder);
try {
  await pretix.prepare({ folder, signal: interruption.signal, owns: () => undefined });
} finally {
  await removeFolder(folder);
}
