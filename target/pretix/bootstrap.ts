import { randomInt } from 'node:crypto';
import pg from 'pg';

export const ORGANIZER = 'onsale';

/**
 * What no REST call of pretix can make, for its management shell. Which rights a team has is said by flags whose names
 * differ between releases. Events inherit that they can be paid by hand. The token is drawn anew at every start.
 */
export const BOOTSTRAP = `
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team

with scopes_disabled():
    organizer = Organizer.objects.create(name='Onsale', slug='${ORGANIZER}')
    organizer.settings.set('payment_manual__enabled', True)
    flags = [field.name for field in Team._meta.get_fields() if field.name.startswith(('all_', 'can_'))]
    team = organizer.teams.create(name='Onsale', **{name: True for name in flags})
    team.tokens.create(name='Onsale')
    print('made', organizer.slug)

`;

const TOKEN_LENGTH = 64;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Gives the one token of the database a new secret, which is returned: what lies in the cache is of no use to anybody. */
export async function drawToken(databaseUrl: string): Promise<string> {
  const token = Array.from(
    { length: TOKEN_LENGTH },
    () => ALPHABET[randomInt(ALPHABET.length)],
  ).join('');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('UPDATE pretixbase_teamapitoken SET token = $1', [
      token,
    ]);
    if (rowCount !== 1) throw new Error(`expected one API token in the database, got ${rowCount}`);
  } finally {
    await client.end();
  }
  return token;
}
