import { useState } from 'preact/hooks';
import { buzz } from '../telegram.ts';

/** A press that asks the API for something: whether it runs, and why it failed. */
export function useActing() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      buzz('success');
    } catch (refusal) {
      buzz('error');
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, act };
}
