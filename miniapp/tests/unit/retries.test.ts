import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, NoAnswer } from '../../src/api/errors.ts';
import { persist, waiting } from '../../src/uploads/retries.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('no answer, 429 and 503 are tried again until it works', async () => {
  const failures = [new NoAnswer('gone'), new ApiError(429, {}, 2), new ApiError(503, {}, null)];
  const call = async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return 'done';
  };
  const result = persist(call);
  await vi.runAllTimersAsync();
  expect(await result).toBe('done');
  expect(waiting.value).toBe(0);
});

test('Retry-After is obeyed', async () => {
  let calls = 0;
  const result = persist(async () => {
    calls += 1;
    if (calls === 1) throw new ApiError(429, {}, 10);
    return calls;
  });
  await vi.advanceTimersByTimeAsync(9_900);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await result).toBe(2);
});

test('coming online ends the wait at once', async () => {
  let calls = 0;
  const result = persist(async () => {
    calls += 1;
    if (calls === 1) throw new NoAnswer('gone');
    return calls;
  });
  await vi.advanceTimersByTimeAsync(1);
  expect(waiting.value).toBe(1);
  dispatchEvent(new Event('online'));
  expect(await result).toBe(2);
});

test('a refusal is final', async () => {
  await expect(persist(() => Promise.reject(new ApiError(403, {}, null)))).rejects.toThrow('HTTP 403');
});

test('an abort ends the wait', async () => {
  const controller = new AbortController();
  const result = persist(() => Promise.reject(new NoAnswer('gone')), controller.signal);
  const outcome = expect(result).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(1);
  controller.abort();
  await outcome;
  expect(waiting.value).toBe(0);
});
