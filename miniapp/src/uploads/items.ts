import { computed, signal } from '@preact/signals';
import type { PaymentPlaces, UploadAnswer } from '../api/types.ts';
import type { TextKey } from '../texts/en.ts';

export type Phase =
  | 'preparing'
  | 'waiting_payment'
  | 'sending'
  | 'paused'
  | 'finishing'
  | 'verifying'
  | 'moderation'
  | 'accepted'
  | 'refused'
  | 'failed'
  | 'needs_file';

/** Phases that closing the page would interrupt. */
const BUSY: Phase[] = ['preparing', 'sending', 'finishing'];

/** One line of the upload queue. Sizes are bytes, speed bytes a second. */
export interface Item {
  id: number;
  name: string;
  size: number;
  type: string;
  product: number;
  purpose: UploadAnswer['purpose'];
  replaces: string | null;
  phase: Phase;
  sent: number;
  speed: number;
  /** The shop's record, once it is open there. */
  upload: UploadAnswer | null;
  notice: TextKey | null;
  /** Why it failed or was refused, fit to be shown. */
  error: string | null;
  pay: PaymentPlaces | null;
  /** The browser may still open the file by itself, once the person allows it. */
  hasHandle: boolean;
}

export interface Target {
  product: number;
  purpose: UploadAnswer['purpose'];
  replaces: string | null;
}

export const items = signal<Item[]>([]);
export const busyCount = computed(() => items.value.filter((item) => BUSY.includes(item.phase)).length);

let count = 0;

export function insert(file: { name: string; size: number; type: string }, target: Target): Item {
  count += 1;
  const item: Item = {
    id: count,
    name: file.name,
    size: file.size,
    type: file.type || 'application/octet-stream',
    ...target,
    phase: 'preparing',
    sent: 0,
    speed: 0,
    upload: null,
    notice: null,
    error: null,
    pay: null,
    hasHandle: false,
  };
  items.value = [...items.value, item];
  return item;
}

export function patch(id: number, change: Partial<Item>): void {
  items.value = items.value.map((item) => (item.id === id ? { ...item, ...change } : item));
}

export function remove(id: number): void {
  items.value = items.value.filter((item) => item.id !== id);
}

export function find(id: number): Item {
  const item = items.value.find((each) => each.id === id);
  if (!item) throw new Error(`no upload ${id} in the queue`);
  return item;
}
