import { useEffect, useState } from 'preact/hooks';

const QUIET = 300; // milliseconds

/** What is being typed, once the typing has paused. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), QUIET);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
