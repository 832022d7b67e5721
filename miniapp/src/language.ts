import { signal } from '@preact/signals';
import type { SessionUser } from './api/types.ts';
import { en, type TextKey } from './texts/en.ts';
import { fr } from './texts/fr.ts';

export type Language = SessionUser['language'];

const TEXTS: Record<Language, Record<TextKey, string>> = { en, fr };

/** The language that everything on the page is said in. */
export const language = signal<Language>('fr');

/** One of ours by its tag; English for another language, French where none is named: as the shop by default. */
export function chooseLanguage(code: string | undefined): Language {
  if (!code) return 'fr';
  return code.toLowerCase().split('-')[0] === 'fr' ? 'fr' : 'en';
}

export function setLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
}

/** The text under `key` in the reader's language, with {names} filled in. */
export function say(key: TextKey, values: Record<string, string | number> = {}): string {
  const text = language.value === 'fr' ? bind(TEXTS.fr[key]) : TEXTS.en[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** French typography: what stands before a high sign, or within quotation marks, never breaks the line. */
function bind(text: string): string {
  return text.replace(/ (?=[:;?!»])/g, '\u00a0').replace(/« /g, '«\u00a0');
}

type Named =
  | 'status'
  | 'order'
  | 'dispute'
  | 'dispute.is'
  | 'dispute.why'
  | 'file'
  | 'rail'
  | 'member'
  | 'channel'
  | 'right'
  | 'event'
  | 'role'
  | 'putOut';

/** The text under `key` for one, or for another count. */
export function count(key: string, amount: number, values: Record<string, string | number> = {}): string {
  const form = new Intl.PluralRules(language.value).select(amount) === 'one' ? 'one' : 'other';
  return say(`${key}.${form}` as TextKey, { count: amount, ...values });
}

/** The text for a name that the API chose (a status, a rail), or the name itself when it is new to us. */
export function sayNamed(group: Named, name: string): string {
  const key = `${group}.${name}`;
  return key in TEXTS[language.value] ? say(key as TextKey) : name;
}
