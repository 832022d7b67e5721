import { expect, test } from 'vitest';
import { chooseLanguage, count, say, sayNamed, setLanguage } from '../../src/language.ts';
import { en, type TextKey } from '../../src/texts/en.ts';
import { fr } from '../../src/texts/fr.ts';

const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test('both languages say everything, with the same names to fill in', () => {
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
  for (const key of Object.keys(en) as TextKey[])
    expect([key, names(fr[key])]).toEqual([key, names(en[key])]);
});

test('apostrophes and ellipses are set as a typographer does; spaces that bind come as a text is shown', () => {
  const untidy = /'|\.\.\.|(?<!\d)[\u00a0\u202f]/;
  const texts = [...Object.entries(en), ...Object.entries(fr)];
  expect(texts.filter(([, text]) => untidy.test(text))).toEqual([]);
});

test.each([
  ['fr', 'fr'],
  ['fr-CA', 'fr'],
  ['en', 'en'],
  ['wo', 'en'],
  [undefined, 'fr'],
  ['', 'fr'],
  ['fro', 'en'],
])('a reader of %s gets %s', (code, language) => {
  expect(chooseLanguage(code)).toBe(language);
});

test('names are filled in, and what they hold is left as it is', () => {
  setLanguage('fr');
  expect(say('upload.doneHint', { name: 'a {b} : c' })).toContain('«\u00a0a {b} : c\u00a0»');
});

test('a colon stands as each language has it', () => {
  setLanguage('fr');
  expect(say('app.pair', { name: 'Ventes', value: 3 })).toBe('Ventes\u00a0: 3');
  setLanguage('en');
  expect(say('app.pair', { name: 'Sales', value: 3 })).toBe('Sales: 3');
});

test('none is one in French and several in English', () => {
  setLanguage('fr');
  expect(count('memberships.left', 0)).toBe('encore 0 jour');
  expect(count('memberships.left', 2)).toBe('encore 2 jours');
  setLanguage('en');
  expect(count('memberships.left', 0)).toBe('0 days left');
  expect(count('memberships.left', 1)).toBe('1 day left');
});

test('a status or rail that is new to this page is shown by its own name', () => {
  setLanguage('en');
  expect(sayNamed('rail', 'stars')).toBe('Telegram Stars');
  expect(sayNamed('rail', 'shells')).toBe('shells');
});
