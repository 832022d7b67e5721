import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSameFile, takeFingerprint } from '../../src/uploads/fingerprint.ts';

const KIB = 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function makeFile(size: number, seed = 0): File {
  const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8) + seed) % 256);
  return new File([bytes], 'film.mp4', { lastModified: 1_700_000_000_000 });
}

test('the first, middle and last 64 KiB are hashed', async () => {
  const file = makeFile(1000 * KIB + 1);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const middle = Math.floor((bytes.length - 64 * KIB) / 2);
  expect(await takeFingerprint(file)).toEqual({
    size: 1000 * KIB + 1,
    modified: 1_700_000_000_000,
    slices: [
      sha256(bytes.slice(0, 64 * KIB)),
      sha256(bytes.slice(middle, middle + 64 * KIB)),
      sha256(bytes.slice(-64 * KIB)),
    ],
  });
});

test('a file smaller than one slice is hashed whole, three times the same', async () => {
  const { slices } = await takeFingerprint(makeFile(10));
  expect(new Set(slices).size).toBe(1);
});

test('another size or content is another file', async () => {
  const mark = await takeFingerprint(makeFile(200 * KIB));
  expect(isSameFile(mark, await takeFingerprint(makeFile(200 * KIB)))).toBe(true);
  expect(isSameFile(mark, await takeFingerprint(makeFile(200 * KIB, 1)))).toBe(false);
  expect(isSameFile(mark, { ...mark, size: 1 })).toBe(false);
  expect(isSameFile(mark, { ...mark, slices: mark.slices.slice(1) })).toBe(false);
});

test('the same file picked again is itself, whatever time the phone gives it', async () => {
  const mark = await takeFingerprint(makeFile(200 * KIB));
  expect(isSameFile(mark, { ...mark, modified: 1 })).toBe(true);
});
