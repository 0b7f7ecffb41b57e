/** What the stock service says about an item's price; `unknown` where it says that there is no such item. */
export type Price =
  | { readonly kind: 'known'; readonly amount: string }
  | { readonly kind: 'unknown' };

/**
 * Asks a process of the stock service. In the old form that service never answers about an item that does not exist,
 * so neither does this: it ends when `gone` says that nobody waits any more. Throws where no process can be asked.
 */
export async function priceOf(
  item: string,
  { urls, gone }: { urls: readonly string[]; gone: AbortSignal },
): Promise<Price> {
  const url = urls[Math.floor(Math.random() * urls.length)];
  if (url === undefined) throw new Error('no process of the stock service is up');
  const answer = await fetch(`${url}/find/${encodeURIComponent(item)}`, { signal: gone });
  const body = await answer.text();
  if (answer.status === 400) return { kind: 'unknown' };
  if (!answer.ok) throw new Error(`the stock service says ${answer.status}`);
  const { price } = JSON.parse(body) as { price: number };
  return { kind: 'known', amount: String(price) };
}
