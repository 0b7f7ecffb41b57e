import { visible } from '../text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Text for an element or a quoted attribute of XML 1.0. Characters that XML cannot hold even as a reference (controls,
 * lone surrogates, U+FFFE and U+FFFF) are written out; `]]>` cannot arise, as every `>` is an entity.
 */
export function xmlText(text: string, lengthMax = 1000): string {
  return visible(text, lengthMax).replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}
