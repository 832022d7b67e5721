import { signal } from '@preact/signals';
import { ApiError, isPassing } from '../api/errors.ts';

const LONGEST = 30_000; // milliseconds

/** How many calls are waiting for the network or the store to come back. */
export const waiting = signal(0);

/** How many of these wait because the store is full. */
export const waitingForRoom = signal(0);

/**
 * Resolves when another try makes sense: after a back-off that doubles up to 30 s (with jitter, so that many
 * phones do not return together), or at once when the browser says it is online again.
 * `retryAfter` is in seconds. Raises the signal's reason when it aborts.
 */
export async function waitToRetry(
  attempt: number,
  {
    retryAfter = null,
    abort,
    isFull = false,
  }: { retryAfter?: number | null; abort?: AbortSignal | undefined; isFull?: boolean } = {},
): Promise<void> {
  const backOff = Math.min(LONGEST, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
  const delay = retryAfter === null ? backOff : retryAfter * 1000;
  waiting.value += 1;
  if (isFull) waitingForRoom.value += 1;
  try {
    await rest(delay, abort, 'online');
  } finally {
    waiting.value -= 1;
    if (isFull) waitingForRoom.value -= 1;
  }
}

/** Waits `delay` milliseconds, or until the window hears `cutShort`. Raises the signal's reason when it aborts. */
export function rest(delay: number, abort?: AbortSignal, cutShort?: 'online'): Promise<void> {
  abort?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(finish, delay);
    if (cutShort) addEventListener(cutShort, finish);
    abort?.addEventListener('abort', finish);
    function finish() {
      clearTimeout(timer);
      if (cutShort) removeEventListener(cutShort, finish);
      abort?.removeEventListener('abort', finish);
      if (abort?.aborted) reject(abort.reason);
      else resolve();
    }
  });
}

/** Calls until it succeeds or is refused for good: an upload outlives our restarts and the network's. */
export async function persist<T>(call: () => Promise<T>, abort?: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const retryAfter = error instanceof ApiError ? error.retryAfter : null;
      await waitToRetry(attempt, { retryAfter, abort });
    }
  }
}
