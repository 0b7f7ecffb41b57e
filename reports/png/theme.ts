import type { SeriesRole } from '../../lib/model/figure.ts';

export interface Theme {
  readonly id: 'light' | 'dark';
  readonly background: string;
  readonly text: string;
  readonly textFaint: string;
  readonly grid: string;
  /** Lines that nothing should cross: limits and capacity. */
  readonly mark: string;
  readonly roles: Readonly<Record<SeriesRole, string>>;
}

/**
 * Hues that people with the common colour deficiencies can tell apart (after Okabe and Ito), each at least 3:1 against
 * the background (WCAG 2.2, 1.4.11), texts at least 4.5:1. Lines differ by their dashes too.
 */
export const light: Theme = {
  id: 'light',
  background: '#ffffff',
  text: '#1c2530',
  textFaint: '#566170',
  grid: '#e6e9ed',
  mark: '#9b1c31',
  roles: {
    primary: '#0b5fa5',
    secondary: '#b36a00',
    tertiary: '#8a3f8f',
    quaternary: '#00796b',
    good: '#00734d',
    bad: '#c4320a',
    muted: '#6b7684',
  },
};

export const dark: Theme = {
  id: 'dark',
  background: '#171c24',
  text: '#e7eaee',
  textFaint: '#a3adba',
  grid: '#2b333f',
  mark: '#ff8fa3',
  roles: {
    primary: '#5ab0f2',
    secondary: '#f0b429',
    tertiary: '#d59be0',
    quaternary: '#4fd1c5',
    good: '#3ddc97',
    bad: '#ff7a59',
    muted: '#909baa',
  },
};

export const themes: readonly Theme[] = [light, dark];

/** Dashes by role, so that lines can be told apart without colour. */
export const dashes: Readonly<Record<SeriesRole, number[]>> = {
  primary: [],
  secondary: [8, 4],
  tertiary: [2, 3],
  quaternary: [10, 3, 2, 3],
  good: [],
  bad: [],
  muted: [5, 4],
};
