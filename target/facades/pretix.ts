import { installPretix } from '../pretix/install.ts';
import { PRETIX_VERSION } from '../pretix/release.ts';
import { startPretix } from '../pretix/server.ts';
import { pretixTemplate } from '../pretix/template.ts';
import type { Installed } from './facade.ts';

/** A worker keeps one connection, and opens another for a moment where it asks a replica. */
const CONNECTIONS_PER_WORKER = 2;

/** The real pretix, as its makers publish it, with the switches they test it with. */
export const pretix: Installed = {
  kind: 'installed',
  name: 'pretix',
  summary: `pretix ${PRETIX_VERSION} from PyPI, under gunicorn; the first time takes minutes`,
  target: 'pretix',
  flaws: [
    {
      name: 'skip-locking',
      bug: "No lock is taken on what is sold (pretix's own debug flag): two buyers may both see the last ticket.",
      place: 'around',
    },
    {
      name: 'fail-locking',
      bug: "Every lock times out at once (pretix's own debug flag): each purchase of limited stock gets 409.",
      place: 'around',
    },
  ],
  options: [],
  connections: (processes) => processes * CONNECTIONS_PER_WORKER,
  prepare: async (request) => {
    const needs = { ...request, env: process.env };
    const installation = await installPretix(needs);
    return {
      databaseTemplate: await pretixTemplate(installation, needs),
      up: (asked, database) => startPretix(installation, asked, database),
    };
  },
};
