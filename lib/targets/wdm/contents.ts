import { z } from 'zod';

/** Goes into addresses as it is, so it has to be a plain word that no path can be made of. */
const id = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9_.:-]{0,199}$/));

export const createdUserSchema = z.object({ user_id: id });
export const createdItemSchema = z.object({ item_id: id });
export const createdOrderSchema = z.object({ order_id: id });

/** The parts that both forms of the API have; floats such as 15.0 are whole units. */
export const userSchema = z.object({ credit: z.number() });
export const itemSchema = z.object({ price: z.number(), stock: z.number() });

/** The old form lists an item once a unit; the new one lists it with its quantity. */
const unitSchema = z.union([
  id.transform((item) => ({ item, quantity: 1 })),
  z.tuple([id, z.int()]).transform(([item, quantity]) => ({ item, quantity })),
]);

export const orderSchema = z.object({
  paid: z.boolean(),
  items: z.array(unitSchema).max(100_000),
  total_cost: z.number(),
  user_id: z.union([z.string().max(300), z.int()]).transform(String),
});
export type WdmOrder = z.infer<typeof orderSchema>;

/** How many units of each item an order has. */
export function unitsOf({ items }: Pick<WdmOrder, 'items'>): Map<string, number> {
  const units = new Map<string, number>();
  for (const { item, quantity } of items) units.set(item, (units.get(item) ?? 0) + quantity);
  return units;
}
