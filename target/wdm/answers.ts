/** The form of the API: one was taught until 2023, the other since. */
export type Generation = '2021' | '2024';

/** What a service says to one request. `never` is no answer at all: the client waits until it gives up. */
export type Answer =
  | { readonly status: number; readonly body: string; readonly type: 'json' | 'text' | 'page' }
  | 'never';

/** A word or a sentence; its content type is that of a page, too. */
export const text = (body: string): Answer => ({ status: 200, body, type: 'text' });
export const refusal = (body: string): Answer => ({ status: 400, body, type: 'text' });
export const json = (body: string): Answer => ({ status: 200, body, type: 'json' });

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** The page of a web framework that was told to give up with a sentence. */
export function page(status: number, sentence = ''): Answer {
  const title = TITLES[status] ?? TITLES[500]!;
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${escaped(sentence)}</p>\n`;
  return { status, body, type: 'page' };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};
const escaped = (sentence: string) => sentence.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** An amount of money as JSON: a float, which shows its point even where it is whole, or an integer. */
export function moneyJson(generation: Generation, amount: string): string {
  if (generation === '2024') return amount;
  const number = Number(amount);
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

/** An amount in a path; null for what is none in that form. */
export function readMoney(generation: Generation, word: string): string | null {
  const form = generation === '2024' ? /^-?\d{1,15}$/ : /^\d{1,12}(\.\d{1,6})?$/;
  return form.test(word) ? word : null;
}

/** A count in a path; null for what is none in that form. */
export function readCount(generation: Generation, word: string): number | null {
  const form = generation === '2024' ? /^-?\d{1,9}$/ : /^\d{1,9}$/;
  return form.test(word) ? Number(word) : null;
}

/** A word in a path that is no number: no such address in the old form, a crash in the new one. */
export function noNumber(generation: Generation): Answer {
  return generation === '2024' ? page(500) : page(404);
}
