import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/api/errors.ts';
import { PartSigner } from '../../src/uploads/signer.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A shop that signs, and remembers what it was batches. */
function makeShop(expires_in = 300) {
  const batches: number[][] = [];
  const sign = async (upload: string, numbers: number[]) => {
    batches.push(numbers);
    const urls = Object.fromEntries(
      numbers.map((n) => [n, `https://store/${upload}/${n}?turn=${batches.length}`]),
    );
    return { urls, expires_in };
  };
  return { batches, signer: new PartSigner(sign, 32) };
}

const upTo = (count: number) => () => Array.from({ length: count }, (_, index) => index + 1);

test('parts are signed in batches of what is still to be sent', async () => {
  const { batches, signer } = makeShop();
  const urls = await Promise.all(upTo(40)().map((number) => signer.urlFor('u', number, upTo(40))));
  expect(batches.map((batch) => batch.length)).toEqual([32, 8]);
  expect(urls[39]).toBe('https://store/u/40?turn=2');
});

test('a part that the store holds is never signed', async () => {
  const { batches, signer } = makeShop();
  await signer.urlFor('u', 2, () => [2, 5, 9]);
  expect(batches).toEqual([[2, 5, 9]]);
});

test('a URL that is about to expire is signed again before it is used', async () => {
  vi.useFakeTimers();
  const { batches, signer } = makeShop(60);
  await signer.urlFor('u', 1, upTo(2));
  vi.advanceTimersByTime(31_000);
  expect(await signer.urlFor('u', 2, upTo(2))).toBe('https://store/u/2?turn=2');
  expect(batches).toEqual([[1, 2], [2]]);
});

test('URLs that live shorter than the margin are used all the same', async () => {
  const { signer } = makeShop(5);
  expect(await signer.urlFor('u', 1, upTo(1))).toBe('https://store/u/1?turn=1');
});

test('a refused URL is replaced by a new one for the same part', async () => {
  const { signer } = makeShop();
  const url = await signer.urlFor('u', 7, () => []);
  expect(signer.partOf(url)).toMatchObject({ upload: 'u', number: 7 });
  expect(await signer.renew(url)).toBe('https://store/u/7?turn=2');
  expect(() => signer.partOf(url)).toThrow('not signed');
  await expect(signer.renew('https://elsewhere/')).rejects.toThrow('not signed');
});

test('a refusal reaches the caller, and the next try asks again', async () => {
  let refusals = 1;
  const signer = new PartSigner(async (_, [number = 0]) => {
    if (refusals-- > 0) throw new ApiError(402, { detail: 'fee' }, null);
    return { urls: { [number]: 'https://store/1' }, expires_in: 60 };
  }, 32);
  await expect(signer.urlFor('u', 1, () => [])).rejects.toThrow('fee');
  expect(await signer.urlFor('u', 1, () => [])).toBe('https://store/1');
});
