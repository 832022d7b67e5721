import type { FingerprintBody } from '../api/types.ts';

const SLICE = 64 * 1024;
const HEAD = 4096;

/**
 * What tells a file from another without reading it whole: size in bytes, modification time and the SHA-256
 * of its first, middle and last 64 KiB. Raises `NotReadableError` (DOMException) when the file has gone.
 */
export async function takeFingerprint(file: File): Promise<FingerprintBody> {
  const middle = Math.max(0, Math.floor((file.size - SLICE) / 2));
  const starts = [0, middle, Math.max(0, file.size - SLICE)];
  const slices = await Promise.all(starts.map((start) => hash(file.slice(start, start + SLICE))));
  return { size: file.size, modified: file.lastModified, slices };
}

/** The first bytes in Base64, by which the shop says no before anything is sent. */
export async function readHead(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}

async function hash(part: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await part.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The same file, unchanged. Its time does not count: Android and iOS hand out a copy with the time of the moment
 * that it was picked at.
 */
export function isSameFile(one: FingerprintBody, other: FingerprintBody): boolean {
  return (
    one.size === other.size &&
    one.slices.length === other.slices.length &&
    one.slices.every((slice, index) => slice === other.slices[index])
  );
}
