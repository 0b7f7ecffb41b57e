import type { LoadSettings } from '../../lib/run/load-settings.ts';

/** What the runner asked for; see {@link LoadSettings}. The runner is trusted to have written it whole. */
export const settings = JSON.parse(__ENV.ONSALE_LOAD ?? 'null') as LoadSettings;
