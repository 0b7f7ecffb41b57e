import type { Intent } from '../model/plan.ts';
import type { History } from './history.ts';
import { lastingInt32s } from './lasting.ts';

/** The last answer for a plan: many ask, and a million keys take half a second to find. */
const known = new WeakMap<readonly Intent[], { history: History; numbers: Int32Array }>();

/** The number that each intent of the plan has in the history, −1 where none of its operations is there. O(plan). */
export function numbersOfPlanned(history: History, planned: readonly Intent[]): Int32Array {
  const last = known.get(planned);
  if (last?.history === history) return last.numbers;
  const numbers = lastingInt32s(planned.length);
  planned.forEach(({ key }, place) => {
    numbers[place] = history.intents.find(key);
  });
  known.set(planned, { history, numbers });
  return numbers;
}
