import type { FingerprintBody } from '../api/types.ts';

const SLICE = 64 * 1024;

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

async function hash(part: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await part.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same file, unchanged. */
export function isSameFile(one: FingerprintBody, other: FingerprintBody): boolean {
  return (
    one.size === other.size &&
    one.modified === other.modified &&
    one.slices.length === other.slices.length &&
    one.slices.every((slice, index) => slice === other.slices[index])
  );
}
