import type { SignedParts } from '../api/types.ts';
import { persist } from './retries.ts';

const MARGIN = 30_000; // milliseconds; a URL about to expire is not worth starting a part with

export type SignParts = (upload: string, numbers: number[]) => Promise<SignedParts>;

interface Signed {
  upload: string;
  number: number;
  url: string;
  until: number;
}

/** Gets signed URLs for parts in batches, on demand, and again when they have expired. */
export class PartSigner {
  #sign: SignParts;
  #batch: number;
  #ready = new Map<string, Signed>();
  #requests = new Map<string, Promise<void>>();
  #handedOut = new Map<string, Signed>();

  /** `batch` is how many parts the API signs at once. */
  constructor(sign: SignParts, batch: number) {
    this.#sign = sign;
    this.#batch = batch;
  }

  /** A fresh URL for one part; `missing` are the numbers still to be sent, from which the batch is filled. */
  async urlFor(upload: string, number: number, missing: () => number[]): Promise<string> {
    const key = `${upload}/${number}`;
    for (;;) {
      const signed = this.#ready.get(key);
      if (signed && signed.until - MARGIN > Date.now()) return this.#handOut(key, signed);
      this.#ready.delete(key);
      await (this.#requests.get(key) ?? this.#ask(upload, number, missing()));
    }
  }

  /** A new URL in place of one that the store no longer takes. */
  async renew(url: string): Promise<string> {
    const { upload, number } = this.partOf(url);
    this.#handedOut.delete(url);
    return this.urlFor(upload, number, () => []);
  }

  /** Which part of which upload a URL is for, until it is forgotten or renewed. */
  partOf(url: string): { upload: string; number: number } {
    const signed = this.#handedOut.get(url);
    if (!signed) throw new Error('this URL was not signed for a part');
    return signed;
  }

  /** The part has arrived: its URL is of no more use. */
  forget(url: string): void {
    this.#handedOut.delete(url);
  }

  #handOut(key: string, signed: Signed): string {
    this.#ready.delete(key);
    this.#handedOut.set(signed.url, signed);
    return signed.url;
  }

  #ask(upload: string, number: number, missing: number[]): Promise<void> {
    const isNew = (other: number) => {
      const key = `${upload}/${other}`;
      return other > number && !this.#ready.has(key) && !this.#requests.has(key);
    };
    const numbers = [number, ...missing.filter(isNew)].slice(0, this.#batch);
    const keys = numbers.map((each) => `${upload}/${each}`);
    const request = persist(() => this.#sign(upload, numbers))
      .then(({ urls, expires_in }) => this.#keep(upload, numbers, urls, Date.now() + expires_in * 1000))
      .finally(() => {
        for (const key of keys) this.#requests.delete(key);
      });
    for (const key of keys) this.#requests.set(key, request);
    return request;
  }

  #keep(upload: string, numbers: number[], urls: Record<string, string>, until: number): void {
    for (const number of numbers) {
      const url = urls[number];
      if (!url) throw new Error(`the shop signed no URL for part ${number}`);
      // A server whose URLs live shorter than the margin must not make us ask for ever.
      const usable = Math.max(until, Date.now() + MARGIN + 1000);
      this.#ready.set(`${upload}/${number}`, { upload, number, url, until: usable });
    }
  }
}
