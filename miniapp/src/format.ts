import type { PriceBody } from './api/types.ts';
import { type Language, language } from './language.ts';

const STEP = 1000;
const UNITS = {
  en: ['bytes', 'kB', 'MB', 'GB', 'TB'],
  fr: ['octets', 'ko', 'Mo', 'Go', 'To'],
};

/** Currencies that shops take here, with the digits of their minor unit (ISO 4217). */
export const EXPONENTS: Record<string, number> = {
  XTR: 0,
  EUR: 2,
  USD: 2,
  GBP: 2,
  CHF: 2,
  CAD: 2,
  JPY: 0,
  XAF: 0,
  XOF: 0,
};

function number(value: number, digits: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
}

/** Bytes in human units, bytes to TB (A56), in steps of 1,000, as the texts of the bot write them. */
export function formatSize(bytes: number): string {
  let [amount, power] = [bytes, 0];
  for (; amount >= 999.5 && power < 4; power += 1) amount /= STEP;
  return `${number(amount, power > 0 && amount < 99.95 ? 1 : 0)}\u00a0${UNITS[language.value][power]}`;
}

/** Bytes a second as MB/s, the unit that A56 asks for at any speed. */
export function formatSpeed(bytesPerSecond: number): string {
  const unit = language.value === 'fr' ? 'Mo/s' : 'MB/s';
  return `${number(bytesPerSecond / STEP ** 2, 1)}\u00a0${unit}`;
}

/** Seconds as the two largest units that matter: "2 h 5 min", "40 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatCount(count: number): string {
  return number(count, 0);
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent' }).format(Math.floor(share * 100) / 100);
}

export function formatMoney({ amount, currency }: PriceBody): string {
  if (currency === 'XTR') return `${number(amount, 0)} ⭐`;
  const digits = EXPONENTS[currency] ?? 2;
  return new Intl.NumberFormat(language.value, { style: 'currency', currency }).format(amount / 10 ** digits);
}

export function formatDate(moment: string | number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }).format(new Date(moment));
}

/** Day and month of a plain date ("2026-11-20"), which belongs to no time zone. */
export function formatDay(date: string): string {
  const style = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language.value, style).format(new Date(`${date}T00:00:00Z`));
}

/** The month that a plain date begins. */
export function formatMonth(date: string): string {
  const style = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language.value, style).format(new Date(`${date}T00:00:00Z`));
}

/** The month so many months after one: "2026-12" follows "2026-11". */
export function monthAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7);
}

export function formatTime(moment: string): string {
  return new Intl.DateTimeFormat(language.value, { timeStyle: 'short' }).format(new Date(moment));
}

/** A moment of today by its time, an earlier one by its date. */
export function formatRecent(moment: string, now: Date = new Date()): string {
  const today = new Date(moment).toDateString() === now.toDateString();
  return today ? formatTime(moment) : formatDate(moment);
}

/** Groups of thousands and decimals: the signs between them in each language. */
const CONVENTIONS: Record<Language, string> = { en: ',.', fr: ' ,' };
const FORMS = ['', ' ', "'", ',', '.'].flatMap((group) =>
  ['.', ',']
    .filter((point) => point !== group)
    .map((point) => {
      const whole = group ? `[1-9]\\d{0,2}(?:[${group}]\\d{3})+` : '\\d{1,12}';
      return { name: group + point, form: new RegExp(`^(${whole})(?:[${point}](\\d{1,3}))?$`) };
    }),
);

/** With ASCII digits, one kind of space and of apostrophe, and nothing invisible. */
function plainAmount(text: string): string {
  return text
    .replace(/\p{No}/gu, '?') // "1²" is not 12
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[٬’ʼ`]/g, "'")
    .replace(/٫/g, '.')
    .replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)))
    .trim();
}

/** Unicode gives each script's ten digits ten places in a row. */
function digitOf(digit: string): number {
  const place = digit.codePointAt(0) ?? 0;
  let zero = place;
  while (place - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return place - zero;
}

/**
 * What a person typed ("9,99", "1 000,50") in minor units; both readings where it can be read in two ways that
 * the reader's language does not tell apart; null when it is no amount above zero.
 */
export function parseAmount(text: string, currency: string): number | [number, number] | null {
  const digits = EXPONENTS[currency] ?? 2;
  const readings = new Set<number>();
  const plain = plainAmount(text);
  for (const { name, form } of FORMS) {
    const match = form.exec(plain);
    const fraction = match?.[2] ?? '';
    if (!match?.[1]) continue;
    const amount = Number(match[1].replace(/\D/g, '') + fraction.slice(0, digits).padEnd(digits, '0'));
    const fits = amount > 0 && amount <= 1e15 && !/[1-9]/.test(fraction.slice(digits));
    if (fits && name === CONVENTIONS[language.value] && fraction.length <= digits) return amount;
    if (fits || digits > 0) readings.add(fits ? amount : 0);
  }
  const [first, second] = [...readings].sort((one, other) => one - other);
  if (!first) return null;
  return second === undefined ? first : [first, second];
}

/** Minor units as a person would type them: 999 EUR is "9.99". */
export function writeAmount({ amount, currency }: PriceBody): string {
  const digits = EXPONENTS[currency] ?? 2;
  return (amount / 10 ** digits).toFixed(digits);
}
