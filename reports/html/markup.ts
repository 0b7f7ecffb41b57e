import { visible } from '../text.ts';

/** A piece of a page that is already safe. Only `html` and `trusted` make one. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | null | readonly Piece[];

const TEXT_LENGTH_MAX = 1000;
/** A number and its unit stay on one line. */
const NUMBER_AND_UNIT = /(\d) (?=(?:%|ms|s|min)(?:\W|$))/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A template whose values are escaped unless they are markup themselves: forgetting to escape is not possible, only
 * forgetting to trust. Texts are made visible and cut; safe as content and in quoted attributes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(textOf)));
}

/** Text made by this program that is safe as it stands: styles, base64. Never anything from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(textOf).join('');
  return visible(String(piece), TEXT_LENGTH_MAX)
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)
    .replace(NUMBER_AND_UNIT, '$1\u00a0');
}
