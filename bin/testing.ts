import { nobodyAsking } from '../lib/targets/own/target.ts';
import type { Action, Asked, Reading, Reply } from '../lib/targets/protocol.ts';

export { loadTarget } from './flow/load-target.ts';

/** A reply as a test says it. */
interface Said {
  readonly status?: number;
  /** A text as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly silence?: Reply['silence'];
}

/** What the action makes of the reply, without the text that is kept as evidence. */
export function reading(
  action: Action,
  { status = 0, body = '', silence = null }: Said,
  asked: Partial<Asked> = {},
): Omit<Reading, 'told'> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const asker: Asked = { ...nobodyAsking({}), order: null, ...asked };
  const { told: _, ...meaning } = action.read({ status, body: text, silence }, asker);
  return meaning;
}
